"""`procure verify`: whether every declaration and decision is what the case's log says of it."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from procure.cases.models import Case, CaseEvent
from procure.declarations import queries
from procure.declarations.service import DECIDED, DECLARED, digest
from procure.infra.db import db

Row = tuple[Any, ...]
"""Reference, number of the declaration, then all else that log and table both say."""


@click.command(help="Compares declarations of interests and decisions on them with the log; status 1 when one differs.")
@with_appcontext
def verify() -> None:
    said, kept = Counter(_said()), Counter(_kept())
    wrong = sorted({row[:2] for row in ((said - kept) + (kept - said))})
    for reference, number in wrong:
        click.echo(f"{reference}  declaration {number}: what is kept is not what the log says")
    click.echo(f"{kept.total()} declarations and decisions, {len(wrong)} faults", err=True)
    if wrong:
        sys.exit(1)


def _kept() -> Iterator[Row]:
    for row in queries.stored():
        yield row.reference, row.number, DECLARED, row.person_id, row.outcome, row.held, row.suppliers, *_digest(digest(row.text))
    for row in queries.stored_decisions():
        yield row.reference, row.number, DECIDED, row.decided_by_id, row.opens, *_digest(digest(row.reason))


def _said() -> Iterator[Row]:
    statement = select(Case.reference, CaseEvent.kind, CaseEvent.payload, CaseEvent.recorded_by_id).join(
        Case, Case.id == CaseEvent.case_id
    )
    for reference, kind, said, person in db.session.execute(statement.where(CaseEvent.kind.in_((DECLARED, DECIDED)))):
        told = (said["outcome"], said["held"], said["suppliers"]) if kind == DECLARED else (said["opens"],)
        yield reference, said["declaration"], kind, person, *told, *_digest(said)


def _digest(said: dict[str, Any]) -> tuple[Any, ...]:
    return said["sha256"], said["length"]
