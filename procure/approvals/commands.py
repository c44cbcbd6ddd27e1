"""Part of `procure verify`: are the approvals those of the cases' histories?"""

import sys

import click
from flask.cli import with_appcontext

from procure.approvals import verifying
from procure.infra.db import db


@click.command("verify-approvals")
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@with_appcontext
def verify(references: tuple[str, ...]) -> None:
    """Compare the approvals of every case, or of those named, with what its history says. One line for each case that differs."""
    found = 0
    for difference in verifying.differences(db.session.connection(), references):
        found += 1
        what = f"approval {difference.number} is not what the entries say" if difference.number else "the entries cannot be read"
        click.echo(f"{difference.reference} {what}")
    if found:
        sys.exit(1)
