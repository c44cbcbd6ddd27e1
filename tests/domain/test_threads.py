"""Which questions are open, who has seen what, and what a meeting needs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import threads
from procure.domain.outcomes import Refusal
from procure.domain.threads import ANSWERED, DROPPED, OPEN, Meeting, Read

NOW = datetime(2026, 12, 3, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    id: int
    kind: str
    act: str = ""
    question_id: int | None = None


def question(number: int) -> Row:
    return Row(number, "question", "ask_back")


def codes(error: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_each_question_waits_until_it_is_answered_or_no_longer_needed() -> None:
    rows = [question(1), question(2), question(3), Row(4, "reply", "reply", 2), Row(5, "system", "drop_question", 3)]
    assert threads.statuses(rows) == {1: OPEN, 2: ANSWERED, 3: DROPPED}
    assert threads.open_questions(rows) == (1,)


def test_a_reply_from_before_replies_named_questions_answers_what_was_open() -> None:
    assert threads.statuses([question(1), Row(2, "reply", "reply"), question(3)]) == {1: ANSWERED, 3: OPEN}


def test_messages_and_meetings_leave_questions_open() -> None:
    rows = [question(1), Row(2, "message", "reply"), Row(3, "message", "write"), Row(4, "system", "meeting_planned")]
    assert threads.open_questions(rows) == (1,)


@pytest.mark.parametrize("act", ["hand_back", "release", "conflict", "withdraw", "an act of tomorrow"])
def test_who_lets_the_request_go_waits_for_no_answer(act: str) -> None:
    assert threads.statuses([question(1), Row(2, "system", act)]) == {1: DROPPED}


def test_a_question_is_answered_once_and_its_status_then_stays() -> None:
    rows = [question(1), Row(2, "reply", "reply", 1), Row(3, "system", "drop_question", 1), Row(4, "system", "hand_back")]
    assert threads.statuses(rows) == {1: ANSWERED}


def test_a_reply_answers_the_only_open_question_and_of_several_the_one_it_names() -> None:
    assert threads.answered_question(None, (7,)) == 7
    assert threads.answered_question(None, (7, 8)) is None
    assert threads.answered_question(None, ()) is None
    assert threads.answered_question(8, (7, 8)) == 8
    with pytest.raises(Refusal) as error:
        threads.answered_question(9, (7, 8))
    assert codes(error) == {"question_not_open"}


def test_the_request_waits_for_the_city_while_a_question_is_open() -> None:
    assert threads.state_after("taken", (1,)) == "asked_back"
    assert threads.state_after("asked_back", ()) == "taken"
    assert threads.state_after("open", (1,)) == "open"


@given(st.lists(st.sampled_from(["ask", "answer", "drop", "write"]), max_size=20))
def test_no_question_is_lost_or_in_two_states(acts: list[str]) -> None:
    rows: list[Row] = []
    for number, act in enumerate(acts, 1):
        waiting = threads.open_questions(rows)
        if act == "ask":
            rows.append(question(number))
        elif act == "write" or not waiting:
            rows.append(Row(number, "message", "write"))
        else:
            kind, name = ("reply", "reply") if act == "answer" else ("system", "drop_question")
            rows.append(Row(number, kind, name, waiting[0]))
    ended = sum(row.question_id is not None for row in rows)
    assert len(threads.open_questions(rows)) == acts.count("ask") - ended


def test_a_message_is_seen_by_whoever_read_up_to_it_but_its_author() -> None:
    early, late = NOW, NOW + timedelta(hours=1)
    reads = [Read(1, "Aino", 2, early), Read(1, "Aino", 3, late), Read(2, "Bo", 3, late)]
    found = threads.seen_by([(1, 2), (3, 3)], reads)
    assert [(read.person, read.at) for read in found[1]] == [("Aino", early)]
    assert [(read.person, read.at) for read in found[3]] == [("Aino", late), ("Bo", late)]


GOOD = Meeting(NOW + timedelta(days=1), 60, "City hall", "", (1, 2))


@pytest.mark.parametrize(
    "meeting", [GOOD, replace(GOOD, place="", link="https://meet.example/x"), replace(GOOD, minutes=15, people=(2,))]
)
def test_a_meeting_lies_ahead_and_has_a_place_or_a_link(meeting: Meeting) -> None:
    threads.check_meeting(meeting, (1, 2, 3), NOW)


@pytest.mark.parametrize(
    ("meeting", "code"),
    [
        (replace(GOOD, starts_at=NOW), "meeting_past"),
        (replace(GOOD, minutes=61), "meeting_length"),
        (replace(GOOD, place=" "), "meeting_where"),
        (replace(GOOD, link="http://meet.example/x"), "meeting_link"),
        (replace(GOOD, link="javascript:alert(1)"), "meeting_link"),
        (replace(GOOD, link="https://[broken"), "meeting_link"),
        (replace(GOOD, people=()), "meeting_people"),
        (replace(GOOD, people=(1, 9)), "meeting_people"),
    ],
)
def test_a_meeting_that_lacks_something_says_what(meeting: Meeting, code: str) -> None:
    with pytest.raises(Refusal) as error:
        threads.check_meeting(meeting, (1, 2, 3), NOW)
    assert codes(error) == {code}


def test_a_meeting_says_everything_that_it_lacks_at_once() -> None:
    with pytest.raises(Refusal) as error:
        threads.check_meeting(Meeting(NOW, 1, "", "", ()), (1,), NOW)
    assert len(error.value.reasons) == 4


def test_a_meeting_is_reported_once_it_has_begun() -> None:
    threads.check_held(NOW, "All agreed", "Aino, Bo", NOW)
    with pytest.raises(Refusal) as error:
        threads.check_held(NOW + timedelta(minutes=1), " ", "", NOW)
    assert codes(error) == {"meeting_ahead", "support_text_missing", "meeting_participants"}


@pytest.mark.parametrize("state", [threads.CANCELLED, threads.HELD])
def test_a_meeting_that_is_over_is_not_changed(state: str) -> None:
    threads.check_still_planned(threads.PLANNED)
    with pytest.raises(Refusal):
        threads.check_still_planned(state)
