"""Keeping a city's standard clauses. A clause is never edited: each saving is its next edition, and so is its end.

Each change locks the city first, so that of two people who change at once the second sees what the first has done.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from procure.accounts.queries import lock_city
from procure.catalogue import clauses as catalogue
from procure.catalogue import compositions
from procure.clauses import queries
from procure.clauses.models import CityClause
from procure.domain import clauses as rules
from procure.domain.clauses import MOST_CLAUSES, Wanted
from procure.domain.letterheads import holding
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db

MOST_EDITIONS: Final = 500
"""Of one clause."""


def places() -> Mapping[str, tuple[str, ...]]:
    """The parts of each kind of document that takes clauses."""
    return {one.document: tuple(part.id for part in one.parts) for one in compositions.catalogue()}


def add(wanted: Wanted, by: Actor, today: date, now: datetime) -> CityClause:
    """A new clause of the city; the same sent twice is one. Raises Refusal with every reason."""
    rules.check(wanted, places(), today)
    lock_city(by.organisation_id)
    for row in queries.history_for(by):
        if row.edition == 1 and _says(row) == (wanted.kind, wanted.part, *wanted.tidy) and row.saved_at.date() == now.date():
            return row
    number = queries.last_number(by.organisation_id) + 1
    if number > MOST_CLAUSES:
        raise Refusal(Reason("clauses_many", {"most": str(MOST_CLAUSES)}))
    return write(number, 1, wanted, False, by, now)


def change(number: int, wanted: Wanted, seen: int, by: Actor, today: date, now: datetime) -> CityClause:
    """The clause's next edition; its kind of document stays. `seen`: the edition that was on the screen.

    What changes nothing makes no edition. Raises Refusal with every reason; `clause_overtaken` when somebody else was faster.
    """
    rules.check(wanted, places(), today)
    lock_city(by.organisation_id)
    last = _last(number, by)
    if wanted.kind != last.kind:
        raise Refusal(Reason("clause_place_unknown", target="part"))
    held = holding((row for row in queries.history_for(by, number)), wanted.valid_from)
    if held is not None and not held.ended and _says(held) == (wanted.kind, wanted.part, *wanted.tidy):
        return last
    _check_seen(last, seen)
    return write(number, last.edition + 1, wanted, False, by, now)


def end(number: int, valid_from: date, seen: int, by: Actor, today: date, now: datetime) -> CityClause:
    """From that day on the clause stands in no document; once more is still once. Raises Refusal."""
    if reasons := rules.check_day(valid_from, today):
        raise Refusal(*reasons)
    lock_city(by.organisation_id)
    last = _last(number, by)
    if last.ended and last.valid_from <= valid_from:
        return last
    _check_seen(last, seen)
    wanted = Wanted(last.kind, last.part, last.subject, last.titles, last.texts, valid_from)
    return write(number, last.edition + 1, wanted, True, by, now)


def write(number: int, edition: int, wanted: Wanted, ended: bool, by: Actor, now: datetime) -> CityClause:
    """Write that edition. Whoever calls has checked it."""
    titles, texts = wanted.tidy
    subject = wanted.subject if wanted.subject in catalogue.catalogue() else ""
    row = CityClause(
        organisation_id=by.organisation_id, number=number, edition=edition, kind=wanted.kind, part=wanted.part, subject=subject,
        titles=titles, texts=texts, valid_from=wanted.valid_from, ended=ended, saved_at=now, saved_by_id=by.id, saved_by=by.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _says(row: CityClause) -> tuple[str, str, dict[str, str], dict[str, str]]:
    return row.kind, row.part, row.titles, row.texts


def _last(number: int, by: Actor) -> CityClause:
    last = queries.last_edition(by.organisation_id, number)
    if last is None:
        raise Refusal(Reason("clause_place_unknown"))
    return last


def _check_seen(last: CityClause, seen: int) -> None:
    if seen != last.edition:
        raise Refusal(Reason("clause_overtaken", {"name": last.saved_by}))
    if last.edition >= MOST_EDITIONS:
        raise Refusal(Reason("editions_many", {"most": str(MOST_EDITIONS)}))
