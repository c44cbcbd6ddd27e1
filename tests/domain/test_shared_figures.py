"""No number of fewer than three cities or five cases is shown, nor one that others give away by subtraction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.shared_figures import enough, part_shown, shown, together

CITY = st.integers(1, 6)
ROWS = st.dictionaries(st.sampled_from("abcdefgh"), st.dictionaries(CITY, st.integers(0, 6)), max_size=8)


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        ({1: 2, 2: 2, 3: 1}, True), ({1: 2, 2: 1, 3: 1}, False), ({1: 90, 2: 90}, False), ({1: 90, 2: 90, 3: 0}, False),
        ({}, False), ({1: 3, 2: 1, 3: 1}, True),
    ],
)  # fmt: skip
def test_three_cities_and_five_cases_are_needed(support: dict[int, int], expected: bool) -> None:
    assert enough(support) is expected


def test_a_single_hidden_row_takes_the_smallest_other_with_it() -> None:
    """Else it would be the total without the others."""
    rows = {"many": {1: 9, 2: 9, 3: 9}, "some": {1: 2, 2: 2, 3: 2}, "few": {1: 1}}
    assert shown(rows) == {"many"}


def test_hidden_rows_that_are_enough_together_hide_nothing_else() -> None:
    rows = {"many": {1: 9, 2: 9, 3: 9}, "one": {1: 2}, "two": {2: 2}, "three": {3: 2}}
    assert shown(rows) == {"many"}
    assert shown({"many": {1: 9, 2: 9, 3: 9}, "some": {1: 2, 2: 2, 3: 2}, "nothing": {}}) == {"many", "some"}


@given(rows=ROWS)
def test_whatever_is_hidden_cannot_be_worked_out_from_the_total(rows: dict[str, dict[int, int]]) -> None:
    visible = shown(rows)
    assert all(enough(rows[name]) for name in visible)
    hidden = together(support for name, support in rows.items() if name not in visible)
    assert not visible or not any(hidden.values()) or enough(hidden)


@pytest.mark.parametrize(
    ("part", "expected"),
    [({1: 3, 2: 3, 3: 3}, True), ({1: 5, 2: 5, 3: 4}, False), ({1: 5, 2: 5, 3: 5}, True), ({1: 5}, False)],
)
def test_a_part_is_shown_only_when_the_rest_may_be_known(part: dict[int, int], expected: bool) -> None:
    assert part_shown(part, {1: 5, 2: 5, 3: 5}) is expected
