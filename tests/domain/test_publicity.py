"""What may be told of a procurement, from when, and what a draft of a message says."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import procedures
from procure.catalogue import publicity as catalogue
from procure.domain import publicity
from procure.domain.outcomes import Refusal
from procure.domain.publicity import CONTENTS, EXPECTED, NEVER, OPEN, ORDERED, UNKNOWN, Floor, Situation

RULES = catalogue.catalogue()
TODAY = date(2027, 3, 1)
LATER = TODAY + timedelta(days=30)


def at(phase: str, procedure: str = "open", **more: Any) -> Situation:
    return Situation(procedure, phase, **more)


def state(content: str, where: Situation) -> str:
    return publicity.opening(RULES.content(content), where).state


def reasons(act: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(Refusal) as caught:
        act()
    return [(reason.code, reason.citation, reason.target) for reason in caught.value.reasons]


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        ("preparation", {"need"}), ("dialogue", {"need", "dialogue"}), ("notice", {"need"}), ("tendering", {"need", "notice"}),
        ("evaluation", {"need", "notice"}), ("decision", {"need", "notice"}), ("notified", {"need", "notice", "decision"}),
        ("contract", set(CONTENTS) - {"dialogue"}),
    ],
)  # fmt: skip
def test_in_each_phase_only_what_is_public_by_then_may_be_told(phase: str, told: set[str]) -> None:
    where = at(phase, dialogue_since=TODAY if phase == "dialogue" else None)
    assert {content for content in CONTENTS if state(content, where) == OPEN} == told


def test_nothing_of_the_tenders_is_told_before_the_contract_in_any_procedure() -> None:
    for procedure in procedures.catalogue().choosable():
        for stage in procedure.stages:
            phase = publicity.phase_now(RULES, procedure, stage.id, cancelled=False)
            if phase != "contract":
                assert state("tenders", at(phase, procedure.id)) != OPEN, (procedure.id, stage.id)


def test_a_market_dialogue_stays_public_after_it_and_is_never_told_where_there_was_none() -> None:
    assert state("dialogue", at("tendering", dialogue_since=TODAY)) == OPEN
    assert state("dialogue", at("tendering")) == NEVER
    assert state("dialogue", at("preparation", ahead={"dialogue": LATER})) == EXPECTED


def test_a_direct_award_has_no_notice_to_tell_of_before_its_decision() -> None:
    assert state("notice", at("evaluation", "direct_award")) != OPEN
    assert state("notice", at("notified", "direct_award")) == OPEN


def test_of_a_cancelled_procurement_the_decision_is_told_and_the_tenders_are_not() -> None:
    where = at("cancelled", begun={"preparation": date(2027, 1, 1), "cancelled": TODAY})
    assert publicity.opening(RULES.content("decision"), where).on == TODAY
    assert {content for content in CONTENTS if state(content, where) == OPEN} == {"need", "decision"}

    published = at("cancelled", begun={"preparation": TODAY, "tendering": TODAY, "cancelled": TODAY}, dialogue_since=TODAY)
    assert {content for content in CONTENTS if state(content, published) == NEVER} == {"tenders", "contract", "results"}


def test_the_timetable_says_from_when_and_the_standstill_moves_it_on() -> None:
    ahead = {"notified": TODAY + timedelta(days=10), "contract": TODAY + timedelta(days=20)}
    contract = RULES.content("contract")

    found = publicity.opening(contract, at("evaluation", ahead=ahead))
    assert (found.state, found.on) == (EXPECTED, TODAY + timedelta(days=20))

    found = publicity.opening(contract, at("notified", ahead=ahead, floors={"contract": Floor(LATER, "1397/2016 129 §")}))
    assert (found.state, found.on, found.citation) == (EXPECTED, LATER, "1397/2016 129 §")

    assert state("contract", at("evaluation")) == UNKNOWN


def test_something_is_not_planned_for_a_day_on_which_it_is_not_public_and_the_section_is_named() -> None:
    decision = RULES.content("decision")
    where = at("evaluation", ahead={"notified": LATER})

    too_early = reasons(lambda: publicity.check_planned(decision, LATER - timedelta(days=1), where, TODAY))
    assert too_early == [("communication_too_early", "1397/2016 123 §, 127 §", "planned_on")]
    publicity.check_planned(decision, LATER, where, TODAY)

    nobody_knows = at("evaluation")
    publicity.check_planned(decision, TODAY + timedelta(days=1), nobody_knows, TODAY)
    assert reasons(lambda: publicity.check_planned(decision, TODAY, nobody_knows, TODAY))[0][0] == "communication_not_public"

    assert reasons(lambda: publicity.check_planned(RULES.content("dialogue"), LATER, nobody_knows, TODAY)) == [
        ("communication_never", "1397/2016 65–66 §", "content")
    ]


def test_what_is_not_public_now_is_not_told_now_whatever_was_planned() -> None:
    with pytest.raises(Refusal):
        publicity.check_public(RULES.content("contract"), at("notified"))
    publicity.check_public(RULES.content("contract"), at("contract"))


def test_a_case_that_is_over_is_after_its_contract_or_its_decision() -> None:
    by_id = {procedure.id: procedure for procedure in procedures.catalogue().choosable()}
    assert publicity.phase_now(RULES, by_id["open"], "", cancelled=False) == "contract"
    assert publicity.phase_now(RULES, by_id["challenge_competition"], "", cancelled=False) == "notified"
    assert publicity.phase_now(RULES, by_id["open"], "", cancelled=True) == "cancelled"


def test_going_back_takes_back_what_had_begun() -> None:
    procedure = procedures.catalogue().choosable()[0]
    days = [TODAY + timedelta(days=number) for number in range(4)]
    stays = list(zip(("need", "contract_notice", "plan", "contract_notice"), days, strict=True))

    assert publicity.begun(RULES, procedure, stays[:2])["notice"] == days[1]
    assert "notice" not in publicity.begun(RULES, procedure, stays[:3])
    found = publicity.begun(RULES, procedure, stays)
    assert (found["preparation"], found["notice"]) == (days[0], days[3])


@given(first=st.sampled_from(ORDERED), second=st.sampled_from(ORDERED), content=st.sampled_from(CONTENTS))
def test_what_is_public_stays_public_as_the_procurement_goes_on(first: str, second: str, content: str) -> None:
    earlier, later = sorted((first, second), key=ORDERED.index)
    if state(content, at(earlier, dialogue_since=TODAY)) == OPEN:
        assert state(content, at(later, dialogue_since=TODAY)) == OPEN


def test_the_next_phase_is_the_next_other_one_on_the_way() -> None:
    procedure = next(known for known in procedures.catalogue().choosable() if known.id == "open")
    assert publicity.next_phase(at("preparation"), procedure, "plan", RULES) == "notice"
    assert publicity.next_phase(at("contract"), procedure, "archive", RULES) == ""
    assert publicity.next_phase(at("preparation"), procedures.catalogue().preparation, "plan", RULES) == "notice"


# drafting

FACTS = {"city": "Tampere", "title": "Smart bins", "need": "Bins overflow.", "outcome": "No overflowing bin."}


def drafted(content: str, phase: str, language: str = "en", **facts: str) -> str:
    return publicity.draft(RULES, RULES.content(content), phase, {language: FACTS | facts})[language]


def test_a_draft_says_who_and_what_in_the_case_s_own_words_and_that_nothing_is_chosen() -> None:
    text = drafted("need", "preparation")
    assert text.startswith("Tampere is preparing a procurement: Smart bins.\n\n")
    assert "Bins overflow." in text
    assert "Bins overflow.." not in text
    assert "No solution has been chosen." in text


def test_a_draft_leaves_out_sentences_for_which_there_are_no_words_in_the_language() -> None:
    drafts = publicity.draft(RULES, RULES.content("need"), "preparation", {"fi": FACTS, "sv": {"city": "Tammerfors"}})
    assert "Bins overflow." in drafts["fi"]
    assert "Tammerfors" not in drafts["sv"]
    assert drafts["en"] == "No solution has been chosen. The city will tell when a notice of the procurement is published."


@pytest.mark.parametrize("money", ["5 000 €", "480 000 euroa", "€3m", "2,5 miljoonaa", "3 miljoner", "12 000 euro"])
def test_words_that_name_money_are_left_out_while_it_is_not_public(money: str) -> None:
    assert money not in drafted("need", "preparation", need=f"It costs {money} a year.")
    assert money in drafted("contract", "contract", need=f"It costs {money} a year.")


def test_no_sentence_has_a_place_for_the_value_or_a_supplier() -> None:
    for sentence in RULES.sentences:
        for text in (sentence.text.fi, sentence.text.sv, sentence.text.en):
            assert publicity.placeholders(text) <= catalogue.FACTS


def test_before_the_contract_no_draft_says_that_it_has_been_made() -> None:
    assert "The contract has not been made yet." in drafted("decision", "notified")
    assert "The contract has not been made yet." not in drafted("decision", "contract")
    assert drafted("decision", "cancelled").startswith("Tampere has cancelled the procurement")
