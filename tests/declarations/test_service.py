"""Declaring and deciding: each act with its event, nothing of what was written in the log, and nothing lost."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.attachments import service as attachments
from procure.cases.models import Case
from procure.declarations import queries, service
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.declarations.service import Overtaken
from procure.domain import declarations as rules
from procure.domain.outcomes import Refusal
from procure.domain.team import hash_of
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from tests import factories
from tests.attachments.builders import arrived
from tests.cases.histories import breaks
from tests.declarations.builders import WORDS, decide, declare, opens

People = dict[str, Person]


def rows() -> list[InterestDeclaration]:
    return list(db.session.scalars(select(InterestDeclaration).order_by(InterestDeclaration.id)))


def test_nothing_is_open_to_anybody_before_a_declaration(case: Case, people: People) -> None:
    assert not [name for name in ("officer", "officer2", "manager", "admin") if opens(case, people[name])]


@pytest.mark.parametrize("name", ["officer", "officer2", "manager", "admin"])
def test_no_conflict_opens_the_material_to_that_person_alone(case: Case, people: People, name: str) -> None:
    declare(case, people[name])

    assert [other for other in ("officer", "officer2", "manager", "admin") if opens(case, people[other])] == [name]
    assert factories.events(case, "interest_declared")[0].payload == {
        "declaration": 1, "outcome": "none", "held": False, "suppliers": 0, "sha256": hash_of(""), "length": 0,
    }  # fmt: skip


def test_partner_readers_and_guests_declare_too(case: Case, people: People) -> None:
    factories.make_partner(case, people["other_officer"])
    declare(case, people["other_officer"])

    assert opens(case, people["other_officer"])
    assert queries.case_to_declare(factories.actor_of(people["vaasa_officer"]), case.reference) is None
    assert queries.case_to_declare(factories.actor_of(people["expert"]), case.reference) is None


def test_a_conflict_closes_at_once_and_the_log_holds_only_the_hash_of_what_was_written(case: Case, people: People) -> None:
    declare(case, people["officer2"])
    declare(case, people["officer2"], "conflict")

    assert not opens(case, people["officer2"])
    payload = factories.events(case, "interest_declared")[1].payload
    assert payload == {
        "declaration": 2, "outcome": "conflict", "held": True, "suppliers": 0, "sha256": hash_of(WORDS), "length": len(WORDS),
    }  # fmt: skip
    assert [row.text for row in rows()] == ["", WORDS]


def test_taking_a_conflict_back_opens_nothing_until_a_manager_decides(case: Case, people: People) -> None:
    declare(case, people["officer2"], "conflict")
    again = declare(case, people["officer2"])
    assert not opens(case, people["officer2"])

    decide(case, people["manager"], again, True)

    assert opens(case, people["officer2"])


def test_a_manager_s_decision_opens_or_keeps_closed_and_the_latest_counts(case: Case, people: People) -> None:
    made = declare(case, people["officer2"], "conflict")
    decide(case, people["manager"], made, False, "She leads it.")
    assert queries.standing(factories.actor_of(people["officer2"]), case) == rules.CLOSED
    decide(case, people["manager"], made, True)

    assert opens(case, people["officer2"])
    kept, last = [event.payload for event in factories.events(case, "interest_decided")]
    assert (kept["opens"], last["opens"]) == (False, True)
    assert kept["sha256"] == hash_of("She leads it.")
    assert "She leads it." not in str([kept, last])


def test_the_declarations_are_renewed_when_the_suppliers_change_and_not_when_the_case_goes_back(
    case: Case, people: People
) -> None:
    declare(case, people["officer"])
    factories.answer(case, people["officer"], need={"en": "Other words"})
    assert opens(case, people["officer"])

    factories.answer(case, people["officer"], known_suppliers=3)
    assert queries.standing(factories.actor_of(people["officer"]), case) == rules.RENEW
    declare(case, people["officer"])

    assert opens(case, people["officer"])
    assert [row.suppliers for row in rows()] == [0, 1]


def test_a_declaration_against_suppliers_that_have_changed_since_is_refused(case: Case, people: People) -> None:
    factories.answer(case, people["officer"], known_suppliers=3)

    with pytest.raises(Overtaken, match="interest_suppliers_changed"):
        service.declare(case, "none", "", 0, factories.actor_of(people["officer"]), clock.today(), clock.now())


def test_the_same_declaration_and_the_same_decision_twice_are_one(case: Case, people: People) -> None:
    made = declare(case, people["officer2"], "conflict")
    assert declare(case, people["officer2"], "conflict").id == made.id
    decide(case, people["manager"], made, True)
    decide(case, people["manager"], made, True)

    assert len(rows()) == 1
    assert len(factories.events(case, "interest_decided")) == 1


def test_a_manager_does_not_decide_on_the_own_conflict(case: Case, people: People) -> None:
    made = declare(case, people["manager"], "conflict")

    with pytest.raises(Refusal, match="interest_own"):
        decide(case, people["manager"], made, True)


def test_a_manager_with_a_conflict_decides_on_nobody_s(case: Case, people: People) -> None:
    made = declare(case, people["officer2"], "conflict")
    declare(case, people["manager"], "conflict")

    with pytest.raises(Refusal, match="interest_decider_barred"):
        decide(case, people["manager"], made, True)


def test_of_two_managers_the_second_is_told_what_the_first_decided(case: Case, people: People) -> None:
    made = declare(case, people["officer2"], "conflict")
    decide(case, people["manager"], made, True)
    people["officer"].role = "manager"
    db.session.flush()
    other, wanted = factories.actor_of(people["officer"]), queries.declaration_of(case, 1)
    assert wanted is not None

    with pytest.raises(Overtaken) as refusal:
        service.decide(case, wanted, False, "No.", 0, other, clock.today(), clock.now())

    assert refusal.value.reasons[0].code == "interest_decided"
    assert opens(case, people["officer2"])


def test_a_decision_on_an_earlier_declaration_is_refused(case: Case, people: People) -> None:
    first = declare(case, people["officer2"], "conflict")
    declare(case, people["officer2"], "conflict", "Another thing.")

    with pytest.raises(Overtaken, match="interest_declared_anew"):
        decide(case, people["manager"], first, True)


@pytest.mark.parametrize("table", ["interest_declarations", "interest_decisions"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_keeps_every_row(case: Case, people: People, table: str, act: str) -> None:
    decide(case, people["manager"], declare(case, people["officer2"], "conflict"), True)

    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(act.format(table)))


def test_the_check_of_a_history_finds_a_decision_that_the_log_does_not_know(case: Case, people: People) -> None:
    decide(case, people["manager"], declare(case, people["officer2"], "conflict"), True)
    assert breaks(case) == ()
    db.session.add(
        InterestDecision(
            declaration_id=rows()[0].id, opens=True, reason="Slipped in", decided_by_id=people["manager"].id, decided_by="Manager",
            decided_on=clock.today(), decided_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()

    (found,) = breaks(case)
    assert (found.broken.what, found.broken.detail) == ("declaration", "1")


def test_the_check_of_a_history_finds_a_declaration_without_its_event(case: Case, people: People) -> None:
    declare(case, people["officer2"])
    db.session.add(
        InterestDeclaration(
            case_id=case.id, number=2, person_id=people["officer"].id, person="Officer", role="officer", outcome="none", text="",
            suppliers=0, held=False, declared_on=clock.today(), declared_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()

    (found,) = breaks(case)
    assert (found.broken.what, found.broken.detail) == ("declaration", "2")


def letters_to(person: Person) -> list[str]:
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == person.email).order_by(OutboxMessage.id))
    return [letter.subject + letter.body for letter in found]


def test_a_declared_conflict_is_told_to_the_city_s_managers_and_the_decision_to_who_declared_it(
    case: Case, people: People
) -> None:
    declared = declare(case, people["officer"], "conflict", WORDS)
    told = letters_to(people["manager"])
    assert len(told) == 1
    assert f"/cases/{case.reference}/declarations/1" in told[0]
    assert WORDS not in told[0]
    assert not letters_to(people["officer"])

    decide(case, people["manager"], declared, True)
    assert len(letters_to(people["officer"])) == 1
    assert len(letters_to(people["manager"])) == 1


def test_without_a_conflict_nobody_gets_a_letter(case: Case, people: People) -> None:
    declare(case, people["officer"], "none")
    assert not db.session.scalar(select(OutboxMessage.id))


def test_a_sealed_tender_is_kept_by_nobody_whoever_asks(case: Case, people: People) -> None:
    by = factories.actor_of(people["officer"])
    with pytest.raises(Refusal, match="attachment_sealed"):
        attachments.add(case, "Tender", "tender", arrived(), by, clock.today(), clock.now())
