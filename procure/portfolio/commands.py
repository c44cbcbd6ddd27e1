"""`procure portfolio`: every kept figure of the cities' cases made again."""

import click
from flask.cli import with_appcontext

from procure.infra import clock
from procure.portfolio import service


@click.command("portfolio", help="Measures and counts every city's cases again, all of them; the worker keeps them up to date.")
@with_appcontext
def recount() -> None:
    service.count_all(clock.now())
    click.echo("Portfolio counted.")
