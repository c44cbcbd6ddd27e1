"""The rules of opinions: what one must hold, who may read it first and to which words, numbers, and what a city says of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import opinions
from procure.domain.opinions import CONFIDENCES, OUTCOMES, Content, Reading, Review, SecondReading
from procure.domain.outcomes import Refusal
from procure.domain.support import OPINION_PARTS, PARTIES, Opinion

PARTS = Opinion("Which?", "Facts.", "An opinion.", "Others.", "Limits.", "None.")
WHOLE = Content(PARTS, ("hl-38",), "high", "The market answered.")
KNOWN = frozenset({"hl-38", "hl-136"})
EXPERT, READER, OTHER = 1, 2, 3


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def lacking(content: Content, citations: bool = False, correction: bool = False) -> list[str]:
    with pytest.raises(Refusal) as refused:
        opinions.check_content(content, KNOWN, citations, correction)
    return codes(refused)


def test_a_whole_opinion_lacks_nothing() -> None:
    opinions.check_content(WHOLE, KNOWN, citations_wanted=True, correction=False)


def test_an_empty_opinion_is_told_everything_that_is_missing_at_once() -> None:
    found = lacking(Content(), citations=True, correction=True)
    assert found == [
        *(f"opinion_{part}_missing" for part in OPINION_PARTS), "opinion_confidence_missing", "opinion_confidence_reason_missing",
        "opinion_citations_missing", "opinion_changed_missing", "opinion_why_missing",
    ]  # fmt: skip


def test_only_a_topic_of_law_needs_citations_and_only_a_correction_says_what_changed() -> None:
    opinions.check_content(Content(PARTS, (), "low", "Little is known."), KNOWN, citations_wanted=False, correction=False)


def test_a_citation_that_is_not_in_the_catalogue_is_refused() -> None:
    assert lacking(Content(PARTS, ("hl-999",), "low", "x")) == ["opinion_citation_unknown"]


def test_a_confidence_of_another_name_is_none() -> None:
    assert lacking(Content(PARTS, (), "certain", "x")) == ["opinion_confidence_missing"]
    assert CONFIDENCES == ("low", "medium", "high")


@given(st.text(alphabet=" a\r\n"))
def test_what_a_form_gives_back_has_the_fingerprint_of_what_was_kept(text: str) -> None:
    kept = opinions.tidy(Content(Opinion(text, text, text, text, text, text), ("b", "a", "a"), "low", text))
    given_back = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    again = opinions.tidy(Content(Opinion(*[given_back] * 6), ("a", "b"), "low", given_back))
    assert kept.fingerprint == again.fingerprint


def test_any_change_of_words_changes_the_fingerprint() -> None:
    prints = {
        WHOLE.fingerprint, Content(PARTS, ("hl-136",), "high", "The market answered.").fingerprint,
        Content(PARTS, ("hl-38",), "low", "The market answered.").fingerprint, Content(PARTS).fingerprint,
    }  # fmt: skip
    assert len(prints) == 4


def test_a_number_has_its_year_and_a_version() -> None:
    assert opinions.shown(2026, 12) == "AL-2026-0012"
    assert opinions.shown(2026, 12, 1) == "AL-2026-0012/1"


def reading(act: str, asked_by: int = EXPERT, reader: int = READER, fingerprint: str = "", text: str = "") -> Reading:
    return Reading(act, asked_by, reader, f"Reader {reader}", fingerprint, text)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], "none"),
        ([reading("asked")], "asked"),
        ([reading("asked"), reading("declared")], "reading"),
        ([reading("asked"), reading("declined")], "declined"),
        ([reading("asked"), reading("declared"), reading("returned", text="Why?")], "returned"),
        ([reading("asked"), reading("declared"), reading("agreed", fingerprint="now")], "agreed"),
        ([reading("asked"), reading("declared"), reading("agreed", fingerprint="before")], "stale"),
        ([reading("asked"), reading("declared"), reading("returned"), reading("asked")], "reading"),
        ([reading("asked"), reading("declared"), reading("asked", reader=OTHER)], "asked"),
    ],
)
def test_the_last_reader_s_last_act_says_how_a_draft_stands(acts: list[Reading], state: str) -> None:
    assert opinions.second_reading(acts, EXPERT, "now").state == state


def test_what_an_earlier_expert_had_read_counts_no_more() -> None:
    acts = [reading("asked", asked_by=OTHER), reading("declared", asked_by=OTHER), reading("agreed", OTHER, fingerprint="now")]
    assert opinions.second_reading(acts, EXPERT, "now").state == "none"


def test_nobody_agrees_to_their_own_words() -> None:
    acts = [reading("asked", reader=EXPERT), reading("agreed", reader=EXPERT, fingerprint="now")]
    assert opinions.second_reading(acts, EXPERT, "now").state == "stale"


@pytest.mark.parametrize("state", [state for state in opinions.READING_STATES if state != "agreed"])
def test_without_agreement_the_refusal_names_what_is_missing(state: str) -> None:
    with pytest.raises(Refusal) as refused:
        opinions.check_reading(SecondReading(state, READER, "Reader"))
    assert codes(refused) == [f"opinion_reader_{state}"]


def test_with_agreement_it_goes_out() -> None:
    opinions.check_reading(SecondReading("agreed", READER, "Reader"))


@pytest.mark.parametrize(
    ("reader", "conflicts", "code"),
    [
        (EXPERT, frozenset(), "opinion_reader_self"),
        (READER, frozenset({READER}), "opinion_reader_unknown"),
        (9, frozenset(), "opinion_reader_unknown"),
    ],
)
def test_the_reader_is_another_person_of_the_network_without_a_conflict(
    reader: int, conflicts: frozenset[int], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        opinions.check_reader(reader, EXPERT, frozenset({EXPERT, READER}), conflicts)
    assert codes(refused) == [code]


def test_another_expert_may_read() -> None:
    opinions.check_reader(READER, EXPERT, frozenset({READER}), frozenset({OTHER}))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_not_following_needs_a_reason_and_following_none(outcome: str) -> None:
    opinions.check_review(Review(outcome, "Because.", {"useful": 1, "clear": 5, "in_time": None}))
    if outcome == "followed":
        opinions.check_review(Review(outcome))
        return
    with pytest.raises(Refusal) as refused:
        opinions.check_review(Review(outcome, " "))
    assert codes(refused) == ["review_because_missing"]


@pytest.mark.parametrize("mark", [0, 6, -1])
def test_marks_are_from_one_to_five(mark: int) -> None:
    with pytest.raises(Refusal) as refused:
        opinions.check_review(Review("nothing", "", {"useful": mark, "clear": mark}))
    assert codes(refused) == ["review_outcome_missing", "review_mark_outside", "review_mark_outside"]


@pytest.mark.parametrize("party", PARTIES)
def test_the_reason_for_not_following_is_for_the_city_its_expert_and_the_coordinator(party: str) -> None:
    assert opinions.sees_because(party, own_city=False) == (party in ("city", "own_expert", "coordinator"))
    assert opinions.sees_because(party, own_city=True)


def test_a_mark_is_of_one_version_and_the_last_counts() -> None:
    assert opinions.current_outcome([], 1) == ""
    assert opinions.current_outcome([(1, "followed"), (1, "partly")], 1) == "partly"
    assert opinions.current_outcome([(1, "followed")], 2) == ""
