"""A log is followed from its first event: the first thing that does not hold is named, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from procure.domain.references import chained, event_row, without_name
from procure.domain.trail import Trail
from tests.domain.records import procedure, stage

D = date(2026, 3, 2)
NOW = datetime(2026, 3, 20, 9, 0, 0, 123456, tzinfo=UTC)
OPEN = replace(procedure(stage("need"), stage("market"), stage("plan")), id="preparation", edition="1")


class Event(NamedTuple):
    sequence: int
    kind: str
    payload: dict[str, Any]
    happened_on: date = D
    recorded_at: datetime = NOW
    recorded_by_id: int | None = 7
    recorded_by: str = "Anna"
    role: str = "officer"
    hash: str = ""


OPENED = Event(1, "case_opened", {"procedure": "preparation", "edition": "1", "answers": {"title": "Bins", "value_amount": "5"}})
SAVED = Event(2, "answers_saved", {"page": "x", "changes": {"title": {"old": "Bins", "new": "Sensors"}, "need": {"new": None}}})
DONE = Event(3, "stage_completed", {"stage": "need", "confirmed": [], "reason": "ok"}, D + timedelta(days=3))
CORRECTED = Event(
    4, "event_corrected",
    {"corrects": 3, "old": {"happened_on": "2026-03-05"}, "new": {"happened_on": "2026-03-06"}, "reason": "minutes"},
    D + timedelta(days=9),
)  # fmt: skip
LOG = (OPENED, SAVED, DONE, CORRECTED)


def row(event: Event, case: str = "TRE-2026-0001") -> dict[str, Any]:
    return event_row(case, event.sequence, event.kind, event.payload, event.happened_on.isoformat(), event.recorded_at.isoformat(),
                     event.recorded_by_id, event.recorded_by, event.role)  # fmt: skip


def chain(*events: Event, covers: Callable[[int], bool] = lambda sequence: True) -> list[Event]:
    """The events with their hashes. `covers`: whether the name and role of the event of that sequence are in its hash."""
    made, previous = [], ""
    for event in events:
        facts = row(event) if covers(event.sequence) else without_name(row(event))
        previous = chained(previous, facts)
        made.append(event._replace(hash=previous))
    return made


def follow(events: list[Event], reference: str = "TRE-2026-0001") -> Trail:
    trail = Trail(reference, lambda _procedure, _edition: OPEN)
    for event in events:
        trail.take(*event)
    return trail


def test_an_unbroken_log_gives_the_state_of_the_case() -> None:
    trail = follow(chain(*LOG))

    assert trail.broken is None
    assert {question: given.answer for question, given in trail.answers.items()} == {
        "title": "Sensors", "value_amount": "5", "need": None,
    }  # fmt: skip
    assert trail.facts()["need"].known is False
    assert trail.answers["title"].version == 2
    assert [(v.stage, v.left_on) for v in trail.progress().visits] == [("need", D + timedelta(days=4)), ("market", None)]
    assert trail.opened() == D


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    "change",
    [
        {"kind": "support_read"}, {"payload": {}}, {"happened_on": D - timedelta(days=1)}, {"recorded_at": NOW + timedelta(microseconds=1)},
        {"recorded_by_id": 8}, {"recorded_by": "Berta"}, {"role": "manager"}, {"hash": "0" * 64},
    ],
)  # fmt: skip
def test_whatever_is_changed_in_an_event_breaks_the_chain_there(at: int, change: dict[str, Any]) -> None:
    events = chain(*LOG)
    events[at] = events[at]._replace(**change)

    broken = follow(events).broken

    assert broken is not None
    assert (broken.sequence, broken.what) == (at + 1, "hash")


def test_the_events_of_another_case_do_not_fit() -> None:
    broken = follow(chain(*LOG), "TRE-2026-0002").broken

    assert broken is not None
    assert (broken.sequence, broken.what) == (1, "hash")


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_event_is_named(missing: int) -> None:
    events = chain(*LOG)
    del events[missing]

    broken = follow(events).broken

    assert broken is not None
    assert (broken.sequence, broken.what) == (missing + 1, "sequence")


def test_events_from_before_names_were_covered_hold_at_the_beginning_of_a_log_only() -> None:
    assert follow(chain(*LOG, covers=lambda sequence: sequence > 2)).broken is None

    broken = follow(chain(*LOG, covers=lambda sequence: sequence != 3)).broken
    assert broken is not None
    assert (broken.sequence, broken.what) == (3, "hash")


@pytest.mark.parametrize("old", [{"old": "Other"}, {"old": None}, {}])
def test_an_answer_was_before_what_its_change_says(old: dict[str, Any]) -> None:
    lying = SAVED._replace(payload={"changes": {"title": {**old, "new": "Sensors"}}})

    broken = follow(chain(OPENED, lying)).broken

    assert broken is not None
    assert (broken.sequence, broken.what, broken.detail) == (2, "old_answer", "title")


def test_an_answer_that_was_never_given_has_nothing_before_it() -> None:
    lying = SAVED._replace(payload={"changes": {"need": {"old": None, "new": "Bins overflow"}}})

    broken = follow(chain(OPENED, lying)).broken

    assert broken is not None
    assert broken.what == "old_answer"


def test_yes_is_not_the_number_one() -> None:
    first = OPENED._replace(payload=OPENED.payload | {"answers": {"joint": True}})
    lying = SAVED._replace(payload={"changes": {"joint": {"old": 1, "new": 2}}})

    broken = follow(chain(first, lying)).broken

    assert broken is not None
    assert broken.what == "old_answer"


@pytest.mark.parametrize(
    "payload",
    [
        {"corrects": 2, "old": {"happened_on": "2026-03-02"}, "new": {"happened_on": "2026-03-06"}},
        {"corrects": 3, "old": {"happened_on": "2026-03-04"}, "new": {"happened_on": "2026-03-06"}},
        {"corrects": 3, "old": {"happened_on": "2026-03-05"}, "new": {"happened_on": "2026-02-06"}},
        {"corrects": 3, "old": {"happened_on": "2026-03-05"}, "new": {"happened_on": "2026-04-06"}},
    ],
)
def test_a_correction_fits_its_event_and_the_order_of_days(payload: dict[str, Any]) -> None:
    broken = follow(chain(OPENED, SAVED, DONE, CORRECTED._replace(payload=payload))).broken

    assert broken is not None
    assert (broken.sequence, broken.what) == (4, "correction")


@pytest.mark.parametrize(
    "events",
    [
        (SAVED._replace(sequence=1),),
        (OPENED, OPENED._replace(sequence=2)),
        (OPENED, SAVED._replace(payload={"changes": {"need": {}}})),
        (OPENED, SAVED._replace(payload={"changes": ["need"]})),
        (OPENED._replace(payload={}),),
    ],
)
def test_an_event_that_cannot_have_been_recorded_is_named_and_nothing_falls_over(events: tuple[Event, ...]) -> None:
    broken = follow(chain(*events)).broken

    assert broken is not None
    assert (broken.sequence, broken.what) == (len(events), "unreadable")


def test_kinds_that_nobody_here_knows_are_chained_like_all_others() -> None:
    events = chain(OPENED, Event(2, "drone_landed", {"anything": [1, {"ä": "€"}]}), DONE)

    assert follow(events).broken is None
    events[1] = events[1]._replace(payload={"anything": [1, {"ä": "$"}]})
    assert follow(events).broken is not None
