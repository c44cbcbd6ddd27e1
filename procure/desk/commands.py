"""`procure worker` and `procure doctor`."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.desk import checks
from procure.desk import worker as loop


@click.command(help="Sends mail and does slow work, round after round; SIGTERM ends it between two messages.")
@click.option("--once", is_flag=True, help="Do what is due now, then end; status 1 when something was in the way.")
@click.option("--beside", type=int, metavar="PID", help="End when that process, which started this one, has ended.")
@with_appcontext
def worker(once: bool, beside: int | None) -> None:
    settings = current_app.config["SETTINGS"]
    if not once:
        loop.run(settings, loop.Ending(beside), _tell)
        return
    what, detail = loop.one_round(settings, loop.Ending(beside))
    if what:
        _tell(f"{what} ({detail})")
        sys.exit(1)


def _tell(text: str) -> None:
    click.echo(f"procure worker: {text}", err=True)


@click.command(help="Checks everything Procure needs, one line each; status 1 when something fails.")
def doctor() -> None:
    failed = False
    for finding in checks.all_findings():
        failed |= not finding.good
        click.echo(f"{'ok  ' if finding.good else 'FAIL'} {finding.name:<12} {finding.text}")
    if failed:
        sys.exit(1)
