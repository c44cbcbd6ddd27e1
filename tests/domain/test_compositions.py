"""Composed documents: what is missing, what changes, and what an issued one says otherwise than the case does now."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import compositions
from procure.domain.compositions import Change, Composition, Field, Missing, Part
from procure.domain.language import Trilingual
from procure.domain.outcomes import Refusal
from procure.domain.questions import Answer

WORD = Trilingual("x", "x", "x")


def field(name: str, needed: bool = True) -> Field:
    return Field(name, "text", WORD, None, needed)


def composition(*parts: Part) -> Composition:
    return Composition("award_decision", "2026-11", ("officer",), True, None, parts)


def part(name: str, answers: tuple[str, ...] = (), unless: tuple[str, ...] = (), fields: tuple[Field, ...] = ()) -> Part:
    return Part(name, WORD, "", answers, (), unless, (), fields)


def test_needed_answers_and_words_are_missing_in_the_order_of_the_document() -> None:
    whole = composition(part("a", ("need",), fields=(field("why"), field("more", needed=False))), part("b", ("value_amount",)))

    assert compositions.missing(whole, {}, {}) == (Missing("a", "need"), Missing("a", field="why"), Missing("b", "value_amount"))
    assert compositions.missing(whole, {"need": Answer("x"), "value_amount": Answer("1")}, {"why": "so"}) == ()


def test_an_answer_that_is_not_known_yet_is_missing() -> None:
    whole = composition(part("a", ("need",)))

    assert compositions.missing(whole, {"need": Answer(None, known=False)}, {}) == (Missing("a", "need"),)


def test_a_part_asks_for_nothing_once_another_answer_has_made_it_needless() -> None:
    whole = composition(part("a", ("lots_reason",), unless=("lots",), fields=(field("why"),)))

    assert compositions.missing(whole, {"lots": Answer([{"title": "x", "value": "1"}])}, {}) == ()


@pytest.mark.parametrize("value", [False, 0, "0"])
def test_no_and_nought_are_words_too(value: Any) -> None:
    assert compositions.is_given(value)


VALUES = st.one_of(
    st.none(), st.booleans(), st.text(max_size=5), st.lists(st.dictionaries(st.text(max_size=2), st.text(max_size=2)))
)
FIELDS = st.dictionaries(st.sampled_from("abcd"), VALUES)


@given(FIELDS, FIELDS)
def test_the_changes_lead_from_the_words_before_to_the_words_after(before: dict[str, Any], after: dict[str, Any]) -> None:
    before = {name: value for name, value in before.items() if compositions.is_given(value)}

    found = compositions.applied(before, compositions.changes(before, after))

    assert found == {name: value for name, value in after.items() if compositions.is_given(value)}


def test_changes_do_not_fit_words_that_they_were_not_made_from() -> None:
    with pytest.raises(ValueError, match="a"):
        compositions.applied({"a": "other"}, {"a": {"old": "this", "new": "that"}})


def test_what_has_changed_since_the_issue_is_named_by_its_place() -> None:
    issued, now = {"Value": "100 000 €", "Risks": "frost"}, {"Value": "120 000 €", "Lots": "two"}

    assert compositions.differences(issued, now) == (
        Change("Value", "100 000 €", "120 000 €"), Change("Lots", "", "two"), Change("Risks", "frost", ""),
    )  # fmt: skip
    assert compositions.differences(now, now) == ()


@pytest.mark.parametrize(
    "fields", [{"a": "x" * (compositions.MOST_WORDS + 1)}, {"a": [{"b": "c"}] * (compositions.MOST_ROWS + 1)}]
)
def test_a_document_has_an_end(fields: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="document_long"):
        compositions.check_size(fields)
