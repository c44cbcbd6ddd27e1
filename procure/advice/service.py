"""Choosing a procedure on an advice, staying with it when the advice changes, and knowing what the advice said last."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

from procure.advice import asking, queries
from procure.advice.asking import Asked, NotAdvisable
from procure.advice.models import AdviceChoice, AdviceState
from procure.cases import queries as case_queries
from procure.cases import service as cases
from procure.cases.models import Case, CaseEvent
from procure.catalogue.rulebook import EDITION
from procure.domain.advice import changes, kept
from procure.domain.advice.changes import Gist
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION
from procure.domain.questions import Answers
from procure.infra import clock
from procure.infra.db import db

NOT_AVAILABLE: Final = "not_available"


def choose(
    case: Case, procedure: str, happened_on: date, reason: str, seen: str | None, by: Actor, today: date, now: datetime
) -> AdviceChoice:
    """The city chooses, whatever the advice: another procedure than the recommended one with a reason. The case is locked.

    `seen`: the mark of the advice on which the person chose (asking.mark), None for nobody who looked at a page. Raises Refusal, also
    when the case has moved on since.
    """
    asked = _asked_as_seen(case, seen, today)
    if not reason.strip() and procedure != asked.recommended:
        code = "choice_reason_missing_not_available" if _verdict(asked, procedure) == NOT_AVAILABLE else "choice_reason_missing"
        raise Refusal(Reason(code, target="reason"))
    event = cases.choose_procedure(case, procedure, happened_on, reason, by, today, now, asked.told)
    return _keep(case, asked, event, reason, False, today)


def confirm(case: Case, happened_on: date, reason: str, seen: str | None, by: Actor, today: date, now: datetime) -> AdviceChoice:
    """The city stays with its procedure although the advice has changed: it is not asked again until the next change."""
    asked = _asked_as_seen(case, seen, today)
    event = cases.confirm_procedure(case, happened_on, reason, by, today, now, asked.told)
    return _keep(case, asked, event, reason, True, today)


def _asked_as_seen(case: Case, seen: str | None, today: date) -> Asked:
    if not case.stage:
        raise Refusal(Reason("case_cancelled" if case.state else "case_finished"))
    try:
        asked = asking.ask(case, case_queries.facts_of(case_queries.answers_of(case)), today)
    except NotAdvisable as error:
        raise Refusal(Reason("not_advisable")) from error
    if seen is not None and seen != asking.mark(asked, case, queries.last_sequence(case)):
        raise Refusal(Reason("advice_moved_on"))
    return asked


def _verdict(asked: Asked, procedure: str) -> str:
    return asked.advice.verdict_of(procedure).verdict


def _keep(case: Case, asked: Asked, event: CaseEvent, reason: str, confirmed: bool, today: date) -> AdviceChoice:
    """Advice, facts, edition and choice as they are now."""
    choice = AdviceChoice(
        case_id=case.id, sequence=event.sequence, confirmed=confirmed, procedure=case.procedure, recommended=asked.recommended,
        regime=asked.advice.regime, verdict=_verdict(asked, case.procedure), reason=reason.strip(), facts=asked.document,
        advice=kept.to_document(asked.advice), edition=asked.edition, rules_on=asked.advice.rules_on, advised_on=today,
        chosen_on=event.happened_on, chosen_at=event.recorded_at, chosen_by_id=event.recorded_by_id, chosen_by=event.recorded_by,
    )  # fmt: skip
    db.session.add(choice)
    db.session.flush()
    keep_state(case, state_values(case, asked, today, gist_then(choice)))
    return choice


def gist_then(choice: AdviceChoice | None) -> Gist | None:
    """What the advice said when the city chose; None where nothing was kept."""
    return Gist(choice.recommended, choice.regime, choice.verdict) if choice else None


def gist_now(case: Case, asked: Asked) -> Gist:
    return changes.gist_of(asked.advice, "" if case.procedure == PREPARATION else case.procedure)


def follow(case: Case, answers: Answers) -> None:
    """Told of every case that has changed (cases.service.follow): what the advice says now is kept, for the pages to read."""
    if not case.stage:
        return
    today = clock.today()
    try:
        asked = asking.ask(case, answers, today, timed=False)
    except NotAdvisable:
        values = _not_advisable(case, today)
    else:
        values = state_values(case, asked, today, gist_then(queries.last_choice(case)))
    state = queries.state_of(case)
    if state is None or any(getattr(state, name) != value for name, value in values.items() if name != "advised_on"):
        keep_state(case, values)


def state_values(case: Case, asked: Asked, today: date, then: Gist | None) -> dict[str, Any]:
    """The row of `advice_states` for that case."""
    return {
        "case_id": case.id, "recommended": asked.recommended, "regime": asked.advice.regime,
        "compared": asked.advice.value.compared, "edition": asked.edition, "advised_on": today,
        "fingerprint": asked.fingerprint, "differs": then is not None and then != gist_now(case, asked),
    }  # fmt: skip


def _not_advisable(case: Case, today: date) -> dict[str, Any]:
    return {
        "case_id": case.id, "recommended": "", "regime": "", "compared": None, "edition": EDITION, "advised_on": today,
        "fingerprint": "", "differs": False,
    }  # fmt: skip


def keep_state(case: Case, values: dict[str, Any]) -> None:
    """Write the state, whether or not the case had one: `procure readvise` may be writing at the same time."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(AdviceState).values(**values)
    changed = {name: value for name, value in values.items() if name != "case_id"}
    db.session.execute(statement.on_conflict_do_update(index_elements=[AdviceState.case_id], set_=changed))
    state = db.session.identity_map.get(db.session.identity_key(AdviceState, case.id))
    if state is not None:
        db.session.refresh(state)
