"""`procure worker`, `procure doctor`, `procure outbox` and `procure cpv`."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.catalogue import cpv
from procure.desk import checks
from procure.desk import worker as loop
from procure.infra import outbox as letters


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


@click.command(help="Shows the messages kept or sent, the newest first; with NUMBER one of them, whole.")
@click.argument("number", type=int, required=False)
@with_appcontext
def outbox(number: int | None) -> None:
    if number is None:
        for letter in letters.newest():
            click.echo(f"{letter.id:>6}  {_fate(letter):<8}  {letter.recipient:<32}  {letter.subject}")
        return
    found = letters.message(number)
    if found is None:
        raise click.UsageError(f"no message has the number {number}: procure outbox lists them")
    click.echo(f"To: {found.recipient}\nSubject: {found.subject}\n\n{found.body}")


def _fate(letter: letters.OutboxMessage) -> str:
    if letter.sent_at is not None:
        return "sent"
    return "waits" if letter.next_try_at is not None else "parked"


@click.command(name="cpv", help="Takes the official CPV list into use: a CSV file with the columns code, en, fi, sv.")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--digits", type=click.Path(path_type=Path), help="A CSV file with the columns code, check_digit.")
def import_cpv(source: Path, digits: Path | None) -> None:
    cpv.OFFICIAL.parent.mkdir(parents=True, exist_ok=True)
    try:
        count = cpv.import_official(source, digits, cpv.OFFICIAL)
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from error
    click.echo(f"{count} codes")
