"""`procure figures`: every kept figure made again."""

import click
from flask.cli import with_appcontext

from procure.figures import service
from procure.infra import clock


@click.command("figures", help="Counts the figures on expert support again, all of them; the worker does it once a day.")
@with_appcontext
def recount() -> None:
    service.count_all(clock.now())
    click.echo("Figures counted.")
