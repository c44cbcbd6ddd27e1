"""What can be done with a case. Each act is one event in its log, in the transaction of the act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from procure.accounts.models import Organisation
from procure.cases import deadlines, gating, queries, texts
from procure.cases.deadlines import NOTHING, Given, Situation
from procure.cases.models import NO_DATE, Answer, Case, CaseEvent, CasePartner, CaseText, ReferenceCounter
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain import acts, after_events, checklists, dates, stages
from procure.domain.language import LANGUAGES, pick
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION, Procedure
from procure.domain.questions import Answers, has_value
from procure.domain.references import chained, event_row, reference
from procure.infra.clock import FINLAND
from procure.infra.db import db

ANSWERS_SAVED: Final = "answers_saved"
PROCEDURE_CONFIRMED: Final = "procedure_confirmed"

Follower = Callable[[Case, Answers], None]
_followers: dict[str, Follower] = {}


def follow(name: str, follower: Follower) -> None:
    """From now on `follower` is told of every case that has changed, with its answers, in the transaction of the change. It is how a
    feature that stands above the cases keeps what it derives from them; one of the same name takes the other's place."""
    _followers[name] = follower


def record(case: Case, kind: str, payload: dict[str, Any], happened_on: date, by: Actor, now: datetime) -> CaseEvent:
    """Add one event to the case's log. The case must be locked (`queries.case_to_change`) or new. An actor without a
    number is the service itself."""
    case.last_sequence += 1
    row = event_row(
        case.reference, case.last_sequence, kind, payload, happened_on.isoformat(), now.astimezone(UTC).isoformat(), by.id or None, by.name,
        by.role,
    )  # fmt: skip
    case.last_hash = chained(case.last_hash, row)
    case.last_event_on = now.astimezone(FINLAND).date()
    event = CaseEvent(
        case_id=case.id, sequence=case.last_sequence, kind=kind, payload=payload, happened_on=happened_on, recorded_at=now,
        recorded_by_id=by.id or None, recorded_by=by.name, role=by.role, hash=case.last_hash,
    )  # fmt: skip
    db.session.add(event)
    return event


def open_case(
    organisation: Organisation, answers: dict[str, Any], by: Actor, today: date, now: datetime, *,
    language: str, opened_on: date | None = None,
) -> Case:  # fmt: skip
    """A new case with its first answers (question id -> value: at least title, contract_kind and value_amount)."""
    questionnaire = question_catalogue.catalogue().latest
    preparation = procedure_catalogue.catalogue().preparation
    happened_on = opened_on or today
    case = Case(
        reference=_next_reference(organisation, happened_on.year), organisation_id=organisation.id, language=language,
        questionnaire_edition=questionnaire.edition, procedure=PREPARATION, procedure_edition=preparation.edition,
        opened_on=happened_on, opened_by_id=by.id, responsible_id=by.id, contract_kind="", title_fi="", title_sv="",
        title_en="", stage=preparation.stages[0].id, stage_entered_on=happened_on, sort_date=NO_DATE,
        state="", last_sequence=0, last_hash="",
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    for question, value in answers.items():
        db.session.add(
            Answer(case_id=case.id, question=question, value=value, known=True, version=1, saved_at=now, saved_by=by.name)
        )
    payload = {"procedure": PREPARATION, "edition": preparation.edition, "answers": answers}
    record(case, stages.OPENED, payload, happened_on, by, now)
    db.session.flush()
    refresh(case)
    return case


def _next_reference(organisation: Organisation, year: int) -> str:
    key = {"organisation_id": organisation.id, "year": year}
    locked = select(ReferenceCounter).filter_by(**key).with_for_update()
    counter = db.session.scalar(locked)
    if counter is None:
        try:
            with db.session.begin_nested():
                db.session.add(ReferenceCounter(**key, last=0))
        except IntegrityError:
            pass  # the year's first case is being opened by somebody else too: their row is there now
        counter = db.session.scalars(locked).one()
    counter.last += 1
    return reference(organisation.letters, year, counter.last)


def procedure_of(case: Case) -> Procedure:
    """The edition that the case keeps."""
    return procedure_catalogue.catalogue().get(case.procedure, case.procedure_edition)


def stage_events_of(case: Case, events: Sequence[Any] | None = None) -> list[tuple[stages.StageEvent, Procedure]]:
    """What `stages.replay` takes: the log's stage events and corrections, each with the procedure in force once it happened."""
    catalogue = procedure_catalogue.catalogue()
    procedure = catalogue.preparation
    pairs = []
    for event in queries.stage_events_of(case) if events is None else events:
        payload = event.payload
        if event.kind in (stages.OPENED, stages.PROCEDURE_CHOSEN):
            procedure = catalogue.get(payload["procedure"], payload["edition"])
        stage_event = stages.stage_event(
            event.sequence, event.kind, payload, event.happened_on, event.recorded_at, event.recorded_by
        )
        pairs.append((stage_event, procedure))
    return pairs


def progress_of(case: Case, events: Sequence[Any] | None = None) -> stages.Progress:
    """Where the case is, from its log."""
    return stages.replay(stage_events_of(case, events))


def standing_of(case: Case) -> tuple[stages.Progress, Situation]:
    """Where the case is, and what the log says of the events that start periods of the law."""
    events = queries.stage_events_of(case)
    progress = progress_of(case, events)
    return progress, deadlines.situation(procedure_of(case), progress, events)


def complete_stage(
    case: Case, stage_id: str, happened_on: date, confirmed: frozenset[str], note: str, by: Actor, today: date, now: datetime,
    given: Given = NOTHING, seen: int | None = None,
) -> None:  # fmt: skip
    """Pass the present stage, or one that runs beside it, on a date that may lie in the past; the periods of the law that this starts
    are kept with the event. `seen`: the `Progress.sequence` that was on the screen, None where nobody looked.

    Raises Refusal with every reason, also when the law forbids the step before a day (129 §, 131 §).
    """
    procedure, (progress, standing) = procedure_of(case), standing_of(case)
    wait = deadlines.wait_at(stage_id, queries.deadlines_of(case), standing)
    too_early = wait is not None and happened_on < wait.safe_on
    if not too_early:
        given = given.without_exception()
    _check_turn(progress, stage_id, seen)
    stages.check_way_on(procedure, stage_id)
    acts.check_nothing_left(progress, procedure, stage_id)
    answers = queries.facts_of(queries.answers_of(case))
    told = confirmed | after_events.TOLD_BY_COUNTING if too_early else confirmed  # nobody has to claim that it has ended
    check_all(
        lambda: stages.check_date(progress, happened_on, today),
        lambda: checklists.check_gate(gating.gate_of(case, answers, told, stage_id)),
        *(partial(guard, case, stage_id, by) for guard in gating.guards()),
        lambda: deadlines.check_given(stage_id, happened_on, standing, given),
        lambda: deadlines.check_wait(happened_on, wait, given),
    )
    begun = deadlines.begun(stage_id, happened_on, standing, given, answers)
    payload = {"stage": stage_id, "confirmed": sorted(confirmed), "reason": note, **given.payload}
    event = record(case, stages.COMPLETED, payload, happened_on, by, now)
    deadlines.keep(case, begun, given.evidence, event.sequence)
    refresh(case)


def _check_turn(progress: stages.Progress, stage_id: str, seen: int | None) -> None:
    """The stage may be left now: it is where the person saw the case, and nothing halts it. Raises Refusal."""
    acts.check_active(progress)
    stages.check_current(progress, stage_id)
    if seen is not None:
        acts.check_seen(progress, seen)


def skip_stage(
    case: Case, stage_id: str, happened_on: date, reason: str, by: Actor, today: date, now: datetime, seen: int | None = None
) -> None:
    """Pass an optional stage without doing it; the reason is kept. Raises Refusal.

    A standstill is left out inside a dynamic purchasing system only: the exception stands in the log with the reason.
    """
    progress, procedure = progress_of(case), procedure_of(case)
    _check_turn(progress, stage_id, seen)
    stages.check_skip(procedure.stage(stage_id))
    acts.check_nothing_left(progress, procedure, stage_id)
    stages.check_date(progress, happened_on, today)
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    lifts = stage_id == after_events.STANDSTILL
    exception = Given(exception=after_events.DYNAMIC_PURCHASE, exception_reason=reason) if lifts else NOTHING
    event = record(case, stages.SKIPPED, {"stage": stage_id, "reason": reason, **exception.payload}, happened_on, by, now)
    if lifts:
        deadlines.lift(case, event.sequence)
    refresh(case)


def return_to_stage(
    case: Case, stage_id: str, happened_on: date, reason: str, by: Actor, today: date, now: datetime, seen: int | None = None
) -> None:
    """Go back to an earlier stage; what was passed stays in the log, and what ran beside ends. Raises Refusal."""
    progress = progress_of(case)
    acts.check_active(progress)
    if seen is not None:
        acts.check_seen(progress, seen)
    stages.check_return(progress, procedure_of(case), stage_id)
    stages.check_date(progress, happened_on, today)
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    payload = {"stage": stage_id, "from": case.stage, "reason": reason}
    event = record(case, stages.RETURNED, payload, happened_on, by, now)
    deadlines.set_aside_from(case, procedure_of(case), stage_id, event.sequence)
    refresh(case)


def choose_procedure(
    case: Case, procedure_id: str, happened_on: date, reason: str, by: Actor, today: date, now: datetime,
    advice: Mapping[str, str] | None = None,
) -> CaseEvent:  # fmt: skip
    """Take the latest edition of a procedure into use; the case keeps it from then on. Raises Refusal.

    `advice`: what the adviser said (regime, recommended, edition, compared), for the log; to choose what it recommends needs no reason.
    """
    progress = progress_of(case)
    if not reason.strip() and (advice is None or advice["recommended"] != procedure_id):
        raise Refusal(Reason("reason_missing", target="reason"))
    acts.check_active(progress)
    stages.check_date(progress, happened_on, today)
    if procedure_id == case.procedure:
        raise Refusal(Reason("procedure_same", target="procedure"))
    procedure = procedure_catalogue.catalogue().latest(procedure_id, happened_on)
    payload: dict[str, Any] = {
        "procedure": procedure.id, "edition": procedure.edition, "old": case.procedure, "reason": reason.strip(),
    }  # fmt: skip
    if advice is not None:
        payload["advice"] = dict(advice)
    case.procedure, case.procedure_edition = procedure.id, procedure.edition
    event = record(case, stages.PROCEDURE_CHOSEN, payload, happened_on, by, now)
    current = progress_of(case).current
    deadlines.set_aside_from(case, procedure, current.stage if current else "", event.sequence)
    refresh(case)
    return event


def confirm_procedure(
    case: Case, happened_on: date, reason: str, by: Actor, today: date, now: datetime, advice: Mapping[str, str]
) -> CaseEvent:
    """The procedure stays although the advice has changed: kept with its reason. Raises Refusal."""
    if case.procedure == PREPARATION:
        raise Refusal(Reason("procedure_not_chosen"))
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    stages.check_date(progress_of(case), happened_on, today)
    payload = {
        "procedure": case.procedure, "edition": case.procedure_edition, "reason": reason.strip(), "advice": dict(advice),
    }  # fmt: skip
    event = record(case, PROCEDURE_CONFIRMED, payload, happened_on, by, now)
    refresh(case)
    return event


def mark_deadline_met(case: Case, number: int, met_on: date, note: str, by: Actor, today: date, now: datetime) -> None:
    """What a running deadline asks for was done on that day; `number`: the deadline's row. Raises Refusal."""
    row = deadlines.check_met(queries.deadline_to_change(case, number), met_on, case.opened_on, today)
    row.met_on = met_on
    payload = {"deadline": row.rule, "last_day": row.rolled_last_day.isoformat(), "reason": note}
    record(case, deadlines.MET, payload, met_on, by, now)
    refresh(case)


def set_partners(case: Case, organisations: Sequence[Organisation]) -> None:
    """The cities that take part. Called with the answer to `partners`; the answer's event tells of the change."""
    wanted = {organisation.id for organisation in organisations if organisation.id != case.organisation_id}
    rows = db.session.scalars(select(CasePartner).where(CasePartner.case_id == case.id))
    present = {partner.organisation_id: partner for partner in rows}
    for organisation_id, partner in present.items():
        if organisation_id not in wanted:
            db.session.delete(partner)
    db.session.add_all(
        CasePartner(case_id=case.id, organisation_id=added, sort_date=case.sort_date, procedure=case.procedure, stage=case.stage)
        for added in sorted(wanted - present.keys())
    )
    db.session.flush()
    db.session.expire(case, ["partners"])  # read again by whoever asks in this same session
    readers = texts.readers(queries.readers_of(case))
    db.session.execute(update(CaseText).where(CaseText.case_id == case.id).values(readers=readers))


@dataclass(frozen=True, slots=True)
class Headline:
    """What the lists show of the answers. `titles`: by language, the reference while there is no title."""

    titles: dict[str, str]
    contract_kind: str
    value_amount: Decimal | None


def headline(reference: str, answers: Answers) -> Headline:
    """From the answers alone."""

    def value(question: str) -> Any:
        return answers[question].value if has_value(question, answers) else None

    title = value("title") or reference
    amount = Decimal(value("value_amount")) if value("value_amount") else None
    return Headline({code: pick(title, code)[:300] for code in LANGUAGES}, value("contract_kind") or "", amount)


def refresh(case: Case) -> None:
    """Bring the derived columns up to date with answers and log: the lists read them."""
    db.session.flush()
    answers = queries.facts_of(queries.answers_of(case))
    procedure = procedure_of(case)
    progress = progress_of(case)

    def value(question: str) -> Any:
        return answers[question].value if has_value(question, answers) else None

    head = headline(case.reference, answers)
    case.title_fi, case.title_sv, case.title_en = (head.titles[language] for language in LANGUAGES)
    case.contract_kind, case.value_amount = head.contract_kind, head.value_amount
    current = progress.current
    case.stage = current.stage if current else ""
    case.stage_entered_on, case.state = progress.stands_since or case.opened_on, progress.state
    running = deadlines.in_force(case)
    wait = deadlines.wait_of(case.stage, running)
    acts = [dates.NextDate(on, kind) for on, kind in after_events.acts(progress, running)]
    upcoming = dates.next_date(
        progress, procedure, _day(value("start")), _day(value("contract_needed_by")),
        acts=acts, safe_on=wait.safe_on if wait else None,
    )  # fmt: skip
    case.next_date = upcoming.on if upcoming else None
    case.next_date_kind = upcoming.kind if upcoming else ""
    case.sort_date = upcoming.on if upcoming else NO_DATE
    kept = {"sort_date": case.sort_date, "procedure": case.procedure, "stage": case.stage}
    db.session.execute(update(CasePartner).where(CasePartner.case_id == case.id).values(kept))
    _keep_texts(case, answers)
    for follower in _followers.values():
        follower(case, answers)


def refresh_texts(case: Case) -> None:
    """Bring what the case is found by up to date: for features that have given it more names or texts (`cases.texts.SOURCES`)."""
    db.session.flush()
    _keep_texts(case, queries.facts_of(queries.answers_of(case)))


def _keep_texts(case: Case, answers: Answers) -> None:
    """In the transaction of the change. A row that stays as it is is not written, so that most steps of a case index nothing."""
    readers = queries.readers_of(case)
    found = texts.texts_of(
        case.reference, case.language, case.questionnaire_edition, readers, answers, texts.noted([case.id]).get(case.id, "")
    )
    row = db.session.get(CaseText, case.id)
    if row is None:
        db.session.add(CaseText(case_id=case.id, **found.columns))
    else:
        for name, value in found.columns.items():
            setattr(row, name, value)
    db.session.flush()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
