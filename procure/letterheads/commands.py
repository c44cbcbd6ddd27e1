"""`procure verify`: whether the storage still has every logo, and as it was."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.attachments.commands import fault_of
from procure.infra.storage import storage_at
from procure.letterheads import queries


@click.command(help="Reads every logo in the storage and compares it with its SHA-256; status 1 when one is lost or changed.")
@with_appcontext
def verify() -> None:
    storage = storage_at(current_app.config["SETTINGS"].storage_url)
    rows = queries.stored()
    faults = [(row.storage_key, fault) for row in rows if (fault := fault_of(storage, row.storage_key, row.sha256))]
    for key, fault in faults:
        click.echo(f"{key}  {fault}")
    click.echo(f"{len(rows)} logos, {len(faults)} faults", err=True)
    if faults:
        sys.exit(1)
