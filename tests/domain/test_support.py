"""The rules of expert support: who moves a request, who sees what, when an answer is due."""

from datetime import date
from itertools import product

import pytest

from procure.domain import support
from procure.domain.outcomes import Refusal
from procure.domain.permissions import ROLES
from procure.domain.support import ACTS, PARTIES, STATES, Opinion, Standing

EXPECTED = {
    # (act, party): state before -> state after
    ("take", "free_expert"): {"open": "taken"},
    ("conflict", "free_expert"): {"open": "open"},
    ("conflict", "own_expert"): {"taken": "open", "asked_back": "open"},
    ("hand_back", "own_expert"): {"taken": "open", "asked_back": "open"},
    ("release", "coordinator"): {"taken": "open", "asked_back": "open"},
    ("ask_back", "own_expert"): {"taken": "asked_back"},
    ("reply", "city"): {"open": "open", "taken": "taken", "asked_back": "taken"},
    ("answer", "own_expert"): {"taken": "answered"},
    ("correct", "own_expert"): {"answered": "answered"},
    ("read", "city"): {"answered": "answered"},
    ("review", "city"): {"answered": "answered"},
    ("withdraw", "city"): {"open": "withdrawn", "taken": "withdrawn", "asked_back": "withdrawn"},
}


@pytest.mark.parametrize(("act", "party", "state"), list(product(ACTS, PARTIES, STATES)))
def test_every_act_of_every_party_in_every_state_is_as_the_table_says(act: str, party: str, state: str) -> None:
    after = EXPECTED.get((act, party), {}).get(state)
    assert support.allowed(act, party, state) == (after is not None)
    if after is not None:
        assert support.move(act, party, state) == after
    else:
        with pytest.raises(Refusal):
            support.move(act, party, state)


def test_the_second_expert_is_told_that_another_one_was_quicker() -> None:
    with pytest.raises(Refusal) as refused:
        support.move("take", "free_expert", "taken")
    assert [reason.code for reason in refused.value.reasons] == ["support_taken_by_other"]


def test_an_act_out_of_time_and_an_act_of_somebody_else_are_told_apart() -> None:
    with pytest.raises(Refusal) as late:
        support.move("reply", "city", "answered")
    with pytest.raises(Refusal) as foreign:
        support.move("reply", "reader", "open")
    assert late.value.reasons[0].code == "support_moved_on"
    assert foreign.value.reasons[0].code == "support_not_yours"


def _party(role: str, own: bool = False, partner: bool = False, took: bool = False, conflict: bool = False) -> str | None:
    return support.party(Standing(role, own, partner, took, conflict))


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_city_is_nobody_to_the_request(role: str) -> None:
    assert _party(role) == {"expert": "free_expert", "coordinator": "coordinator"}.get(role)


def test_the_own_citys_officers_and_managers_act_and_its_administrator_and_the_partners_read() -> None:
    assert [_party(role, own=True) for role in ("officer", "manager", "city_admin")] == ["city", "city", "reader"]
    assert [_party(role, partner=True) for role in ("officer", "manager", "city_admin")] == ["reader"] * 3


def test_a_declared_conflict_shuts_the_request_for_good_also_to_the_expert_who_has_it() -> None:
    assert _party("expert", conflict=True) is None
    assert _party("expert", took=True, conflict=True) is None


@pytest.mark.parametrize("state", STATES)
def test_an_expert_sees_the_material_of_the_own_request_only_and_the_row_only_while_it_is_open(state: str) -> None:
    assert support.sight("own_expert", state) == {"withdrawn": None, "answered": "advice"}.get(state, "material")
    assert support.sight("free_expert", state) == ("row" if state == "open" else None)
    assert support.sight("coordinator", state) == "question"
    assert support.sight("city", state) == support.sight("reader", state) == "everything"
    assert support.sight(None, state) is None


def test_an_answer_is_due_after_weekdays_only() -> None:
    friday = date(2026, 11, 27)
    assert support.answer_by(friday, "urgent") == date(2026, 12, 1)
    assert support.answer_by(friday, "soon") == date(2026, 12, 4)
    assert support.answer_by(friday, "normal") == date(2026, 12, 11)


def test_a_request_is_late_after_its_day_and_due_soon_two_weekdays_before() -> None:
    target = date(2026, 12, 1)  # a Tuesday
    assert support.light(target, date(2026, 12, 2)) == "red"
    assert support.light(target, date(2026, 12, 1)) == "yellow"
    assert support.light(target, date(2026, 11, 27)) == "yellow"
    assert support.light(target, date(2026, 11, 26)) == "green"


def test_a_request_without_topic_question_and_urgency_is_refused_with_every_reason() -> None:
    with pytest.raises(Refusal) as refused:
        support.check_request("", "tomorrow", "  ", ("need", "secrets"), ("need",))
    assert [reason.target for reason in refused.value.reasons] == ["topic", "urgency", "question", "shares"]


def test_a_request_may_share_nothing_some_sections_or_the_whole_case() -> None:
    for shares in ((), ("need",), ("case",)):
        support.check_request("funding", "normal", "Which call?", shares, ("need", "users"))
    assert support.shared_sections(("users",), ("need", "users")) == ("users",)
    assert support.shared_sections(("case",), ("need", "users")) == ("need", "users")
    assert support.shared_sections((), ("need", "users")) == ()


def test_an_opinion_lacks_nothing() -> None:
    support.check_opinion(Opinion("q", "f", "o", "a", "l", "c"))
    with pytest.raises(Refusal) as refused:
        support.check_opinion(Opinion("q", "", "o", " ", "l", "c"))
    assert [reason.target for reason in refused.value.reasons] == ["facts_used", "alternatives_and_risks"]


def test_people_speak_of_a_request_by_a_short_number() -> None:
    assert support.shown_number(12) == "T-0012"
    assert support.shown_number(123456) == "T-123456"
