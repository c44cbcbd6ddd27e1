"""What `procure doctor` looks at. Each check answers one line and stands alone: one that fails hides no other."""

import os
import re
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from procure import config
from procure.catalogue import documents, organisations, procedures, questions
from procure.catalogue.reading import CatalogueError
from procure.config import ROOT, SettingMissing, Settings
from procure.desk import reminding
from procure.infra import certificate, clock, mail, migrations, outbox, seal
from procure.infra.building import LIBRARIES, newest_migrations, translations
from procure.infra.certificate import CertificateUnusable
from procure.infra.db import db
from procure.infra.scanner import ScannerAway, scanner_at
from procure.infra.seal import SealFailed
from procure.infra.storage import StorageFailed, storage_at

STATIC: Final = ROOT / "procure" / "static"
BUILT: Final = ("theme.css", "app.js", "vendor/govuk-frontend.min.js")
SHEETS: Final = ("theme.css", "print.css")
FONT: Final = re.compile(r"""url\(["']?(fonts/[\w.-]+)""")
OLD: Final = timedelta(minutes=5)
SOON: Final = timedelta(days=60)
TINY_PDF: Final = "from weasyprint import HTML; assert HTML(string='<p>ok').write_pdf().startswith(b'%PDF')"
PDF_SECONDS: Final = 60


class Fails(Exception):
    """The check fails; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    good: bool
    text: str


def all_findings() -> Iterator[Finding]:
    """Every check in its order, each as soon as it is known. Settings that cannot be read leave the checks that need none."""
    settings: Settings | None = None
    try:
        settings = config.from_environment()
        yield Finding("settings", True, _described(settings))
    except SettingMissing as error:
        yield Finding("settings", False, str(error))
    for name, check in (
        ("catalogue", catalogue),
        ("interface", interface),
        ("translations", compiled),
        ("fonts", fonts),
        ("pdf", pdf),
    ):
        yield _tried(name, check)
    if settings is None:
        return
    yield _tried("storage", lambda: storage(settings))
    yield _tried("scanner", lambda: scanner(settings))
    yield _tried("seal", lambda: seals(settings))
    yield _tried("mail", lambda: mail_server(settings))
    with _small_app(settings).app_context():
        reachable = _tried("database", database)
        yield reachable
        if reachable.good:
            yield _tried("migrations", up_to_date)
            yield _tried("outbox", lambda: letters(settings))
            yield _tried("reminders", reminders)
        db.session.remove()
        db.engine.dispose()


def _tried(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except (Fails, CatalogueError, OSError, SQLAlchemyError, smtplib.SMTPException) as error:
        return Finding(name, False, " ".join(str(getattr(error, "orig", None) or error).split()))


def _described(settings: Settings) -> str:
    kind = "embedded database" if settings.embedded else "database server"
    return f"{kind}, people reach it at {settings.public_url}"


def _small_app(settings: Settings) -> Flask:
    """Just enough to reach the database: the service itself may be what does not start."""
    app = Flask("procure")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    return app


def catalogue() -> str:
    for part in (procedures, documents, questions, organisations):
        part.catalogue()
    return f"{len(questions.catalogue().latest.questions)} questions, {len(tuple(procedures.catalogue().choosable()))} procedures"


def interface() -> str:
    missing = [name for name in BUILT if not (STATIC / name).is_file()]
    if missing:
        raise Fails(f"{', '.join(missing)} not built: run make setup")
    return "style sheet and scripts are built"


def compiled() -> str:
    found = translations()
    stale = [
        path
        for path in found
        if not path.with_suffix(".mo").is_file() or os.path.getmtime(path.with_suffix(".mo")) < os.path.getmtime(path)
    ]
    if stale or not found:
        raise Fails("not compiled: run make setup" if stale else "none are there")
    return ", ".join(sorted(path.parent.parent.name for path in found))


def fonts() -> str:
    named = {name for sheet in SHEETS if (STATIC / sheet).is_file() for name in FONT.findall((STATIC / sheet).read_text("utf-8"))}
    missing = sorted(name for name in named if not (STATIC / name).is_file())
    if missing:
        raise Fails(f"{len(missing)} of {len(named)} not there, such as {missing[0]}: run make setup")
    return "those of pages and documents"


def pdf() -> str:
    missing = [package for library, package in LIBRARIES.items() if not find_library(library)]
    if missing:
        raise Fails(f"missing {', '.join(missing)}: run apt-get install {' '.join(missing)}")
    try:
        result = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", TINY_PDF], capture_output=True, text=True, timeout=PDF_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Fails(f"a tiny document took more than {PDF_SECONDS} s") from error
    if result.returncode:
        raise Fails((result.stderr.strip().splitlines() or ["no reason given"])[-1])
    return "a document can be made"


def storage(settings: Settings) -> str:
    try:
        return storage_at(settings.storage_url).check()
    except (StorageFailed, ValueError) as error:
        raise Fails(str(error)) from error


def scanner(settings: Settings) -> str:
    found = scanner_at(settings.clamav_url)
    if found is None:
        return "files are not scanned: CLAMAV_URL is not set"
    try:
        return found.version()
    except ScannerAway as error:
        raise Fails(f"CLAMAV_URL: {error}") from error


def seals(settings: Settings) -> str:
    """Seals a page of nothing: then file, password, key, day and time stamp service are all as they should be."""
    means = seal.means_of(settings)
    if means.trust is not None:
        try:
            trusted = f", {len(certificate.roots(means.trust))} more trusted"
        except CertificateUnusable as error:
            raise Fails(f"SEAL_TRUST: {error}") from error
    else:
        trusted = ""
    if means.certificate is None:
        return f"documents are not sealed: SEAL_CERTIFICATE is not set{trusted}"
    try:
        found = certificate.read(certificate.content_of(means.certificate), means.password)
        made = seal.sealed_with(means, b"", "procure doctor")
    except CertificateUnusable as error:
        raise Fails(f"SEAL_CERTIFICATE: {error}") from error
    except SealFailed as error:
        raise Fails(f"{'SEAL_TIMESTAMP_URL' if error.reason == 'timestamp' else 'SEAL_CERTIFICATE'}: {error}") from error
    left = found.valid_until - datetime.now(UTC)
    soon = f", only {left.days} days left: get a new one" if left < SOON else ""
    stamped = "with a time stamp" if settings.seal_timestamp_url else "without a time stamp: SEAL_TIMESTAMP_URL is not set"
    return f"{made.by}, valid until {found.valid_until:%Y-%m-%d}{soon}; {made.level}, {stamped}{trusted}"


def mail_server(settings: Settings) -> str:
    if not settings.mail_url:
        return "messages are kept, none leaves: MAIL_URL is not set"
    host = urlsplit(settings.mail_url).hostname
    try:
        server = mail.connect(settings)
        with server:
            code, _ = server.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise Fails(f"{host} (MAIL_URL): {type(error).__name__}: {error}") from error
    if code != 250:
        raise Fails(f"{host} (MAIL_URL) answers {code}")
    return f"{host} answers"


def database() -> str:
    if db.engine.dialect.name == "sqlite":
        version, journal, keys = (
            db.session.scalar(text(question))
            for question in ("SELECT sqlite_version()", "PRAGMA journal_mode", "PRAGMA foreign_keys")
        )
        if journal != "wal" or keys != 1:
            raise Fails(f"SQLite {version}: journal {journal} should be wal, foreign keys {keys} should be 1")
        return f"SQLite {version}, write-ahead log, foreign keys checked"
    return f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}"


def up_to_date() -> str:
    pending = migrations.pending()
    if pending:
        raise Fails(f"{len(pending)} not run: run procure migrate")
    return f"up to date ({', '.join(sorted(newest_migrations()))})"


def letters(settings: Settings) -> str:
    """Messages that a mail server should have had by now."""
    found = outbox.waiting()
    if found.parked:
        raise Fails(f"{found.parked} parked after {outbox.MOST_TRIES} tries, {found.messages - found.parked} waiting")
    if found.oldest is None:
        return "nothing waits"
    if not settings.mail_url:
        return f"{found.messages} kept"
    age = clock.now() - found.oldest
    if age > OLD:
        raise Fails(
            f"{found.messages} waiting, the oldest for {int(age.total_seconds() // 60)} minutes: does procure worker run?"
        )
    return f"{found.messages} waiting"


def reminders() -> str:
    """Reminders and digests that the worker should have made by now."""
    try:
        return reminding.late(clock.now())
    except reminding.Late as error:
        raise Fails(str(error)) from error
