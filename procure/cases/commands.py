"""`procure verify`: does the history of every case hold?"""

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, TextIO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, create_engine, select

from procure.cases import verifying
from procure.cases.models import Case
from procure.cases.verifying import Checked, Derived
from procure.domain import exported
from procure.domain.trail import Break
from procure.infra.db import db

WORKERS: Final = 2
MANY: Final = 10
"""Reads from which on it pays to start processes."""
EVERY_SECONDS: Final = 2

DIFFERENCES: Final = {
    "sequence": "an entry is missing or stands twice",
    "hash": "the entry is not what was recorded: its hash does not follow from the one before",
    "unreadable": "the entry cannot have been recorded so",
    "old_answer": "the answer before is not the one that was there",
    "correction": "the correction does not fit the entry that it corrects",
    "end": "the case knows of another last entry than its log has",
    "other": "the database has another entry, or none, where the export has this one",
    "answer": "the answer stored is not the one recorded",
    "version": "the answer was stored more or fewer times than recorded",
    "saved": "the answer was stored by somebody else, or at another time, than recorded",
    "procedure": "the procedure stored is not the one recorded",
    "stage": "the stage stored is not the one that the log gives",
    "stage_entered_on": "the stage's date stored is not the one that the log gives",
    "state": "the state stored (on hold, cancelled) is not the one that the log gives",
    "opened": "day or person of the opening are not those recorded",
    "headline": "title, kind or value in the list are not those of the answers",
    "partners": "the partner cities are not those of the answers",
    "gate_mark": "a tick or waiver of a point stored is not the one that the log gives",
    "approval": "an approval stored is not the one that the log gives",
    "support": "a request for advice stored is not the one that its log gives",
    "document": "the words stored for a document are not those that the log gives",
    "issued_document": "an issued document stored is not one that the log gives",
    "dossier": "a finished dossier stored is not one that the log gives",
    "declaration": "a declaration of interests stored, or a decision on it, is not the one that the log gives",
}


@click.command()
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@click.option("--export", "export", type=click.File(encoding="utf-8"), help="Check an exported history (JSON Lines) instead.")
@with_appcontext
def verify(references: tuple[str, ...], export: TextIO | None) -> None:
    """Check the history of every case, or of those named.

    Makes every hash again and compares what is stored with what the events say. One line for each case that is broken: reference,
    number of the entry, what differs. Status 1 when there is one.

    An exported history is checked by itself, and then against the database: what was exported once must still be there.
    """
    if export is not None:
        _verify_export(export, references)
        return
    began, checked, told = time.monotonic(), Checked(), time.monotonic()
    for part in _of(references) if references else _of_all():
        for found in part.broken:
            click.echo(f"{found.reference} {found.broken.sequence} {sentence(found.broken)}")
        checked += Checked(part.cases, part.events, part.broken)
        if time.monotonic() - told > EVERY_SECONDS:
            told = time.monotonic()
            click.echo(f"{checked.cases} cases, {checked.events} events so far", err=True)
    click.echo(_summary(checked, time.monotonic() - began), err=True)
    if checked.broken:
        sys.exit(1)


def _verify_export(file: TextIO, references: tuple[str, ...]) -> None:
    if references:
        raise click.UsageError("an export names its case itself: leave the reference out")
    try:
        found = exported.read(file, verifying.procedure_of)
    except (exported.NotAnExport, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file.name}: {error}") from error
    broken = found.broken or verifying.differs_from(db.session.connection(), found)
    if broken is not None:
        click.echo(f"{found.reference} {broken.sequence} {sentence(broken)}")
        sys.exit(1)
    click.echo(f"{found.reference}, {len(found.hashes)} events: unbroken, and the same in the database", err=True)


def sentence(broken: Break) -> str:
    """What differs, in words."""
    return DIFFERENCES[broken.what] + (f" ({broken.detail})" if broken.detail else "")


def _summary(checked: Checked, seconds: float) -> str:
    rate = int(checked.events / seconds) if seconds else checked.events
    state = f"{len(checked.broken)} broken" if checked.broken else "unbroken"
    return f"{checked.cases} cases, {checked.events} events: {state} ({seconds:.1f} s, {rate} events a second)"


def _of(references: Iterable[str]) -> Iterator[Checked]:
    connection = db.session.connection()
    for reference in references:
        case_id = connection.scalar(select(Case.id).where(Case.reference == reference))
        if case_id is None:
            raise click.UsageError(f"no case has the reference {reference}")
        yield verifying.check_case(connection, case_id)


def _of_all() -> Iterator[Checked]:
    connection = db.session.connection()
    ranges = verifying.ranges(connection)
    if len(ranges) < MANY:
        for first, last in ranges:
            yield verifying.check(connection, first, last)
        return
    db.session.rollback()
    url = current_app.config["SETTINGS"].database_url
    arguments = (url, dict(verifying.DERIVED))
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_connect, initargs=arguments) as pool:
        yield from pool.map(_check, ranges, chunksize=2)


_connections: dict[str, Connection] = {}


def _connect(url: str, derived: dict[str, Derived]) -> None:
    """In each process: one connection for all its reads, and what the features above the cases want looked at."""
    verifying.DERIVED.update(derived)
    _connections["own"] = create_engine(url).connect()


def _check(part: tuple[int, int]) -> Checked:
    """A read in a transaction of its own, so that it sees one moment of an embedded database and holds up nobody."""
    connection = _connections["own"]
    with connection.begin():
        return verifying.check(connection, *part)
