"""`procure verify`: whether the storage still has every file, and as it was."""

import hashlib
import sys
from contextlib import closing

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.attachments import queries
from procure.infra.storage import PIECE, Readable, Storage, StorageFailed, storage_at


@click.command(
    help="Reads every attachment in the storage and compares it with its SHA-256; status 1 when one is lost or changed."
)
@with_appcontext
def verify() -> None:
    storage = storage_at(current_app.config["SETTINGS"].storage_url)
    rows = queries.stored()
    faults = [(row.storage_key, fault) for row in rows if (fault := fault_of(storage, row.storage_key, row.sha256))]
    for key, fault in faults:
        click.echo(f"{key}  {fault}")
    click.echo(f"{len(rows)} files, {len(faults)} faults", err=True)
    if faults:
        sys.exit(1)


def fault_of(storage: Storage, key: str, sha256: str) -> str:
    """What is wrong with the file; "" when nothing is."""
    try:
        with closing(storage.open(key)) as stream:
            return "" if _digest(stream) == sha256 else "changed"
    except (StorageFailed, ValueError) as error:
        return str(error)


def _digest(stream: Readable) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
