"""How something that is to be told moves: who may do what, and what it needs."""

from datetime import date, timedelta
from typing import Any

import pytest

from procure.domain import communications as rules
from procure.domain.communications import ACTS, CITY, EDITABLE, EXPERT, MOVES, STATES, Draft
from procure.domain.outcomes import Refusal

TODAY = date(2027, 3, 1)


def codes(act: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def test_an_expert_writes_and_sends_for_approval_and_nothing_else() -> None:
    assert {act for state in STATES for act in rules.allowed(EXPERT, state)} == {"submit"}
    for act in set(ACTS) - {"submit"}:
        assert codes(lambda act=act: rules.move_of(act, EXPERT, "for_approval")) == ["communication_not_yours"]


def test_nothing_is_published_that_was_not_approved() -> None:
    assert [move.sources for move in MOVES if move.target == "published"] == [("approved",)]
    assert [(move.sources, move.parties) for move in MOVES if move.target == "approved"] == [(("for_approval",), (CITY,))]
    assert codes(lambda: rules.move_of("publish", CITY, "draft")) == ["communication_moved_on"]


def test_what_was_published_or_withdrawn_is_not_written_anew() -> None:
    for state in STATES:
        if state in EDITABLE:
            rules.check_editable(state)
        else:
            assert codes(lambda state=state: rules.check_editable(state)) == ["communication_closed"]


def test_a_draft_without_anything_is_told_all_that_it_lacks() -> None:
    assert codes(lambda: rules.check_draft(Draft(" ", "gossip", "", "pigeon", None, {}))) == [
        "communication_title_missing", "communication_content_missing", "communication_audience_missing",
        "communication_channel_missing", "communication_day_missing",
    ]  # fmt: skip


def test_the_message_must_be_there_in_the_languages_that_are_needed() -> None:
    assert codes(lambda: rules.check_messages({"fi": " ", "en": "x"}, ("fi", "sv", "en"))) == [
        "communication_message_missing_fi", "communication_message_missing_sv",
    ]  # fmt: skip
    rules.check_messages({"fi": "x"}, ("fi",))


def test_sending_back_and_withdrawing_need_words() -> None:
    needing = {move.act for move in MOVES if move.reasoned}
    assert needing == {"send_back", "withdraw"}
    for move in MOVES:
        if move.reasoned:
            assert codes(lambda move=move: rules.check_note(move, " ")) == ["reason_missing"]
        else:
            rules.check_note(move, "")


def test_who_wrote_as_an_expert_does_not_approve_it_in_any_later_role() -> None:
    assert codes(lambda: rules.check_approver("expert", 7, 7)) == ["communication_own_text"]
    rules.check_approver("expert", 7, 8)
    rules.check_approver("officer", 7, 7)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (None, "communication_day_missing"), (TODAY + timedelta(days=1), "date_in_future"),
        (TODAY - timedelta(days=2), "communication_before_approval"),
    ],
)  # fmt: skip
def test_a_day_of_publishing_lies_between_approval_and_today(on: date | None, code: str) -> None:
    assert codes(lambda: rules.check_published_on(on, TODAY - timedelta(days=1), TODAY)) == [code]
    rules.check_published_on(TODAY, TODAY, TODAY)
