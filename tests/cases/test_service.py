"""What can be done with a case, and what the log says of it afterwards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases import queries, service
from procure.cases.deadlines import NOTHING, Given
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.references import chained
from procure.infra import clock
from procure.infra.db import db
from tests import factories

TODAY = clock.today()


def points(case: Case) -> frozenset[str]:
    return frozenset(point.id for point in service.procedure_of(case).stage(case.stage).gate if point.by_person)


def complete(case: Case, person: Person, day: date = TODAY, given: Given = NOTHING) -> None:
    factories.approve_award(case, person)
    service.complete_stage(case, case.stage, day, points(case), "", factories.actor_of(person), TODAY, clock.now(), given)


def test_references_run_by_city_and_year(people: dict[str, Person]) -> None:
    first = factories.make_case(people["officer"], opened_on=date(2025, 3, 1))
    second = factories.make_case(people["officer2"], opened_on=date(2025, 4, 1))
    oulu = factories.make_case(people["other_officer"], opened_on=date(2025, 4, 1))
    later = factories.make_case(people["officer"], opened_on=date(2026, 1, 1))

    assert [c.reference for c in (first, second, oulu, later)] == [
        "TRE-2025-0001",
        "TRE-2025-0002",
        "OUL-2025-0001",
        "TRE-2026-0001",
    ]


def test_an_open_case_stands_in_the_first_stage_of_preparation(case: Case) -> None:
    assert case.stage == "need"
    assert case.procedure == "preparation"
    assert case.procedure_edition == service.procedure_of(case).edition
    assert case.titles.en == "Sensors for waste bins"


def test_a_stage_is_not_completed_while_its_answers_are_missing(case: Case, people: dict[str, Person]) -> None:
    with pytest.raises(Refusal) as refused:
        complete(case, people["officer"])

    assert {reason.code for reason in refused.value.reasons} == {"gate_lacks"}
    assert case.stage == "need"
    assert [event.kind for event in queries.events_of(case)] == ["case_opened"]


def test_a_stage_is_not_completed_while_a_person_has_not_confirmed(case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    assert points(case), "the first stage has a point that a person confirms"

    with pytest.raises(Refusal) as refused:
        service.complete_stage(case, "need", TODAY, frozenset(), "", factories.actor_of(people["officer"]), TODAY, clock.now())

    assert {reason.code for reason in refused.value.reasons} == {"gate_not_confirmed"}


def test_a_completed_stage_is_kept_with_both_dates_and_who_did_it(people: dict[str, Person]) -> None:
    case = factories.make_case(people["officer"], opened_on=TODAY - timedelta(days=30))
    factories.answer(case, people["officer"], **factories.FULL_NEED)

    complete(case, people["officer2"], TODAY - timedelta(days=10))

    event = queries.events_of(case)[-1]
    assert (event.kind, event.happened_on, event.recorded_by) == ("stage_completed", TODAY - timedelta(days=10), "Officer2")
    assert event.recorded_at.date() >= TODAY - timedelta(days=1)
    assert case.stage == "prior_art"
    assert case.stage_entered_on == TODAY - timedelta(days=10)


def test_the_same_stage_is_completed_once(case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"])

    with pytest.raises(Refusal) as refused:
        service.complete_stage(case, "need", TODAY, frozenset(), "", factories.actor_of(people["officer2"]), TODAY, clock.now())

    assert refused.value.reasons[0].code == "stage_already_left"
    assert [event.kind for event in queries.events_of(case)].count("stage_completed") == 1


def test_an_obligatory_stage_cannot_be_skipped_and_an_optional_one_needs_a_reason(case: Case, people: dict[str, Person]) -> None:
    actor = factories.actor_of(people["officer"])
    with pytest.raises(Refusal):
        service.skip_stage(case, "need", TODAY, "no time", actor, TODAY, clock.now())
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"])
    with pytest.raises(Refusal) as refused:
        service.skip_stage(case, "prior_art", TODAY, "  ", actor, TODAY, clock.now())
    assert refused.value.reasons[0].code == "reason_missing"

    service.skip_stage(case, "prior_art", TODAY, "Known from the earlier pilot", actor, TODAY, clock.now())

    assert case.stage == "market_consultation"


def test_going_back_keeps_what_was_passed(case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"])

    service.return_to_stage(case, "need", TODAY, "The need changed", factories.actor_of(people["officer"]), TODAY, clock.now())

    visits = service.progress_of(case).visits
    assert [visit.stage for visit in visits] == ["need", "prior_art", "need"]
    assert case.stage == "need"


def test_the_case_keeps_the_edition_of_the_procedure_it_chose(case: Case, people: dict[str, Person]) -> None:
    service.choose_procedure(
        case, "innovation_partnership", TODAY, "Nothing on the market", factories.actor_of(people["officer"]), TODAY, clock.now()
    )

    event = queries.events_of(case)[-1]
    assert event.payload["procedure"] == case.procedure == "innovation_partnership"
    assert event.payload["edition"] == case.procedure_edition
    assert event.payload["reason"] == "Nothing on the market"
    assert case.stage == "need"


def test_the_log_can_not_be_changed_or_emptied(case: Case) -> None:
    for statement in ("UPDATE case_events SET kind = 'x'", "DELETE FROM case_events"):
        with pytest.raises(DatabaseError), db.session.begin_nested():
            db.session.execute(text(statement))
    assert [event.kind for event in queries.events_of(case)] == ["case_opened"]


def test_each_event_is_chained_to_the_one_before(case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"])

    previous = ""
    for event in queries.events_of(case):
        row = {
            "case": case.reference, "sequence": event.sequence, "kind": event.kind, "payload": event.payload,
            "happened_on": event.happened_on.isoformat(), "recorded_at": event.recorded_at.isoformat(),
            "recorded_by_id": event.recorded_by_id, "recorded_by": event.recorded_by, "role": event.role,
        }  # fmt: skip
        assert event.hash == chained(previous, row)
        previous = event.hash
    assert case.last_hash == previous


def test_what_the_list_shows_follows_answers_and_log(case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], title={"fi": "Uusi nimi"}, value_amount="1250000.50", start=TODAY.isoformat())

    assert case.title_sv == "Uusi nimi"
    assert case.value_amount == Decimal("1250000.50")
    assert case.next_date == TODAY
    assert case.next_date_kind == "start"
    assert case.sort_date == case.next_date


def test_every_procedure_can_be_walked_from_the_first_stage_to_the_last(app: Flask, people: dict[str, Person]) -> None:
    """Each gate of each procedure opens when all questions are answered and the person confirms the rest."""
    everything = {question.id: _value(question.kind) for question in _questions()}
    for procedure, _name in [(p.id, p) for p in _choosable()]:
        day = TODAY - timedelta(days=60)
        case = factories.make_case(people["officer"], opened_on=day)
        factories.answer(case, people["officer"], **everything | {"value_amount": "100000", "contract_kind": "services"})
        service.choose_procedure(case, procedure, day, "because", factories.actor_of(people["officer"]), TODAY, clock.now())

        while case.stage:
            if case.stage in ("standstill", "contract"):  # which end only once the law lets them
                day = TODAY
            complete(case, people["officer"], day, Given(sent_by="email") if case.stage == "notification" else NOTHING)

        assert service.progress_of(case).finished
        assert case.next_date is None


def _questions() -> tuple[service.Any, ...]:
    return service.question_catalogue.catalogue().latest.questions


def _choosable() -> tuple[service.Any, ...]:
    return service.procedure_catalogue.catalogue().choosable()


def _value(kind: str) -> object:
    return {
        "line": "words", "text": "words", "choice": "x", "choices": ["x"], "yes_no": True, "money": "1", "date": "2026-11-24",
        "number": 3, "cpv": ["72000000"], "municipalities": ["564"], "lots": [{"title": "a", "value": "1"}], "funding": [{"source": "own"}],
    }[kind]  # fmt: skip


def test_the_plan_is_not_completed_before_a_procedure_is_chosen(people: dict[str, Person]) -> None:
    everything = {question.id: _value(question.kind) for question in _questions()}
    case = factories.make_case(people["officer"], opened_on=TODAY)
    factories.answer(case, people["officer"], **everything | {"value_amount": "100000", "contract_kind": "services"})
    while case.stage != "plan":
        complete(case, people["officer"])

    with pytest.raises(Refusal) as refused:
        complete(case, people["officer"])

    assert refused.value.reasons[0].code == "procedure_not_chosen"
    assert case.stage == "plan"
