"""`procure dossiers`: makes what has been asked for."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.documents import dossier_making
from procure.infra import clock
from procure.infra.storage import storage_at


@click.command(name="dossiers", help="Makes the dossiers that have been asked for and are due, as the worker does; then ends.")
@with_appcontext
def make_dossiers() -> None:
    what, detail = dossier_making.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now)
    if what:
        click.echo(f"procure dossiers: {what} ({detail})", err=True)
        sys.exit(1)
