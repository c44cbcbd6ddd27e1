"""Asking, answering, handing on, voiding: what is recorded, who is told, and what stands afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from procure.accounts.models import Person
from procure.approvals import queries, service
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.desk.verify_command import verify
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from tests import factories
from tests.approvals.builders import ask, hand_on, say, to_sign, wanted, withdraw
from tests.cases import builders as case_builders
from tests.cases.histories import breaks, save, tamper

People = dict[str, Person]


def letters() -> list[tuple[str, str]]:
    """Receiver and subject of each letter without the case's reference, in order."""
    found = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.recipient.partition("@")[0], row.subject.partition(": ")[2]) for row in found]


def outcome(case: Case, number: int = 1) -> str:
    db.session.expire_all()
    approval = queries.approval_of(case, number)
    assert approval is not None
    return approval.outcome


def code(act: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


@pytest.fixture(autouse=True)
def every_history_holds(app: Flask) -> Iterator[None]:
    """After each test the tables are what the events say, and each case's chain is unbroken."""
    yield
    db.session.flush()
    for case in db.session.scalars(select(Case)):
        assert not [found for found in breaks(case) if found.broken.what in ("hash", "sequence", "end", "unreadable", "approval")]


def test_everybody_is_told_at_once_and_the_last_answer_tells_who_asked(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], people["officer2"])
    assert sorted(letters()) == [("manager", "your approval is asked for"), ("officer2", "your approval is asked for")]

    say(case, approval, people["officer2"])
    assert outcome(case) == "open"
    say(case, approval, people["manager"], words="Good")

    assert outcome(case) == "given"
    assert letters()[2:] == [("officer", "approved")]
    assert [event.recorded_by for event in factories.events(case, "approval_given")] == ["Officer2", "Manager"]


def test_in_order_the_next_is_told_once_the_one_before_has_approved(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], people["officer2"], rule="order")
    assert [name for name, _subject in letters()] == ["manager"]
    assert code(lambda: say(case, approval, people["officer2"])) == ["approval_not_your_turn"]

    say(case, approval, people["manager"])

    assert [name for name, _subject in letters()] == ["manager", "officer2"]


def test_two_of_three_are_enough(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], people["officer2"], people["admin"], rule="of", needed=2)

    say(case, approval, people["manager"], "rejected", "Too dear")
    say(case, approval, people["officer2"])
    assert outcome(case) == "open"
    say(case, approval, people["admin"])

    assert outcome(case) == "given"


def test_one_who_rejects_ends_what_everybody_must_approve(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], people["officer2"])

    say(case, approval, people["manager"], "rejected", "Too dear")

    assert outcome(case) == "rejected"
    assert code(lambda: say(case, approval, people["officer2"])) == ["approval_is_over"]
    assert letters()[-1] == ("officer", "approval rejected")


def test_letters_tell_nothing_of_the_case(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], words="Secret words")
    say(case, approval, people["manager"], "changes_asked", "More secret words")

    for body in db.session.scalars(select(OutboxMessage.body)):
        assert "ecret" not in body
        assert "Sensors" not in body
        assert f"/cases/{case.reference}/approvals/1" in body


def test_the_same_request_and_the_same_answer_sent_twice_are_one(case: Case, people: People) -> None:
    first = ask(case, people["officer"], people["manager"])
    assert ask(case, people["officer"], people["manager"]).number == first.number
    for _click in range(2):
        say(case, first, people["manager"], "changes_asked", "Add options")

    assert len(factories.events(case, "approval_requested")) == 1
    assert len(factories.events(case, "approval_changes_asked")) == 1
    assert code(lambda: say(case, first, people["manager"])) == ["approval_is_over"]


def test_an_answer_once_given_is_not_changed(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], people["officer2"])
    say(case, approval, people["manager"])

    assert code(lambda: say(case, approval, people["manager"], "rejected", "Or not")) == ["approval_said_already"]


def test_people_of_other_cities_and_closed_accounts_are_not_asked(case: Case, people: People) -> None:
    people["officer2"].active = False

    assert code(lambda: ask(case, people["officer"], people["other_manager"])) == ["person_not_of_city"]
    assert code(lambda: ask(case, people["officer"], people["officer2"])) == ["person_not_of_city"]
    assert code(lambda: ask(case, people["officer"], people["expert"])) == ["person_not_of_city"]
    assert code(lambda: ask(case, people["officer"], people["officer"])) == ["approval_own"]


def test_who_asked_withdraws_and_nobody_answers_any_more(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"])
    assert code(lambda: withdraw(case, approval, people["officer2"])) == ["approval_not_yours"]

    withdraw(case, approval, people["officer"])
    withdraw(case, approval, people["officer"])

    assert len(factories.events(case, "approval_withdrawn")) == 1
    assert code(lambda: say(case, approval, people["manager"])) == ["approval_is_withdrawn"]
    assert ask(case, people["officer"], people["manager"]).number == 2


def test_who_is_away_is_stood_in_for_and_the_log_names_both(
    case: Case, people: People, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, admin, officer2 = people["manager"], people["admin"], people["officer2"]
    monkeypatch.setitem(
        service._delegates, "absences", lambda city, today: {manager.id: admin.id, officer2.id: people["officer"].id}
    )

    approval = ask(case, people["officer"], manager)
    assert sorted(name for name, _subject in letters()) == ["admin", "manager"]
    page = client_for(admin).get("/work?whose=mine").text
    assert "Answer: Procurement plan" in page
    assert "Approval, Manager" in page
    say(case, approval, admin)

    (event,) = factories.events(case, "approval_given")
    assert (event.recorded_by, event.payload["name"]) == ("Admin", "Manager")
    second = ask(case, people["officer"], officer2)
    assert code(lambda: say(case, second, people["officer"])) == ["approval_own"], "who asks stands in for nobody"


def test_a_sign_off_handed_on_is_the_other_s_to_give(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"])
    assert code(lambda: hand_on(case, approval, people["manager"], people["officer"])) == ["approval_delegate_asks"]

    for _click in range(2):
        hand_on(case, approval, people["manager"], people["admin"])
    assert len(factories.events(case, "approval_delegated")) == 1
    assert code(lambda: say(case, approval, people["manager"])) == ["approval_not_named"]
    say(case, approval, people["admin"])

    (event,) = factories.events(case, "approval_delegated")
    assert (event.payload["name"], event.payload["to_name"]) == ("Manager", "Admin")
    assert letters()[1] == ("admin", "an approval has been handed to you")


# what changes afterwards


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("value_amount", "520000"),
        ("value_options", True),
        ("award_criteria", {"en": "Price only"}),
        ("contract_kind", "goods"),
        ("desired_outcome", {"en": "Half the kilometres"}),
    ],
)
def test_a_material_answer_voids_what_was_approved_once_and_tells_why(
    case: Case, people: People, question: str, value: Any
) -> None:
    approval = ask(case, people["officer"], people["manager"])
    say(case, approval, people["manager"])
    before = len(letters())

    save(case, people["officer2"], **{question: value})
    save(case, people["officer2"], budget_line="Investments")

    assert outcome(case) == "voided"
    (event,) = factories.events(case, "approval_voided")
    assert list(event.payload["changes"]) == [question]
    assert event.recorded_by == "Officer2", "whoever has changed it"
    assert sorted(letters()[before:]) == [
        ("manager", "an approval no longer counts"),
        ("officer", "an approval no longer counts"),
    ]


def test_what_is_not_material_voids_nothing(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"])
    say(case, approval, people["manager"])

    save(case, people["officer"], budget_line="Investments", owner={"en": "Urban environment"}, value_amount="480000.00")
    save(case, people["officer"], value_options=None)

    assert outcome(case) == "given", "and to say that an answer is not known yet changes none"


def test_another_procedure_voids_what_was_approved_and_the_first_one_does_not(people: People) -> None:
    case, officer = factories.make_case(people["officer"]), people["officer"]
    by, today = factories.actor_of(officer), clock.today()
    approval = ask(case, officer, people["manager"])
    say(case, approval, people["manager"])

    case_service.choose_procedure(case, "open", today, "because", by, today, clock.now())
    assert outcome(case) == "given"
    approval = ask(case, officer, people["manager"], subject="procedure")
    case_service.choose_procedure(case, "restricted", today, "because", by, today, clock.now())

    assert outcome(case, 2) == "voided"
    (event,) = factories.events(case, "approval_voided")
    assert event.payload["changes"]["procedure"]["new"]["id"] == "restricted"


def test_the_choice_of_procedure_is_approved_once_there_is_one(case: Case, people: People) -> None:
    assert code(lambda: ask(case, people["officer"], people["manager"], subject="procedure")) == ["procedure_not_chosen"]


def test_the_approval_of_a_stage_is_over_with_the_stage(case: Case, people: People) -> None:
    save(case, people["officer"], **factories.FULL_NEED)
    approval = ask(case, people["officer"], people["manager"], subject="stage")
    say(case, approval, people["manager"])
    case_builders.complete(case, people["officer"], clock.today(), today=clock.today())

    save(case, people["officer"], value_amount="520000")

    assert outcome(case) == "given"


# four eyes


@pytest.fixture
def deciding(people: People) -> Case:
    """A case that stands in its award decision."""
    return case_builders.case_at(people["officer"], "open", "award_decision", case_builders.OPENED)


def complete(case: Case, person: Person) -> None:
    points = frozenset(point.id for point in case_service.procedure_of(case).stage(case.stage).gate if point.by_person)
    by = factories.actor_of(person)
    case_service.complete_stage(case, case.stage, case_builders.OPENED, points, "", by, case_builders.TODAY, clock.now())
    db.session.commit()


def test_the_award_decision_needs_the_approval_of_somebody_else(deciding: Case, people: People) -> None:
    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"]
    plan = ask(deciding, people["officer"], people["manager"])
    say(deciding, plan, people["manager"])
    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"], "of the decision, not of the plan"

    approval = ask(deciding, people["officer"], people["manager"], subject="award")
    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"], "it is not given yet"
    say(deciding, approval, people["manager"])
    assert code(lambda: complete(deciding, people["manager"])) == ["approval_only_yours"]
    complete(deciding, people["officer"])

    assert deciding.stage == "notification"


def test_who_approved_together_with_somebody_may_complete(deciding: Case, people: People) -> None:
    approval = ask(deciding, people["officer"], people["manager"], people["officer2"], subject="award")
    say(deciding, approval, people["manager"])
    say(deciding, approval, people["officer2"])

    complete(deciding, people["manager"])

    assert deciding.stage == "notification"


def test_a_voided_approval_holds_the_award_decision(deciding: Case, people: People) -> None:
    approval = ask(deciding, people["officer"], people["manager"], subject="award")
    say(deciding, approval, people["manager"])
    save(deciding, people["officer"], value_amount="520000")

    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"]


def test_the_last_word_on_the_decision_counts(deciding: Case, people: People) -> None:
    first = ask(deciding, people["officer"], people["manager"], subject="award")
    say(deciding, first, people["manager"])
    second = ask(deciding, people["officer"], people["officer2"], subject="award")
    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"]

    withdraw(deciding, second, people["officer"])
    complete(deciding, people["officer"])

    assert deciding.stage == "notification"


def test_a_decision_that_is_made_anew_is_approved_anew(deciding: Case, people: People) -> None:
    factories.approve_award(deciding, people["officer"])
    complete(deciding, people["officer"])
    by, today = factories.actor_of(people["officer"]), case_builders.TODAY
    case_service.return_to_stage(deciding, "award_decision", case_builders.OPENED, "An error", by, today, clock.now())

    assert code(lambda: complete(deciding, people["officer"])) == ["gate_needs_approval"]


def test_every_procedure_s_decision_is_held(people: People) -> None:
    for procedure, stage in (
        ("small_purchase", "award_decision"),
        ("design_contest", "result"),
        ("direct_award", "award_decision"),
    ):
        case = case_builders.case_at(people["officer"], procedure, stage, case_builders.OPENED)
        assert code(lambda case=case: complete(case, people["officer"])) == ["gate_needs_approval"]
        assert not case_service.procedure_of(case).stage(stage).optional, "what may be skipped would not be held"


# verify


def test_what_is_changed_behind_the_service_s_back_is_found(app: Flask, case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"])
    say(case, approval, people["manager"], "rejected", "No")
    run = CliRunner()
    assert run.invoke(verify, [], obj=ScriptInfo(create_app=lambda: app)).exit_code == 0
    seat = approval.seats[0].id
    for statement, undo in (
        ("UPDATE approvals SET outcome = 'given'", "UPDATE approvals SET outcome = 'rejected'"),
        ("UPDATE approval_seats SET words = 'Yes' WHERE id = :seat", "UPDATE approval_seats SET words = 'No' WHERE id = :seat"),
    ):
        values = {"seat": seat} if ":seat" in statement else {}
        tamper(statement, **values)

        result = run.invoke(verify, [case.reference], obj=ScriptInfo(create_app=lambda: app))
        assert result.exit_code == 1
        assert "an approval stored is not the one that the log gives" in result.stdout
        tamper(undo, **values)


def test_the_list_of_a_case_takes_the_same_queries_however_many_approvals_it_has(
    case: Case, people: People, count_queries: Any, client_for: Any
) -> None:
    client = client_for(people["manager"])
    numbers = []
    for more in (1, 6):
        for number in range(more):
            ask(case, people["officer"], people["manager"], people["admin"], words=f"{more}.{number}")
        executed = count_queries()
        assert client.get(f"/cases/{case.reference}/approvals").status_code == 200
        numbers.append(len(executed))

    assert numbers[0] == numbers[1] <= 6


def test_a_request_stands_on_what_was_known(case: Case, people: People) -> None:
    approval = ask(case, people["officer"], people["manager"], due_on=clock.today() + timedelta(days=1))

    assert approval.facts["value_amount"] == "480000"
    assert approval.facts["award_criteria"] is None
    (event,) = factories.events(case, "approval_requested")
    assert event.payload["facts"] == approval.facts
    found, present = to_sign(case, approval, people["manager"])
    assert service.facts_of(found, cases.facts_of(cases.answers_of(found))) == present.facts
    assert wanted(people["manager"]).people == (people["manager"].id,)
