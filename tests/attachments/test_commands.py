"""`procure verify` reads what is in the storage and says what is lost or changed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from procure.accounts.models import Person
from procure.attachments.commands import verify
from procure.attachments.models import AttachmentVersion
from procure.cases.models import Case
from procure.infra.db import db
from tests.attachments.builders import attach, attach_version
from tests.attachments.files import pdf


@pytest.fixture
def files(app: Flask, case: Case, people: dict[str, Person]) -> list[Path]:
    """Where the storage has the two versions of an attachment."""
    made = attach(case, people["officer"], content=pdf("to be verified"))
    attach_version(case, made, people["officer"], pdf("to be verified too"))
    folder = Path(app.config["SETTINGS"].storage_url.removeprefix("file://"))
    keys = db.session.scalars(db.select(AttachmentVersion.storage_key).order_by(AttachmentVersion.id))
    return [folder / key[:2] / key for key in keys]


def run(app: Flask) -> Result:
    return CliRunner().invoke(verify, obj=ScriptInfo(create_app=lambda: app))


def test_a_storage_in_order_has_no_faults(app: Flask, files: list[Path]) -> None:
    result = run(app)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "2 files, 0 faults\n")


def test_a_changed_file_and_a_lost_one_are_named(app: Flask, files: list[Path]) -> None:
    kept = [path.read_bytes() for path in files]
    files[0].write_bytes(kept[0] + b" ")
    files[1].unlink()
    try:
        result = run(app)
    finally:
        for path, content in zip(files, kept, strict=True):
            path.write_bytes(content)

    assert result.exit_code == 1
    assert f"{files[0].name}  changed\n" in result.stdout
    assert f"{files[1].name}  {files[1].name[:12]} is not in" in result.stdout
    assert result.stderr == "2 files, 2 faults\n"
