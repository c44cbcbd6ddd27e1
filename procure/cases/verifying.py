"""Compares what is stored with what the events say, for one case or for all: a stream of columns, never objects.

Runs beside a working service: a case whose log has grown between two reads is looked at again before anything is said of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Integer, bindparam, func, select

from procure.accounts.models import Organisation
from procure.cases.models import Answer, Case, CaseEvent, CasePartner
from procure.cases.service import headline
from procure.catalogue import procedures as procedure_catalogue
from procure.domain.exported import Exported
from procure.domain.language import LANGUAGES
from procure.domain.procedures import Procedure
from procure.domain.trail import Break, Trail, told

AT_ONCE: Final = 500
"""Cases in one read."""
ROWS: Final = 2000
"""Rows that are fetched together: a log of a million events takes no more memory than this, its answers and its stages."""
TRIES: Final = 3

BETWEEN: Final = (bindparam("first", type_=Integer), bindparam("last", type_=Integer))
_CASES: Final = (
    select(
        Case.id, Case.reference, Case.organisation_id, Case.procedure, Case.procedure_edition, Case.opened_on, Case.opened_by_id,
        Case.title_fi, Case.title_sv, Case.title_en, Case.contract_kind, Case.value_amount, Case.stage, Case.stage_entered_on,
        Case.state, Case.sort_date, Case.last_sequence, Case.last_hash,
    )
    .where(Case.id.between(*BETWEEN))
    .order_by(Case.id)
)  # fmt: skip
_EVENTS: Final = (
    select(
        CaseEvent.case_id, CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at,
        CaseEvent.recorded_by_id, CaseEvent.recorded_by, CaseEvent.role, CaseEvent.hash,
    )
    .where(CaseEvent.case_id.between(*BETWEEN))
    .order_by(CaseEvent.case_id, CaseEvent.sequence)
)  # fmt: skip
_ANSWERS: Final = (
    select(Answer.case_id, Answer.question, Answer.value, Answer.known, Answer.version, Answer.saved_at, Answer.saved_by)
    .where(Answer.case_id.between(*BETWEEN))
    .order_by(Answer.case_id)
)
_PARTNERS: Final = (
    select(CasePartner.case_id, CasePartner.organisation_id, CasePartner.procedure, CasePartner.stage, CasePartner.sort_date)
    .where(CasePartner.case_id.between(*BETWEEN))
    .order_by(CasePartner.case_id)
)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a feature that stands above the cases keeps of their logs: the events that it reads, the rows it has (of `statement()`
    with BETWEEN, the case's id first, in the order of the cases), and how it holds them against each other. The events come as
    `Trail.take` gets them, without their hash. Both functions stand in a module: other processes look at cases too."""

    kinds: frozenset[str]
    statement: Callable[[], Any]
    differs: Callable[[Trail, Sequence[Any], Sequence[Any]], Break | None]


DERIVED: Final[dict[str, Derived]] = {}
"""By feature: looked at with every case."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case that does not hold, and where it first does not."""

    reference: str
    broken: Break


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what of it is broken."""

    cases: int = 0
    events: int = 0
    broken: tuple[Found, ...] = ()

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(self.cases + other.cases, self.events + other.events, self.broken + other.broken)


@cache
def procedure_of(procedure: str, edition: str) -> Procedure:
    return procedure_catalogue.catalogue().get(procedure, edition)


def ranges(connection: Connection) -> list[tuple[int, int]]:
    """The first and last id of each read that together cover every case."""
    first, last = connection.execute(select(func.min(Case.id), func.max(Case.id))).one()
    if first is None:
        return []
    return [(start, min(start + AT_ONCE - 1, last)) for start in range(first, last + 1, AT_ONCE)]


def check_case(connection: Connection, case_id: int) -> Checked:
    """One case, whoever asks: reading it has been allowed before."""
    return check(connection, case_id, case_id)


def check(connection: Connection, first: int, last: int) -> Checked:
    """Every case whose id is from `first` to `last`."""
    checked, found = _look(connection, first, last)
    for case_id in found:
        checked += Checked(broken=_again(connection, case_id))
    return checked


def differs_from(connection: Connection, export: Exported) -> Break | None:
    """The first event that was exported once and is not the same in the database now."""
    statement = (
        select(CaseEvent.hash)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.reference == export.reference)
        .order_by(CaseEvent.sequence)
        .limit(len(export.hashes))
    )
    present = connection.scalars(statement).all()
    for sequence, its_hash in enumerate(export.hashes, start=1):
        if sequence > len(present) or present[sequence - 1] != its_hash:
            return Break(sequence, "other")
    return None


def _again(connection: Connection, case_id: int) -> tuple[Found, ...]:
    """What seemed broken may have been saved between two reads: looked at once more, alone."""
    for _try in range(TRIES):
        _checked, found = _look(connection, case_id, case_id)
        if not found:
            return ()
    return tuple(found.values())


def _look(connection: Connection, first: int, last: int) -> tuple[Checked, dict[int, Found]]:
    values = {"first": first, "last": last}
    codes = _codes(connection)
    cases = connection.execute(_CASES, values).all()
    events = _Groups(_stream(connection, _EVENTS, values))
    answers = _Groups(_stream(connection, _ANSWERS, values))
    partners = _Groups(_stream(connection, _PARTNERS, values))
    derived = [(one, _Groups(_stream(connection, one.statement(), values))) for one in DERIVED.values()]
    watched = frozenset(kind for one in DERIVED.values() for kind in one.kinds)
    counted, found = 0, {}
    for case in cases:
        trail = Trail(case.reference, procedure_of)
        kept = []
        for event in events.of(case.id):
            trail.take(*event[1:])
            if event.kind in watched:
                kept.append(event[1:-1])
        counted += trail.events
        stored = list(answers.of(case.id))
        broken = trail.broken or _differs(case, trail, stored, list(partners.of(case.id)), codes)
        for one, rows in derived:
            its_rows = list(rows.of(case.id))
            broken = broken or _derived_differs(one, trail, kept, its_rows)
        if broken is not None:
            found[case.id] = Found(case.reference, broken)
    return Checked(len(cases), counted), found


def _stream(connection: Connection, statement: Any, values: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of many cases as they are read. One case is read at once: a page asks for it, and a page that only reads has no
    transaction on PostgreSQL, which streams inside one alone."""
    streamed = {"yield_per": ROWS} if values["first"] != values["last"] else {}
    return iter(connection.execute(statement, values, execution_options=streamed))


class _Groups:
    """Rows that come in the order of their case, handed out case by case."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, case_id: int) -> Iterator[Any]:
        while self._next is not None and self._next[0] < case_id:  # of a case that was opened after the cases were read
            self._next = next(self._rows, None)
        while self._next is not None and self._next[0] == case_id:
            yield self._next
            self._next = next(self._rows, None)


def _codes(connection: Connection) -> dict[str, int]:
    return {row.code: row.id for row in connection.execute(select(Organisation.code, Organisation.id))}


def _differs(case: Any, trail: Trail, answers: Sequence[Any], partners: Sequence[Any], codes: Mapping[str, int]) -> Break | None:
    """The first thing stored that is other than the events say."""
    if (case.last_sequence, case.last_hash) != (trail.sequence, trail.hash):
        return Break(max(case.last_sequence, trail.sequence), "end", f"{case.last_sequence} and {trail.sequence}")
    if trail.procedure is None:
        return Break(1, "sequence", "no events")
    try:
        return _answers_differ(trail, answers) or _case_differs(case, trail, partners, codes)
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        return Break(trail.sequence, "unreadable", f"{type(error).__name__}: {error}")


def _derived_differs(one: Derived, trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    try:
        return one.differs(trail, [event for event in events if event[1] in one.kinds], rows)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        return Break(trail.sequence, "unreadable", f"{type(error).__name__}: {error}")


def _answers_differ(trail: Trail, answers: Sequence[Any]) -> Break | None:
    left = dict(trail.answers)
    for _case_id, question, value, known, version, saved_at, saved_by in answers:
        given = left.pop(question, None)
        if given is None:
            return Break(trail.sequence, "answer", question)
        if told(value, known) != given.answer:
            return Break(given.sequence, "answer", question)
        if version != given.version:
            return Break(given.sequence, "version", question)
        if (saved_at, saved_by) != (given.saved_at, given.saved_by):
            return Break(given.sequence, "saved", question)
    for question, given in left.items():
        return Break(given.sequence, "answer", question)
    return None


def _case_differs(case: Any, trail: Trail, partners: Sequence[Any], codes: Mapping[str, int]) -> Break | None:
    assert trail.procedure is not None
    progress, facts = trail.progress(), trail.facts()
    head, current = headline(case.reference, facts), progress.current
    chosen = facts["partners"].value if "partners" in facts else None
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("opened", (case.opened_on, case.opened_by_id), (trail.opened(), trail.opened_by_id)),
        ("procedure", (case.procedure, case.procedure_edition), (trail.procedure.id, trail.procedure.edition)),
        ("stage", case.stage, current.stage if current else ""),
        ("stage_entered_on", case.stage_entered_on, progress.stands_since),
        ("state", case.state, progress.state),
        ("headline", (case.title_fi, case.title_sv, case.title_en), tuple(head.titles[code] for code in LANGUAGES)),
        ("headline", (case.contract_kind, case.value_amount), (head.contract_kind, head.value_amount)),
        (
            "partners",
            {row[1] for row in partners},
            {codes[code] for code in chosen or () if code in codes} - {case.organisation_id},
        ),
        ("partners", {tuple(row[2:]) for row in partners}, {(case.procedure, case.stage, case.sort_date)} if partners else set()),
    )
    for what, stored, derived in pairs:
        if stored != derived:
            return Break(trail.sequence, what, f"{_shown(stored)} stored, {_shown(derived)} by the events")
    return None


def _shown(value: Any) -> str:
    if isinstance(value, (tuple, set)):
        return ", ".join(sorted(map(str, value))) if isinstance(value, set) else ", ".join(map(str, value))
    return str(value) or "none"
