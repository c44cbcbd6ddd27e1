"""Sign-off: whoever acts in whatever order, nobody speaks twice, who asks never counts, and the outcome follows from the events."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import approvals
from procure.domain.approvals import ALL, CHANGES_ASKED, GIVEN, OF, OPEN, ORDER, REJECTED, VOIDED, WITHDRAWN, Seat, SignOff
from procure.domain.outcomes import Refusal

TODAY = date(2026, 11, 24)
ASKS, ANNA, BEN, CARL, DORA = 1, 2, 3, 4, 5


def sign_off(*people: int, rule: str = ALL, needed: int = 0, said: Sequence[str] = ()) -> SignOff:
    """With what has been said so far, in the order of the seats."""
    seats = tuple(
        Seat(person, person, said[place] if place < len(said) else "", person if place < len(said) and said[place] else 0)
        for place, person in enumerate(people)
    )
    return SignOff(ASKS, rule, needed or len(people), seats)


def code(act: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reasons[0].code


@pytest.mark.parametrize(
    ("rule", "needed", "said", "outcome"),
    [
        (ALL, 0, ["", GIVEN, ""], OPEN),
        (ALL, 0, [GIVEN, GIVEN, GIVEN], GIVEN),
        (ALL, 0, [GIVEN, REJECTED, ""], REJECTED),
        (ALL, 0, [GIVEN, CHANGES_ASKED, ""], CHANGES_ASKED),
        (ORDER, 0, [REJECTED, "", ""], REJECTED),
        (OF, 2, [GIVEN, REJECTED, ""], OPEN),
        (OF, 2, [GIVEN, REJECTED, GIVEN], GIVEN),
        (OF, 2, ["", REJECTED, REJECTED], REJECTED),
        (OF, 2, ["", REJECTED, CHANGES_ASKED], CHANGES_ASKED),
        (OF, 1, [REJECTED, CHANGES_ASKED, ""], OPEN),
        (OF, 3, [GIVEN, GIVEN, ""], OPEN),
    ],
)
def test_the_outcome_follows_from_what_has_been_said(rule: str, needed: int, said: list[str], outcome: str) -> None:
    assert sign_off(ANNA, BEN, CARL, rule=rule, needed=needed, said=said).outcome == outcome


def test_in_order_only_the_next_one_answers() -> None:
    found = sign_off(ANNA, BEN, rule=ORDER)

    assert found.waits == (0,)
    assert code(lambda: approvals.check_say(found, BEN, GIVEN, "", {})) == "approval_not_your_turn"
    after = approvals.say(found, approvals.check_say(found, ANNA, GIVEN, "", {}), GIVEN, ANNA)
    assert approvals.check_say(after, BEN, GIVEN, "", {}) == 1


def test_asking_for_changes_and_rejecting_need_words() -> None:
    for saying in (CHANGES_ASKED, REJECTED):
        assert code(lambda saying=saying: approvals.check_say(sign_off(ANNA), ANNA, saying, " ", {})) == "approval_words_missing"


def test_who_is_away_is_stood_in_for_by_their_delegate_but_not_by_who_takes_part() -> None:
    found = sign_off(ANNA, BEN)

    assert approvals.check_say(found, DORA, GIVEN, "", {ANNA: DORA}) == 0
    assert code(lambda: approvals.check_say(found, DORA, GIVEN, "", {})) == "approval_not_named"
    assert code(lambda: approvals.check_say(found, ASKS, GIVEN, "", {ANNA: ASKS})) == "approval_own"
    assert approvals.check_say(found, BEN, GIVEN, "", {ANNA: BEN}) == 1, "for himself only"


def test_a_stand_in_speaks_for_one_only() -> None:
    away = {ANNA: DORA, BEN: DORA}
    found = approvals.say(sign_off(ANNA, BEN), 0, GIVEN, DORA)

    assert code(lambda: approvals.check_say(found, DORA, GIVEN, "", away)) == "approval_said_already"


def test_a_sign_off_is_handed_to_nobody_who_takes_part() -> None:
    found = sign_off(ANNA, BEN)

    assert code(lambda: approvals.check_delegate(found, ANNA, ASKS)) == "approval_delegate_asks"
    assert code(lambda: approvals.check_delegate(found, ANNA, BEN)) == "approval_delegate_named"
    assert code(lambda: approvals.check_delegate(found, ANNA, ANNA)) == "approval_delegate_named"
    assert code(lambda: approvals.check_delegate(found, DORA, CARL)) == "approval_not_named"
    handed = approvals.hand_on(found, approvals.check_delegate(found, ANNA, CARL), CARL)
    assert code(lambda: approvals.check_say(handed, ANNA, GIVEN, "", {})) == "approval_not_named"
    assert approvals.check_say(handed, CARL, GIVEN, "", {}) == 0


@pytest.mark.parametrize(
    ("closed", "refused"), [(VOIDED, "approval_is_void"), (WITHDRAWN, "approval_is_withdrawn")]
)  # fmt: skip
def test_what_is_closed_takes_no_answer(closed: str, refused: str) -> None:
    found = SignOff(ASKS, ALL, 1, (Seat(ANNA, ANNA),), closed)

    assert code(lambda: approvals.check_say(found, ANNA, GIVEN, "", {})) == refused
    assert code(lambda: approvals.check_delegate(found, ANNA, BEN)) == refused
    assert not found.waits


def test_four_eyes_are_not_those_of_who_completes() -> None:
    assert not approvals.four_eyes(sign_off(ANNA, said=[GIVEN]), ANNA)
    assert approvals.four_eyes(sign_off(ANNA, said=[GIVEN]), ASKS)
    assert approvals.four_eyes(sign_off(ANNA, BEN, said=[GIVEN, GIVEN]), ANNA)
    assert not approvals.four_eyes(sign_off(ANNA, BEN, said=[GIVEN]), ASKS), "it is not given yet"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"subject": "lunch"}, {"approval_subject_missing"}),
        ({"subject": "other"}, {"approval_words_of_other"}),
        ({"people": []}, {"approval_people_missing"}),
        ({"people": list(range(2, 10))}, {"approval_people_missing"}),
        ({"people": [ANNA, ANNA]}, {"approval_person_twice"}),
        ({"people": [ANNA, ASKS]}, {"approval_own"}),
        ({"rule": "any"}, {"approval_rule_missing"}),
        ({"rule": OF, "needed": 0}, {"approval_needed_wrong"}),
        ({"rule": OF, "needed": 3}, {"approval_needed_wrong"}),
        ({"due_on": None}, {"approval_due_missing"}),
        ({"due_on": TODAY - timedelta(days=1), "people": []}, {"approval_due_past", "approval_people_missing"}),
    ],
)
def test_a_request_that_cannot_be_says_everything_that_is_wrong(changes: dict[str, Any], refused: set[str]) -> None:
    values = {
        "subject": "plan", "words": "", "rule": ALL, "needed": 0, "people": [ANNA, BEN], "requester": ASKS, "due_on": TODAY, "today": TODAY,
    }  # fmt: skip
    approvals.check_request(**values)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as caught:
        approvals.check_request(**values | changes)
    assert {reason.code for reason in caught.value.reasons} == refused


def test_choosing_the_first_procedure_changes_nothing_that_was_approved() -> None:
    opened, restricted = {"id": "open", "edition": "2026-11"}, {"id": "restricted", "edition": "2026-11"}

    assert approvals.changed_facts({"procedure": None, "value_amount": "1"}, {"procedure": opened, "value_amount": "1"}) == {}
    assert approvals.changed_facts({"procedure": opened}, {"procedure": restricted}) == {
        "procedure": {"old": opened, "new": restricted}
    }
    assert approvals.changed_facts({"lots": None}, {"lots": [1]}) == {"lots": {"old": None, "new": [1]}}
    assert approvals.changed_facts({}, {"lots": [1]}) == {}, "what was no fact then is none now"


PEOPLE = st.integers(1, 8)
ACTS = st.one_of(
    st.tuples(st.sampled_from(approvals.SAYINGS), PEOPLE, st.dictionaries(PEOPLE, PEOPLE, max_size=4), st.just(0)),
    st.tuples(st.just("delegate"), PEOPLE, st.just({}), PEOPLE),
    st.tuples(st.sampled_from(["withdraw", "void"]), PEOPLE, st.just({}), st.just(0)),
)
REQUESTS = st.lists(st.integers(2, 8), min_size=1, max_size=5, unique=True).flatmap(
    lambda people: st.tuples(st.just(people), st.sampled_from(approvals.RULES), st.integers(1, len(people)))
)


@given(REQUESTS, st.lists(ACTS, max_size=14))
def test_whatever_people_try_the_rules_hold_and_the_events_tell_the_same(
    asked: tuple[list[int], str, int], acts: list[tuple[str, int, dict[int, int], int]]
) -> None:
    people, rule, needed = asked
    state = SignOff(ASKS, rule, needed, tuple(Seat(person, person) for person in people))
    request = {"approval": 1, "rule": rule, "needed": needed, "people": [{"id": person} for person in people]}
    events: list[tuple[str, dict[str, Any], int]] = [(approvals.REQUESTED_EVENT, request, ASKS)]
    for what, who, delegates, to in acts:
        before = state
        state, event = _tried(state, what, who, delegates, to)
        if event:
            events.append(event)
        _holds(before, state)

    assert approvals.replay(events) == {1: state}


def _tried(
    state: SignOff, what: str, who: int, delegates: dict[int, int], to: int
) -> tuple[SignOff, tuple[str, dict[str, Any], int] | None]:
    try:
        if what == "void":
            if not approvals.may_be_voided(state.outcome):
                return state, None
            event = (approvals.VOIDED_EVENT, {"approval": 1}, who)
        elif what == "withdraw":
            approvals.check_withdraw(state, who)
            event = (approvals.WITHDRAWN_EVENT, {"approval": 1}, who)
        elif what == "delegate":
            place = approvals.check_delegate(state, who, to)
            event = (approvals.DELEGATED_EVENT, {"approval": 1, "place": place, "to": to}, who)
            return approvals.hand_on(state, place, to), event
        else:
            place = approvals.check_say(state, who, what, "words", delegates)
            event = (approvals.SAID_EVENTS[what], {"approval": 1, "place": place, "reason": "words"}, who)
            return approvals.say(state, place, what, who), event
    except Refusal:
        return state, None
    return SignOff(state.requester, state.rule, state.needed, state.seats, VOIDED if what == "void" else WITHDRAWN), event


def _holds(before: SignOff, after: SignOff) -> None:
    spoke = [seat.by for seat in after.seats if seat.said]
    assert len(spoke) == len(set(spoke)), "nobody speaks twice"
    assert ASKS not in spoke, "who asks never counts"
    assert ASKS not in {seat.holder for seat in after.seats}
    assert len({seat.holder for seat in after.seats}) == len(after.seats), "nobody holds two seats"
    for then, now in zip(before.seats, after.seats, strict=True):
        assert not then.said or then == now, "an answer stays"
    if after.rule == ORDER:
        silent = [not seat.said for seat in after.seats]
        assert silent == sorted(silent), "nobody speaks before their turn"
    if before.outcome not in (OPEN, GIVEN):
        assert after == before, "what has ended stays so"
    if after.outcome == GIVEN:
        assert len(after.approved_by) >= after.enough
