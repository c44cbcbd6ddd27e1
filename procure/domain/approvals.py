"""Sign-off: who is asked, in which order, what each has said, and what that comes to. Without a database and without a clock.

A request names one to seven people. Each holds a seat, says one thing of it, and the outcome follows from what has been said. The
person who asks never holds a seat, and nobody speaks for two.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from procure.domain.outcomes import Reason, Refusal

AWARD_POINT: Final = "approval:award"
"""The point of a gate that holds once somebody else has approved the award decision."""
STAGE: Final = "stage"
PLAN: Final = "plan"
PROCEDURE: Final = "procedure"
AWARD: Final = "award"
OTHER: Final = "other"
SUBJECTS: Final = (STAGE, PLAN, PROCEDURE, AWARD, OTHER)
"""What may be approved: the present stage's completion, the procurement plan, the choice of procedure, the award decision, or what the
words of the request say."""

ALL: Final = "all"
ORDER: Final = "order"
OF: Final = "of"
RULES: Final = (ALL, ORDER, OF)
"""Everybody in any order; everybody, one after another; so many of those named."""

GIVEN: Final = "given"
CHANGES_ASKED: Final = "changes_asked"
REJECTED: Final = "rejected"
SAYINGS: Final = (GIVEN, CHANGES_ASKED, REJECTED)
OPEN: Final = "open"
VOIDED: Final = "voided"
WITHDRAWN: Final = "withdrawn"
OUTCOMES: Final = (OPEN, *SAYINGS, VOIDED, WITHDRAWN)

REQUESTED_EVENT: Final = "approval_requested"
SAID_EVENTS: Final[Mapping[str, str]] = {saying: f"approval_{saying}" for saying in SAYINGS}
DELEGATED_EVENT: Final = "approval_delegated"
WITHDRAWN_EVENT: Final = "approval_withdrawn"
VOIDED_EVENT: Final = "approval_voided"
EVENTS: Final = (REQUESTED_EVENT, *SAID_EVENTS.values(), DELEGATED_EVENT, WITHDRAWN_EVENT, VOIDED_EVENT)
_SAYING: Final = {event: saying for saying, event in SAID_EVENTS.items()}

MOST_PEOPLE: Final = 7
LONGEST_WORDS: Final = 2000
PROCEDURE_FACT: Final = "procedure"
"""The one material fact that is no answer: the procedure and its edition."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One named person's sign-off. `holder`: whose it is now, another one once it has been handed on; `said` "" while nothing is; `by`
    who said it: the holder, or who stands in for an absent holder."""

    named: int
    holder: int
    said: str = ""
    by: int = 0


@dataclass(frozen=True, slots=True)
class SignOff:
    """A request and what has been said of it. `needed`: how many must approve, which counts for the rule `of` only. `closed`: VOIDED or
    WITHDRAWN once it is, else ""."""

    requester: int
    rule: str
    needed: int
    seats: tuple[Seat, ...]
    closed: str = ""

    @property
    def enough(self) -> int:
        """How many must approve."""
        return self.needed if self.rule == OF else len(self.seats)

    @property
    def said(self) -> str:
        """What has been said so far comes to: OPEN, or one of SAYINGS. Under `all` and `order` everybody is needed, so that the first
        who does not approve decides."""
        said = [seat.said for seat in self.seats]
        given, rejected = said.count(GIVEN), said.count(REJECTED)
        if given >= self.enough:
            return GIVEN
        if len(said) - rejected < self.enough:
            return REJECTED
        if len(said) - rejected - said.count(CHANGES_ASKED) < self.enough:
            return CHANGES_ASKED
        return OPEN

    @property
    def outcome(self) -> str:
        return self.closed or self.said

    @property
    def waits(self) -> tuple[int, ...]:
        """The places of the seats that may be spoken for now: in order only the next one."""
        if self.outcome != OPEN:
            return ()
        silent = tuple(place for place, seat in enumerate(self.seats) if not seat.said)
        return silent[:1] if self.rule == ORDER else silent

    @property
    def people(self) -> frozenset[int]:
        """Everybody who is named, holds a seat or has spoken."""
        return frozenset(person for seat in self.seats for person in (seat.named, seat.holder, seat.by) if person)

    @property
    def approved_by(self) -> frozenset[int]:
        return frozenset(seat.by for seat in self.seats if seat.said == GIVEN)


def check_request(
    subject: str, words: str, rule: str, needed: int, people: Sequence[int], requester: int, due_on: date | None, today: date
) -> None:
    """Raises Refusal with every reason why this cannot be asked."""
    reasons = []
    if subject not in SUBJECTS:
        reasons.append(Reason("approval_subject_missing", target="subject"))
    if subject == OTHER and not words.strip():
        reasons.append(Reason("approval_words_of_other", target="words"))
    if not 1 <= len(people) <= MOST_PEOPLE:
        reasons.append(Reason("approval_people_missing", {"most": str(MOST_PEOPLE)}, target="person_1"))
    elif len(set(people)) < len(people):
        reasons.append(Reason("approval_person_twice", target="person_1"))
    if requester in people:
        reasons.append(Reason("approval_own", target=f"person_{list(people).index(requester) + 1}"))
    if rule not in RULES:
        reasons.append(Reason("approval_rule_missing", target="rule"))
    if rule == OF and not 1 <= needed <= max(len(people), 1):
        reasons.append(Reason("approval_needed_wrong", {"most": str(len(people))}, target="needed"))
    if due_on is None:
        reasons.append(Reason("approval_due_missing", target="due_on"))
    elif due_on < today:
        reasons.append(Reason("approval_due_past", target="due_on"))
    if reasons:
        raise Refusal(*reasons)


def seat_of(sign_off: SignOff, person: int, delegates: Mapping[int, int]) -> int | None:
    """The place of the seat that the person speaks for: their own, else the first of somebody absent whose delegate they are; one that
    waits before one whose turn has not come. None for nobody's.

    `delegates`: absent person -> who stands in, today. Somebody who asks, is named or has spoken stands in for nobody.
    """
    silent = [place for place, seat in enumerate(sign_off.seats) if not seat.said]
    own = next((place for place in silent if sign_off.seats[place].holder == person), None)
    if own is not None or person == sign_off.requester or person in sign_off.people:
        return own
    absent = [place for place in silent if delegates.get(sign_off.seats[place].holder) == person]
    return next((place for place in absent if place in sign_off.waits), absent[0] if absent else None)


def check_say(sign_off: SignOff, person: int, saying: str, words: str, delegates: Mapping[int, int]) -> int:
    """The place of the seat for which the person says it. Raises Refusal."""
    if saying not in SAYINGS:
        raise Refusal(Reason("approval_saying_missing", target="saying"))
    check_open(sign_off)
    if person == sign_off.requester:
        raise Refusal(Reason("approval_own"))
    place = seat_of(sign_off, person, delegates)
    if place is None:
        spoke = any(seat.by == person for seat in sign_off.seats)
        raise Refusal(Reason("approval_said_already" if spoke else "approval_not_named"))
    if place not in sign_off.waits:
        raise Refusal(Reason("approval_not_your_turn"))
    if saying != GIVEN and not words.strip():
        raise Refusal(Reason("approval_words_missing", target="words"))
    return place


def check_open(sign_off: SignOff) -> None:
    if sign_off.outcome != OPEN:
        raise Refusal(
            Reason({VOIDED: "approval_is_void", WITHDRAWN: "approval_is_withdrawn"}.get(sign_off.outcome, "approval_is_over"))
        )


def check_delegate(sign_off: SignOff, person: int, to: int) -> int:
    """The place of the seat that `person` hands to `to`, who takes no part in the request yet. Raises Refusal."""
    check_open(sign_off)
    place = next((at for at, seat in enumerate(sign_off.seats) if seat.holder == person and not seat.said), None)
    if place is None:
        raise Refusal(Reason("approval_not_named"))
    if to == sign_off.requester:
        raise Refusal(Reason("approval_delegate_asks", target="to"))
    if to in sign_off.people:
        raise Refusal(Reason("approval_delegate_named", target="to"))
    return place


def check_withdraw(sign_off: SignOff, person: int) -> None:
    """Raises Refusal unless the person has asked and it is still open."""
    if person != sign_off.requester:
        raise Refusal(Reason("approval_not_yours"))
    check_open(sign_off)


def may_be_voided(outcome: str) -> bool:
    """What stands, or may come to stand, falls with the facts; what was turned down stays so."""
    return outcome in (OPEN, GIVEN)


def say(sign_off: SignOff, place: int, saying: str, by: int) -> SignOff:
    return _seated(sign_off, place, said=saying, by=by)


def hand_on(sign_off: SignOff, place: int, to: int) -> SignOff:
    return _seated(sign_off, place, holder=to)


def _seated(sign_off: SignOff, place: int, **changes: Any) -> SignOff:
    seats = list(sign_off.seats)
    seats[place] = replace(seats[place], **changes)
    return replace(sign_off, seats=tuple(seats))


def four_eyes(sign_off: SignOff, completer: int) -> bool:
    """Whether the approval is given, and by somebody other than who completes the stage (who asked has no seat anyhow)."""
    return sign_off.outcome == GIVEN and bool(sign_off.approved_by - {completer, sign_off.requester})


# what an approval stands on


def changed_facts(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts that are other than they were: fact -> {"old", "new"}. Only what was known as a fact then is compared. That a procedure
    is chosen where there was none is no change of what was approved. None: nothing is known."""
    found = {}
    for fact, old in then.items():
        new = now.get(fact)
        if old != new and not (fact == PROCEDURE_FACT and old is None):
            found[fact] = {"old": old, "new": new}
    return found


# what the log gives


def replay(events: Iterable[tuple[str, Mapping[str, Any], int]]) -> dict[int, SignOff]:
    """Every request of a case by its number, from its events (kind, payload, who recorded it) in their order. Other kinds are passed
    over. KeyError, IndexError or ValueError for events that cannot have been recorded so."""
    found: dict[int, SignOff] = {}
    for kind, payload, by in events:
        if kind not in EVENTS:
            continue
        number = payload["approval"]
        if kind == REQUESTED_EVENT:
            if number in found:
                raise ValueError(f"approval {number} is asked for twice")
            seats = tuple(Seat(person["id"], person["id"]) for person in payload["people"])
            found[number] = SignOff(by, payload["rule"], payload["needed"], seats)
        else:
            found[number] = applied(found[number], kind, payload, by)
    return found


def applied(sign_off: SignOff, kind: str, payload: Mapping[str, Any], by: int) -> SignOff:
    """The request after one more event; ValueError for one that the rules do not allow."""
    if kind == VOIDED_EVENT:
        if not may_be_voided(sign_off.outcome):
            raise ValueError("what has been turned down falls no more")
        return replace(sign_off, closed=VOIDED)
    try:
        if kind == WITHDRAWN_EVENT:
            check_withdraw(sign_off, by)
            return replace(sign_off, closed=WITHDRAWN)
        place = payload["place"]
        if kind == DELEGATED_EVENT:
            if check_delegate(sign_off, by, payload["to"]) != place:
                raise ValueError("somebody else's seat was handed on")
            return hand_on(sign_off, place, payload["to"])
        stands_in = {sign_off.seats[place].holder: by} if sign_off.seats[place].holder != by else {}
        if check_say(sign_off, by, _SAYING[kind], payload["reason"], stands_in) != place:
            raise ValueError("somebody else's seat was spoken for")
        return say(sign_off, place, _SAYING[kind], by)
    except Refusal as refusal:
        raise ValueError(str(refusal)) from refusal


def stand_ins(delegates: Mapping[int, int], person: int) -> Collection[int]:
    """For whom the person stands in today."""
    return sorted(absent for absent, delegate in delegates.items() if delegate == person and absent != person)
