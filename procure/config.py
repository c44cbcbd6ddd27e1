"""Every setting, typed, from the environment. Nothing else reads the environment.

Defaults suit one machine with the embedded database. With any other database `SECRET_KEY` and `PUBLIC_URL` are required: a service
that guesses its own key or address is not safe to start.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MOST_PDF_WORKERS = 16
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class SettingMissing(Exception):
    """A setting is missing or unusable; the message names it and says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: str
    secret_key: str
    public_url: str
    """Where people reach the service, without a trailing slash: links in mail are built from it."""
    mail_url: str
    """`smtp://host:port`; empty: messages are kept and shown, none leaves."""
    storage_url: str
    """`file:///folder`, or `s3://key:secret@host:port/bucket`."""
    redis_url: str
    demo_password: str
    instance: Path
    port: int = 8000
    clamav_url: str = ""
    """`tcp://host:port` or `unix:///path`; empty: files are not scanned, and the pages say so."""
    reply_domain: str = ""
    """The mail domain at which answers to letters are read (`procure receive-mail`); empty: letters name no such address."""

    seal_certificate: str = ""
    """Path of a PKCS#12 file: issued documents are sealed with it; empty: they are not, and the pages say so."""
    seal_password: str = field(default="", repr=False)
    seal_timestamp_url: str = field(default="", repr=False)
    """Of a time stamp service (RFC 3161); empty: seals are of level B-B, without a time stamp."""
    seal_trust: str = ""
    """Path of a PEM file with certificates that are trusted when a seal is looked at, beside those in the PKCS#12 file."""

    pdf_workers: int = 1
    """How many processes make documents for one web process."""

    @property
    def embedded(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach the service over HTTPS; decides the cookie's name and its Secure mark."""
        return urlsplit(self.public_url).scheme == "https"


def from_environment(environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """The settings that hold for this process. Raises SettingMissing."""
    instance = root / "instance"
    database_url = _database_url(environment.get("DATABASE_URL", ""), instance)
    embedded = database_url.startswith("sqlite")
    secret_key = environment.get("SECRET_KEY", "")
    if not secret_key and not embedded:
        raise SettingMissing("SECRET_KEY is missing: set it to a long random text, the same for every process")
    if secret_key and len(secret_key) < 16:
        raise SettingMissing("SECRET_KEY is too short: at least 16 characters")
    public_url = environment.get("PUBLIC_URL", "").rstrip("/")
    if not public_url and not embedded:
        raise SettingMissing("PUBLIC_URL is missing: set it to the address people use, such as https://procure.example.fi")
    port = _port(environment.get("PORT", ""))
    mail_url = environment.get("MAIL_URL", "")
    if mail_url and urlsplit(mail_url).scheme not in ("smtp", "smtps"):
        raise SettingMissing("MAIL_URL must begin with smtp:// or smtps://")
    storage_url = environment.get("STORAGE_URL", "") or f"file://{instance / 'storage'}"
    if urlsplit(storage_url).scheme not in ("file", "s3"):
        raise SettingMissing("STORAGE_URL must begin with file:// or s3://")
    clamav_url = environment.get("CLAMAV_URL", "")
    if clamav_url and urlsplit(clamav_url).scheme not in ("tcp", "unix"):
        raise SettingMissing("CLAMAV_URL must begin with tcp:// or unix://")
    reply_domain = environment.get("REPLY_DOMAIN", "").strip().lower()
    if reply_domain and not DOMAIN.fullmatch(reply_domain):
        raise SettingMissing("REPLY_DOMAIN must be a mail domain, such as reply.procure.example.fi")
    timestamp_url = environment.get("SEAL_TIMESTAMP_URL", "")
    if timestamp_url and (urlsplit(timestamp_url).scheme not in ("http", "https") or not urlsplit(timestamp_url).hostname):
        raise SettingMissing("SEAL_TIMESTAMP_URL must be the http or https address of a time stamp service (RFC 3161)")
    if timestamp_url and not environment.get("SEAL_CERTIFICATE", ""):
        raise SettingMissing("SEAL_CERTIFICATE is missing: SEAL_TIMESTAMP_URL alone seals nothing")
    return Settings(
        database_url=database_url,
        secret_key=secret_key or kept_secret(instance / "secret-key"),
        public_url=public_url or f"http://127.0.0.1:{port}",
        mail_url=mail_url,
        storage_url=storage_url,
        redis_url=environment.get("REDIS_URL", ""),
        demo_password=environment.get("DEMO_PASSWORD", ""),
        instance=instance,
        port=port,
        clamav_url=clamav_url,
        reply_domain=reply_domain,
        seal_certificate=environment.get("SEAL_CERTIFICATE", ""),
        seal_password=environment.get("SEAL_PASSWORD", ""),
        seal_timestamp_url=timestamp_url,
        seal_trust=environment.get("SEAL_TRUST", ""),
        pdf_workers=_pdf_workers(environment.get("PDF_WORKERS", "")),
    )


def _database_url(given: str, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance / 'procure.db'}"
    scheme, separator, rest = given.partition("://")
    if not separator:
        raise SettingMissing("DATABASE_URL must look like postgresql://user:password@host/database")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return given


def _port(given: str) -> int:
    if not given:
        return 8000
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise SettingMissing("PORT must be a number from 1 to 65535")
    return int(given)


def _pdf_workers(text: str) -> int:
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST_PDF_WORKERS:
        raise SettingMissing(f"PDF_WORKERS must be a number from 1 to {MOST_PDF_WORKERS}")
    return int(text)


def kept_secret(path: Path, length: int = 32) -> str:
    """A random text that is made once and kept in a file only its owner may read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(length))
        except FileExistsError:
            pass  # another process made it in the same moment: use that one
    return path.read_text(encoding="ascii").strip()
