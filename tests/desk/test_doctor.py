"""`procure doctor` finds what is wrong and names it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from procure.config import Settings
from procure.desk import checks
from procure.desk.commands import doctor
from procure.infra import clock, outbox
from procure.infra.db import db, writing
from tests.infra import clamav, s3, sealing, smtp

Visit = Callable[..., dict[str, str]]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """What the doctor says, name -> line, with other settings where given."""
    good = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}", "SECRET_KEY": "a key for tests only",
        "PUBLIC_URL": "http://127.0.0.1:8000", "MAIL_URL": "", "STORAGE_URL": f"file://{tmp_path / 'storage'}", "PORT": "",
        "CLAMAV_URL": "", "SEAL_CERTIFICATE": "", "SEAL_PASSWORD": "", "SEAL_TIMESTAMP_URL": "", "SEAL_TRUST": "",
    }  # fmt: skip
    monkeypatch.setattr(checks, "pdf", lambda: "not looked at here")

    def visit(**changes: str) -> dict[str, str]:
        for name, value in {**good, **changes}.items():
            monkeypatch.setenv(name, value)
        result: Result = CliRunner().invoke(doctor, obj=None)
        lines = {line.split()[1]: line for line in result.stdout.splitlines()}
        assert result.exit_code == int(any(line.startswith("FAIL") for line in lines.values()))
        return lines

    return visit


def address(app: Flask) -> str:
    settings: Settings = app.config["SETTINGS"]
    return settings.database_url


def put(app: Flask, age: timedelta = timedelta()) -> None:
    with app.app_context(), writing():
        outbox.put("one", "officer@tampere.example", "About one", "Hei!\n", "fi", clock.now() - age)
        db.session.commit()


def test_a_house_in_order_gets_a_line_for_everything(visit: Visit, database: str) -> None:
    lines = visit(DATABASE_URL=database)
    server = database.startswith("postgresql")

    assert list(lines) == [
        "settings", "catalogue", "interface", "translations", "fonts", "pdf", "storage", "scanner", "seal", "mail", "database",
        "migrations", "outbox", "reminders",
    ]  # fmt: skip
    assert lines["database"].startswith(f"ok   database     {'PostgreSQL' if server else 'SQLite'} ")
    assert lines["migrations"].startswith("ok ")
    assert lines["outbox"] == "ok   outbox       nothing waits"
    assert lines["reminders"] == "ok   reminders    no reminders have been made yet"


def test_a_missing_setting_is_named(visit: Visit) -> None:
    lines = visit(DATABASE_URL="postgresql://nobody@127.0.0.1/none", SECRET_KEY="")

    assert lines["settings"].startswith("FAIL settings     SECRET_KEY is missing")


def test_migrations_that_were_not_run_are_counted(visit: Visit) -> None:
    assert visit()["migrations"].endswith("not run: run procure migrate")


def test_a_database_that_does_not_answer_is_one_line_and_hides_nothing_else(visit: Visit) -> None:
    lines = visit(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{smtp.free_port()}/none")

    assert lines["database"].startswith("FAIL database")
    assert lines["storage"].startswith("ok ")
    assert "outbox" not in lines


def test_a_folder_that_cannot_be_written_is_named(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    lines = visit(STORAGE_URL=f"file://{tmp_path / 'file' / 'storage'}")

    assert lines["storage"].startswith(f"FAIL storage      {tmp_path / 'file' / 'storage'} cannot be written")


def test_a_store_of_objects_is_written_and_read(visit: Visit) -> None:
    with s3.serving() as server:
        assert (
            visit(STORAGE_URL=server.url)["storage"]
            == f"ok   storage      procure at 127.0.0.1:{server.port} can be written and read"
        )
    away = visit(STORAGE_URL=server.url)["storage"]
    assert away.startswith(f"FAIL storage      procure at 127.0.0.1:{server.port} cannot be written and read")


def test_a_virus_scanner_is_asked_and_without_one_it_is_said(visit: Visit) -> None:
    assert visit()["scanner"] == "ok   scanner      files are not scanned: CLAMAV_URL is not set"
    with clamav.speaking() as server:
        assert visit(CLAMAV_URL=server.url)["scanner"].startswith("ok   scanner      ClamAV 1.")
    assert visit(CLAMAV_URL=server.url)["scanner"].startswith("FAIL scanner      CLAMAV_URL: ConnectionRefusedError")


def test_without_a_mail_server_it_is_said_that_nothing_leaves(visit: Visit, own_app: Flask) -> None:
    put(own_app, timedelta(days=3))
    lines = visit(DATABASE_URL=address(own_app))

    assert lines["mail"] == "ok   mail         messages are kept, none leaves: MAIL_URL is not set"
    assert lines["outbox"] == "ok   outbox       1 kept"


def test_a_mail_server_is_asked(visit: Visit) -> None:
    with smtp.serving() as server:
        assert visit(MAIL_URL=server.url)["mail"] == "ok   mail         127.0.0.1 answers"
    assert visit(MAIL_URL=server.url)["mail"].startswith("FAIL mail         127.0.0.1 (MAIL_URL): ConnectionRefusedError")


def test_the_certificate_and_the_time_stamp_service_are_really_tried(visit: Visit, tmp_path: Path) -> None:
    house, now = sealing.authority(), clock.now()
    good = {"SEAL_CERTIFICATE": str(house.archive(tmp_path)), "SEAL_PASSWORD": sealing.PASSWORD}
    until = f"{now + sealing.YEAR:%Y-%m-%d}"
    trust = tmp_path / "trust.pem"
    trust.write_bytes(house.pem)

    assert visit()["seal"] == "ok   seal         documents are not sealed: SEAL_CERTIFICATE is not set"
    assert visit(**good)["seal"] == (
        f"ok   seal         {sealing.CITY}, valid until {until}; B-B, without a time stamp: SEAL_TIMESTAMP_URL is not set"
    )
    with sealing.stamping(house) as service:
        line = visit(**good, SEAL_TIMESTAMP_URL=service.url, SEAL_TRUST=str(trust))["seal"]
        assert line == f"ok   seal         {sealing.CITY}, valid until {until}; B-T, with a time stamp, 1 more trusted"
        service.trouble = "status"
        line = visit(**good, SEAL_TIMESTAMP_URL=service.url, SEAL_TRUST="")["seal"]
        assert line.startswith("FAIL seal         SEAL_TIMESTAMP_URL: the time stamp service does not answer")
    assert sealing.PASSWORD not in line


def test_what_is_wrong_with_the_certificate_is_named(visit: Visit, tmp_path: Path) -> None:
    house, now = sealing.authority(), clock.now()
    good, old = house.archive(tmp_path), house.archive(tmp_path, ends=now - timedelta(days=3))
    soon = house.archive(tmp_path, ends=now + timedelta(days=20, hours=1))

    def line(path: Path, password: str = sealing.PASSWORD, **more: str) -> str:
        return visit(SEAL_CERTIFICATE=str(path), SEAL_PASSWORD=password, **more)["seal"]

    assert line(tmp_path / "none.p12").endswith("none.p12 cannot be read: No such file or directory")
    assert "SEAL_PASSWORD does not open the certificate file" in line(good, "wrong")
    assert line(old).startswith("FAIL seal         SEAL_CERTIFICATE: the certificate expired on ")
    assert "only 20 days left: get a new one" in line(soon)
    assert line(good, SEAL_TRUST=str(good)).startswith("FAIL seal         SEAL_TRUST: ")


def test_messages_that_have_waited_too_long_are_a_failure(visit: Visit, own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    put(own_app, timedelta(minutes=7))
    with smtp.serving() as server:
        late = visit(DATABASE_URL=address(own_app), MAIL_URL=server.url)["outbox"]
        monkeypatch.setattr(checks, "OLD", timedelta(minutes=8))
        early = visit(DATABASE_URL=address(own_app), MAIL_URL=server.url)["outbox"]

    assert late == "FAIL outbox       1 waiting, the oldest for 7 minutes: does procure worker run?"
    assert early == "ok   outbox       1 waiting"


def test_a_parked_message_is_a_failure(visit: Visit, own_app: Flask) -> None:
    put(own_app)
    with own_app.app_context():
        now = clock.now()
        for _ in range(outbox.MOST_TRIES):
            message = outbox.claim(now)
            assert message is not None
            outbox.mark_failed(message, "550 no", now)
            now += timedelta(days=1)

    assert visit(DATABASE_URL=address(own_app))["outbox"] == "FAIL outbox       1 parked after 10 tries, 0 waiting"


def test_what_was_not_built_is_named(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BUILT", ("not-built.css",))

    assert visit()["interface"] == "FAIL interface    not-built.css not built: run make setup"


def test_a_font_that_a_style_sheet_names_and_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.fonts() == "those of pages and documents"
    monkeypatch.setattr(checks, "STATIC", tmp_path)
    faces = "@font-face { src: url(fonts/there.woff2) } @font-face { src: url('fonts/gone.woff2') }"
    (tmp_path / "print.css").write_text(faces, encoding="utf-8")
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "there.woff2").touch()
    with pytest.raises(checks.Fails, match=r"1 of 2 not there, such as fonts/gone.woff2: run make setup"):
        checks.fonts()


def test_a_tiny_document_is_really_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.pdf() == "a document can be made"
    monkeypatch.setattr(checks, "TINY_PDF", "import sys; sys.exit('no fonts at all')")
    with pytest.raises(checks.Fails, match="no fonts at all"):
        checks.pdf()
