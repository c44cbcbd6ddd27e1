"""The rules of expert support: who moves a request, who sees what, when an answer is due."""

from datetime import date
from itertools import product

import pytest

from procure.catalogue import calendar
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
    ("ask_back", "own_expert"): {"taken": "asked_back", "asked_back": "asked_back"},
    ("drop_question", "own_expert"): {"asked_back": "taken"},
    ("write", "own_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("meet", "own_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("meet", "city"): {"taken": "taken", "asked_back": "asked_back"},
    ("report_meeting", "own_expert"): {"taken": "taken", "asked_back": "asked_back", "answered": "answered"},
    ("report_meeting", "city"): {"taken": "taken", "asked_back": "asked_back", "answered": "answered"},
    ("reply", "city"): {"open": "open", "taken": "taken", "asked_back": "taken"},
    ("answer", "own_expert"): {"taken": "answered"},
    ("correct", "own_expert"): {"answered": "answered"},
    ("read", "city"): {"answered": "answered"},
    ("article", "own_expert"): {"answered": "answered"},
    ("article", "coordinator"): {"answered": "answered"},
    ("share", "city"): {"open": "open", "taken": "taken", "asked_back": "asked_back"},
    ("attach", "city"): {"open": "open", "taken": "taken", "asked_back": "asked_back", "answered": "answered"},
    ("review", "city"): {"answered": "answered"},
    ("withdraw", "city"): {"open": "withdrawn", "taken": "withdrawn", "asked_back": "withdrawn"},
    ("triage", "coordinator"): {"open": "open", "taken": "taken", "asked_back": "asked_back"},
    ("merge", "coordinator"): {"open": "merged", "taken": "merged", "asked_back": "merged"},
    ("refuse", "coordinator"): {"open": "refused", "taken": "refused", "asked_back": "refused"},
    ("pass_on", "coordinator"): {"open": "passed_on", "taken": "passed_on", "asked_back": "passed_on"},
    ("propose", "coordinator"): {"open": "open"},
    ("decline", "free_expert"): {"open": "open"},
    ("invite", "own_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("invite", "coordinator"): {"taken": "taken", "asked_back": "asked_back"},
    ("join", "invited_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("decline", "invited_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("conflict", "invited_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("write", "second_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("step_aside", "second_expert"): {"taken": "taken", "asked_back": "asked_back"},
    ("conflict", "second_expert"): {"taken": "taken", "asked_back": "asked_back"},
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


def _party(
    role: str, own: bool = False, partner: bool = False, took: bool = False, conflict: bool = False, second: bool = False,
    invited: bool = False,
) -> str | None:  # fmt: skip
    return support.party(Standing(role, own, partner, took, conflict, second, invited))


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_city_is_nobody_to_the_request(role: str) -> None:
    assert _party(role) == {"expert": "free_expert", "coordinator": "coordinator"}.get(role)


def test_the_own_citys_officers_and_managers_act_and_its_administrator_and_the_partners_read() -> None:
    assert [_party(role, own=True) for role in ("officer", "manager", "city_admin")] == ["city", "city", "reader"]
    assert [_party(role, partner=True) for role in ("officer", "manager", "city_admin")] == ["reader"] * 3


def test_a_declared_conflict_shuts_the_request_for_good_also_to_the_expert_who_has_it() -> None:
    assert _party("expert", conflict=True) is None
    assert _party("expert", took=True, conflict=True) is None
    assert _party("expert", second=True, conflict=True) is None
    assert _party("expert", invited=True, conflict=True) is None


def test_who_helps_and_who_is_asked_to_help_are_parties_of_their_own() -> None:
    assert _party("expert", second=True) == "second_expert"
    assert _party("expert", invited=True) == "invited_expert"
    assert _party("expert", took=True, second=True) == "own_expert"


@pytest.mark.parametrize("state", STATES)
def test_an_expert_sees_the_material_of_the_own_request_only_and_the_row_only_while_it_is_open(state: str) -> None:
    over = {"withdrawn": None, "merged": None, "refused": None, "passed_on": None, "answered": "advice"}
    assert support.sight("own_expert", state) == support.sight("second_expert", state) == over.get(state, "material")
    assert support.sight("invited_expert", state) == ("row" if state in support.RUNNING else None)
    assert support.sight("free_expert", state) == ("row" if state == "open" else None)
    assert support.sight("coordinator", state) == "question"
    assert support.sight("city", state) == support.sight("reader", state) == "everything"
    assert support.sight(None, state) is None


def test_a_request_is_late_after_its_day_and_due_soon_two_working_days_before() -> None:
    target, days = date(2026, 12, 9), calendar.finnish()  # a Wednesday; Independence Day is a Sunday
    assert support.light(target, date(2026, 12, 10), days) == "red"
    assert support.light(target, date(2026, 12, 9), days) == "yellow"
    assert support.light(target, date(2026, 12, 7), days) == "yellow"
    assert support.light(target, date(2026, 12, 4), days) == "green"


def test_christmas_brings_a_day_nearer_than_weekdays_would() -> None:
    days = calendar.finnish()
    assert support.light(date(2026, 12, 28), date(2026, 12, 22), days) == "yellow"  # the 23rd, then the 28th
    assert support.light(date(2026, 12, 29), date(2026, 12, 22), days) == "green"


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


def test_a_file_is_shared_by_its_own_choice_and_never_with_the_whole_case() -> None:
    assert support.shared_files(("case", "need")) == ()
    assert support.shared_files(("need", "file:3", "file:12")) == (3, 12)
    assert support.shared_sections(("file:3",), ("need", "market")) == ()


def test_only_files_of_the_list_can_be_shared() -> None:
    support.check_request("funding", "soon", "Which call?", ("need", "file:3"), ("need",), ("file:3",))
    with pytest.raises(Refusal) as refused:
        support.check_request("funding", "soon", "Which call?", ("file:4",), ("need",), ("file:3",))
    assert [reason.code for reason in refused.value.reasons] == ["support_share_unknown"]


def test_what_is_added_and_what_is_revoked_are_told_apart() -> None:
    assert support.share_changes(("need", "market"), ("market", "file:1")) == (("file:1",), ("need",))
    assert support.share_changes(("need",), ("need",)) == ((), ())


@pytest.mark.parametrize("title", ["", "  "])
def test_an_idea_needs_a_name(title: str) -> None:
    with pytest.raises(Refusal) as refused:
        support.check_idea(title)
    assert refused.value.reasons[0].code == "support_idea_missing"
