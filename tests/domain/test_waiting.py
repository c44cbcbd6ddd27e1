"""One order for everything that waits, a page at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import waiting
from procure.domain.waiting import KINDS, Place, Waits, bound, merged

TODAY = date(2026, 11, 24)
DAYS = st.integers(-5, 5).map(lambda number: TODAY + timedelta(days=number))
THINGS = st.lists(st.tuples(st.sampled_from(KINDS), DAYS, st.integers(0, 5)), unique=True)


def waits(kind: str, days: int, number: int = 1) -> Waits:
    return Waits(kind, TODAY + timedelta(days=days), number, "TRE-2026-0001", "Case", can_be_late=kind in ("task", "stage"))


def test_what_is_late_comes_first_then_the_rest_by_date() -> None:
    note, task, late, stage = waits("mention", -9), waits("task", 2), waits("task", -1), waits("stage", 0)

    found, more = merged([note, task, late, stage], TODAY)

    assert found == [late, note, stage, task]
    assert not more


def test_a_note_written_earlier_is_not_late_and_a_task_due_today_is_not_yet() -> None:
    assert not waits("mention", -9).late(TODAY)
    assert not waits("task", 0).late(TODAY)
    assert waits("task", -1).late(TODAY)


def test_at_most_25_come_at_a_time() -> None:
    found, more = merged([waits("task", 0, number) for number in range(26)], TODAY)

    assert len(found) == 25
    assert more


@given(THINGS, st.integers(1, 7))
def test_page_after_page_shows_everything_once_and_each_kind_is_read_from_its_bound_on(
    rows: list[tuple[str, date, int]], most: int
) -> None:
    things = [Waits(kind, on, number, "", "", can_be_late=kind in ("task", "stage")) for kind, on, number in rows]
    seen: list[Waits] = []
    after: Place | None = None
    for _ in range(len(things) + 1):
        read = [
            thing for thing in things
            if thing.kind not in ("task", "stage") or (thing.on, thing.number) > bound(after, thing.kind, TODAY)
        ]  # fmt: skip
        page, more = merged(read, TODAY, after, most)
        seen += page
        if not more:
            break
        after = waiting.read(waiting.written(page[-1].place(TODAY)))

    assert seen == sorted(things, key=lambda thing: thing.place(TODAY))


NO_PLACES = ("", "x", "1.2026-11-24.0", "2.2026-11-24.0.1", "1.2026-11-24.9.1", "1.2026-13-01.0.1", "1.2026-11-24.0.-1",
             "1.2026-11-24.0.99999999999")  # fmt: skip


@pytest.mark.parametrize("text", NO_PLACES)
def test_an_address_that_names_no_place_begins_at_the_beginning(text: str) -> None:
    assert waiting.read(text) is None
