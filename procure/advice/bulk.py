"""The advice for many cases at once: read in bulk, without their timetables, and only what has changed is written.

A block is a range of case ids. Whoever works on one needs a connection that reads; writing is done in one place, block by block.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite

from procure.advice import words
from procure.advice.models import AdviceState
from procure.catalogue import casefiles as case_files
from procure.catalogue import cpv
from procure.catalogue.rulebook import rulebook
from procure.domain import casefile
from procure.domain.advice import advising, changes
from procure.domain.advice.changes import DECIDING, Gist
from procure.domain.casefile import CaseFileError
from procure.domain.procedures import PREPARATION

BLOCK: Final = 2_000
"""Case ids in a block."""
ANY_TITLE: Final = "-"

_OPEN: Final = text("SELECT count(*), coalesce(min(id), 0), coalesce(max(id), -1) FROM cases WHERE stage <> ''")
_CASES: Final = text(
    "SELECT cases.id, cases.reference, cases.procedure, cases.questionnaire_edition, organisations.code FROM cases"
    " JOIN organisations ON organisations.id = cases.organisation_id"
    " WHERE cases.id BETWEEN :first AND :last AND cases.stage <> '' ORDER BY cases.id"
)
_ANSWERS: Final = text(
    "SELECT case_id, question, CAST(value AS TEXT) FROM answers"
    " WHERE case_id BETWEEN :first AND :last AND known AND question IN :wanted AND value IS NOT NULL"
).bindparams(bindparam("wanted", expanding=True))
_CHOICES: Final = text(
    "SELECT case_id, procedure, recommended, regime, verdict FROM advice_choices"
    " WHERE case_id BETWEEN :first AND :last ORDER BY case_id, sequence"
)
_STATES: Final = text(
    "SELECT case_id, recommended, regime, compared, edition, fingerprint, differs FROM advice_states"
    " WHERE case_id BETWEEN :first AND :last"
)


@dataclass(frozen=True, slots=True)
class Block:
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one block. `rows` are what `advice_states` does not say yet, with the edition and fingerprint that it says."""

    cases: int
    new: int
    """Cases that had not been advised before."""
    changed: tuple[str, ...]
    """References of those whose recommendation, regime or agreement with the choice has changed."""
    rows: tuple[Mapping[str, Any], ...]


def open_cases(connection: Connection) -> tuple[int, Iterator[Block]]:
    """How many cases are open, and the blocks that hold them."""
    number, first, last = connection.execute(_OPEN).one()
    return number, (Block(start, min(start + BLOCK - 1, last)) for start in range(first, last + 1, BLOCK))


def work(connection: Connection, block: Block, today: date) -> Found:
    """Ask the rules about every open case of the block."""
    where = {"first": block.first, "last": block.last}
    cases = connection.execute(_CASES, where).all()
    if not cases:
        return Found(0, 0, (), ())
    keys = _keys({edition for _id, _reference, _procedure, edition, _code in cases})
    told: dict[int, list[tuple[str, str]]] = {}
    for case_id, question, value in connection.execute(_ANSWERS, where | {"wanted": sorted(keys)}):
        told.setdefault(case_id, []).append((keys[question], value))
    chosen = {row[0]: row[1:] for row in connection.execute(_CHOICES, where)}
    states = {row[0]: row for row in connection.execute(_STATES, where)}
    return _compared(cases, told, chosen, states, today)


@lru_cache(8)
def _keys_of(edition: str) -> Mapping[str, str]:
    return {
        question.id: key
        for key, question in words.questions_by_key(edition).items()
        if key in DECIDING
    }  # fmt: skip


def _keys(editions: Iterable[str]) -> dict[str, str]:
    """Question id -> key of the case file, of the facts that decide. A question means the same in every edition."""
    return {question: key for edition in sorted(editions) for question, key in _keys_of(edition).items()}


def _compared(
    cases: Iterable[Any], told: Mapping[int, list[tuple[str, str]]], chosen: Mapping[int, Any], states: Mapping[int, Any],
    today: date,
) -> Found:  # fmt: skip
    number, new, changed, rows = 0, 0, [], []
    for case_id, reference, procedure, _edition, code in cases:
        number += 1
        then = chosen.get(case_id)
        kept = Gist(*then[1:]) if then is not None and then[0] == procedure else None
        row = state_row(case_id, _document(code, told.get(case_id, ())), procedure, kept, today)
        state = states.get(case_id)
        new += state is None
        if state is not None and _same(state, row):
            continue
        if state is not None and (state[1], state[2], bool(state[6])) != (row["recommended"], row["regime"], row["differs"]):
            changed.append(reference)
        seen = {"seen_edition": state[4] if state else None, "seen_fingerprint": state[5] if state else None}
        rows.append(row | seen)
    return Found(number, new, tuple(changed), tuple(rows))


def _same(state: Any, row: Mapping[str, Any]) -> bool:
    """Whether the row says nothing that is not kept already; `compared` is kept in cents."""
    compared = None if state[3] is None else Decimal(state[3]) / 100
    return (state[1], state[2], compared, state[4], state[5], bool(state[6])) == (
        row["recommended"], row["regime"], row["compared"], row["edition"], row["fingerprint"], row["differs"],
    )  # fmt: skip


_value = lru_cache(50_000)(json.loads)
"""The same few answers come again and again; what they hold is read, never changed."""


def _document(code: str, told: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The case file of the facts that decide."""
    document: dict[str, Any] = {"format": casefile.FORMAT, "buyer": code, "title": ANY_TITLE}
    for key, value in told:
        outer, _, inner = key.partition(".")
        if inner:
            document.setdefault(outer, {})[inner] = _value(value)
        else:
            document[outer] = _value(value)
    return document


def state_row(case_id: int, document: dict[str, Any], procedure: str, kept: Gist | None, today: date) -> dict[str, Any]:
    """The row of `advice_states`; the same as advice.service keeps for a case that is saved."""
    book = rulebook()
    row = {"case_id": case_id, "edition": book.edition, "advised_on": today}
    try:
        file = casefile.from_document(document, municipalities=case_files.municipalities(), divisions=cpv.load().divisions)
    except CaseFileError:
        return row | {"recommended": "", "regime": "", "compared": None, "fingerprint": "", "differs": False}
    advice = advising.advise(file, book, today, timed=False)
    now = changes.gist_of(advice, "" if procedure == PREPARATION else procedure)
    return row | {
        "recommended": now.recommended, "regime": now.regime, "compared": advice.value.compared,
        "fingerprint": changes.fingerprint(casefile.to_document(file)), "differs": kept is not None and kept != now,
    }  # fmt: skip


def write(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep the rows; one whose case has been saved since it was read is left as that save made it."""
    values = [dict(row) for row in rows]
    if not values:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(AdviceState)
    columns = [column.name for column in AdviceState.__table__.columns]
    statement = insert.values({name: bindparam(name) for name in columns})
    changed = {name: statement.excluded[name] for name in columns if name != "case_id"}
    unchanged_since = (AdviceState.edition == bindparam("seen_edition")) & (
        AdviceState.fingerprint == bindparam("seen_fingerprint")
    )
    connection.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=changed, where=unchanged_since), values)
