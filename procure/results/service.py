"""Recording what a procurement brought. Each act is one event in the case's log, in the transaction of the act; the case is locked
(`cases.queries.case_to_change`). What is recorded again takes the place of what was there, and both stay in the log.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from procure.cases import deadlines
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.cases.service import procedure_of, progress_of, record
from procure.domain import results as rules
from procure.domain import reviews, stages
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.questions import has_value
from procure.domain.results import Aim, Closed, Count, Effect, Measurement, Results
from procure.domain.reviews import Decision, Review, Said
from procure.infra.db import db
from procure.results import queries
from procure.results.models import ReviewWords

LOTS: Final = "lots"


class Overtaken(Refusal):
    """Somebody has recorded something else since the page was opened: it is shown, nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the case brought, and what its course lets be recorded. `suspends`: the Act itself lets no contract be made while an appeal
    is pending; `contract_ahead`: none has been made yet, and the procedure has one."""

    results: Results
    closed: Closed
    suspends: bool
    contract_ahead: bool

    @property
    def holding(self) -> tuple[Review, ...]:
        """Reviews because of which no contract may be made now."""
        return reviews.holding(self.results.reviews, self.suspends)


def standing_of(case: Case) -> Standing:
    """From the log, in one query."""
    return standing_from(case, queries.events_with_stages(case))


def standing_from(case: Case, events: Sequence[Any]) -> Standing:
    """The same from events of stages and results that have been read already."""
    procedure, staged = procedure_of(case), [event for event in events if event.kind in stages.REPLAYED]
    progress = progress_of(case, staged)
    ids = [stage.id for stage in procedure.stages]
    situation = deadlines.situation(procedure, progress, staged)
    over = rules.closed(progress, ids)
    return Standing(
        rules.replay(events, over), over,
        reviews.suspends(procedure.id, situation.regime, situation.ex_ante, situation.exception),
        stages_ahead(progress, ids),
    )  # fmt: skip


def stages_ahead(progress: stages.Progress, ids: Sequence[str]) -> bool:
    """Whether a contract is still to be made in the procedure."""
    return "contract" in ids and not progress.finished and not progress.passed("contract")


def check_contract(case: Case, stage: str, by: Actor) -> None:
    """No standstill ends and no contract is made while an appeal holds it (cases.gating.guard_completion). Raises Refusal."""
    points = [point.id for point in procedure_of(case).stage(stage).gate]
    if not reviews.waits_for_reviews(stage, points):
        return
    held = standing_of(case).holding
    if held:
        filed_on = held[0].said.filed_on
        parameters = {"filed_on": filed_on.isoformat() if filed_on else ""}
        raise Refusal(Reason("contract_held_by_review", parameters, reviews.CITATION, target="happened_on"))


# tenders


def lots_of(case: Case) -> list[Mapping[str, Any]]:
    """The lots that the case's answers name; none where it is not divided."""
    answers = cases.facts_of(cases.answers_of(case))
    return list(answers[LOTS].value) if has_value(LOTS, answers) else []


def count_tenders(
    case: Case, lot: int, round_: int, numbers: Mapping[str, int], reason: str, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """How many tenders and requests came in for the lot (0: the procurement) in that round. `seen`: the entry that was on the screen.

    The same sent twice is one; no numbers at all take an earlier count back. Raises Refusal, and Overtaken `results_changed`.
    """
    standing = standing_of(case)
    before = standing.results.count(lot, round_)
    if lot < 0 or lot > len(lots_of(case)) or not 1 <= round_ <= max(standing.closed.tenders, 1):
        raise Refusal(Reason("lot_unknown"))
    if before is not None and dict(before.numbers) == dict(numbers):
        return
    _check_seen(before, seen)
    if numbers or before is None:
        rules.check_numbers(numbers)
        rules.check_closed(numbers, round_, standing.closed)
    payload: dict[str, Any] = {"tenders": {"lot": lot, "round": round_, "numbers": dict(numbers)}}
    if before is not None:
        payload |= {"old": dict(before.numbers), "reason": _reason(reason)}
    record(case, rules.TENDERS_COUNTED, payload, today, by, now)


# reviews


@dataclass(frozen=True, slots=True)
class Words:
    """Who asks for the review and what they demand: tender material."""

    supplier: str = ""
    text: str = ""


def record_review(
    case: Case, said: Said, words: Words, newest: int, by: Actor, today: date, now: datetime
) -> int:  # fmt: skip
    """A review has been asked for, or begun by the city; says its number. `newest`: the number given last when the page was opened, so
    that the same form sent twice records one. Raises Refusal."""
    standing = standing_of(case)
    last = standing.results.review(standing.results.last_review)
    if last is not None and last.number > newest and last.said == said:
        return last.number
    reviews.check_said(said, None, standing.suspends, today)
    number = standing.results.last_review + 1
    payload: dict[str, Any] = {"review": number, "said": rules.written(said)}
    if words != Words():
        payload["words"] = _keep_words(case, number, 1, words, now)
    assert said.filed_on is not None  # check_said
    record(case, rules.REVIEW_RECORDED, payload, said.filed_on, by, now)
    return number


def correct_review(
    case: Case, number: int, said: Said, words: Words | None, reason: str, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """What was recorded of the review was wrong, or more is known. `words` None: whoever corrects it does not see them, and they stay.

    Raises Refusal, and Overtaken `results_changed`.
    """
    standing = standing_of(case)
    before = _review(standing.results, number)
    kept = queries.words_of_review(case, number)
    present = Words(kept.supplier, kept.text) if kept else Words()
    if before.said == said and words in (None, present):
        return
    _check_seen(before, seen)
    reviews.check_said(said, before.decision.decided_on if before.decision else None, standing.suspends, today)
    if before.decision is not None and said.kind != before.said.kind:
        reviews.check_decision(Review(number, said), before.decision, today)
    payload: dict[str, Any] = {"review": number, "said": rules.written(said), "reason": _reason(reason)}
    if words is not None and words != present:
        payload["words"] = _keep_words(case, number, (kept.version if kept else 0) + 1, words, now)
    elif kept is not None:
        payload["words"] = {"version": kept.version, "sha256": digest(kept.supplier, kept.text, kept.salt)}
    record(case, rules.REVIEW_CORRECTED, payload, today, by, now)


def decide_review(
    case: Case, number: int, decision: Decision, reason: str, seen: int, by: Actor, today: date, now: datetime
) -> None:  # fmt: skip
    """How the review ended; an outcome that was recorded wrongly is corrected the same way, with a reason. Raises Refusal, and
    Overtaken `results_changed`."""
    before = _review(standing_of(case).results, number)
    if before.decision == decision:
        return
    _check_seen(before, seen)
    reviews.check_decision(before, decision, today)
    payload: dict[str, Any] = {"review": number, "decision": rules.written(decision)}
    if before.decision is not None:
        payload["reason"] = _reason(reason)
    record(case, rules.REVIEW_DECIDED, payload, decision.decided_on, by, now)


def remove_review(case: Case, number: int, reason: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """There was no such review: it stays in the log only. Raises Refusal, and Overtaken `results_changed`."""
    _check_seen(_review(standing_of(case).results, number), seen)
    record(case, rules.REVIEW_REMOVED, {"review": number, "reason": _reason(reason)}, today, by, now)


def _keep_words(case: Case, number: int, version: int, words: Words, now: datetime) -> dict[str, Any]:
    salt = secrets.token_hex(16)
    db.session.add(
        ReviewWords(
            case_id=case.id, review=number, version=version, supplier=words.supplier, text=words.text, salt=salt, written_at=now
        )
    )
    db.session.flush()
    return {"version": version, "sha256": digest(words.supplier, words.text, salt)}


def digest(supplier: str, text: str, salt: str) -> str:
    """What the log keeps of the words: enough to show later that they are the same, and nothing to guess them by."""
    return hashlib.sha256("\n".join((salt, supplier, text)).encode()).hexdigest()


# effects


def record_effect(case: Case, aim: Aim, newest: int, by: Actor, today: date, now: datetime) -> int:
    """What is expected, and how it will be counted; says the effect's number. `newest`: as for `record_review`. Raises Refusal."""
    found = standing_of(case).results
    last = found.effect(found.last_effect)
    if last is not None and last.number > newest and last.aim == aim:
        return last.number
    rules.check_aim(aim)
    number = found.last_effect + 1
    record(case, rules.EFFECT_RECORDED, {"effect": number, "aim": rules.written(aim)}, today, by, now)
    return number


def correct_effect(case: Case, number: int, aim: Aim, reason: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The effect is counted otherwise from now on; what was measured stays. Raises Refusal, and Overtaken `results_changed`."""
    before = _effect(standing_of(case).results, number)
    if before.aim == aim:
        return
    _check_seen(before, seen)
    rules.check_aim(aim)
    payload = {"effect": number, "aim": rules.written(aim), "reason": _reason(reason)}
    record(case, rules.EFFECT_CORRECTED, payload, today, by, now)


def measure(
    case: Case, number: int, measurement: Measurement, seen: int, by: Actor, today: date, now: datetime
) -> None:  # fmt: skip
    """What was achieved by a day; the newest day counts, of two on one day the later entry. Raises Refusal, and Overtaken
    `results_changed`."""
    before = _effect(standing_of(case).results, number)
    if before.measured and rules.written(before.measured[-1]) == rules.written(measurement):
        return
    _check_seen(before, seen)
    rules.check_measurement(measurement, before.aim, today)
    payload = {"effect": number, "measured": rules.written(measurement)}
    record(case, rules.EFFECT_MEASURED, payload, measurement.on, by, now)


def remove_effect(case: Case, number: int, reason: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The effect is not followed, or was recorded by mistake: it stays in the log only. Raises Refusal, and Overtaken
    `results_changed`."""
    _check_seen(_effect(standing_of(case).results, number), seen)
    record(case, rules.EFFECT_REMOVED, {"effect": number, "reason": _reason(reason)}, today, by, now)


def _review(found: Results, number: int) -> Review:
    review = found.review(number)
    if review is None:
        raise Overtaken(Reason("results_changed"))
    return review


def _effect(found: Results, number: int) -> Effect:
    effect = found.effect(number)
    if effect is None:
        raise Overtaken(Reason("results_changed"))
    return effect


def _check_seen(before: Count | Review | Effect | None, seen: int) -> None:
    if seen != (before.sequence if before else 0):
        raise Overtaken(Reason("results_changed"))


def _reason(text: str) -> str:
    reason = text.replace("\r\n", "\n").strip()
    if not reason:
        raise Refusal(Reason("reason_missing", target="reason"))
    return reason
