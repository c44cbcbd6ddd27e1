"""Marks that were changed behind the service's back are found; what the service does itself always holds."""

import pickle
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.accounts.models import Person
from procure.cases import service as cases
from procure.cases import verifying
from procure.cases.models import Case
from procure.domain.gates import TICK, WAIVER
from procure.domain.outcomes import Refusal
from procure.gates import queries, service
from procure.gates.verifying import CHECK
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases.histories import breaks, first_break, tamper
from tests.gates.builders import tick, waive
from tests.teams.builders import locked

People = dict[str, Person]
TODAY = clock.today()


@pytest.fixture
def marked(case: Case, people: People) -> Case:
    """A case with an earlier round of its first stage, and a tick and a waiver in the present one."""
    officer = people["officer"]
    factories.answer(case, officer, **factories.FULL_NEED)
    tick(case, officer, "users_heard", "Before")
    act(case, people, "complete", "")
    act(case, people, "return", "")
    tick(case, officer, "users_heard", "Now")
    case_answers_out(case, officer)
    waive(case, people["manager"], "owner_named", "Unit is being formed")
    return case


def case_answers_out(case: Case, officer: Person) -> None:
    """The answers that the builder wrote have no events, which is another matter: they go before the log is looked at."""
    tamper(
        "DELETE FROM answers WHERE case_id = :case AND question NOT IN ('title', 'contract_kind', 'value_amount')", case=case.id
    )


def act(case: Case, people: People, what: str, point: str) -> None:
    """One thing that people do with a case; a refusal changes nothing."""
    person = people["manager"]
    found, by = locked(case, person), factories.actor_of(person)
    visit = service.visit_of(found)
    row = {"untick": queries.mark_of(found, point, TICK), "unwaive": queries.mark_of(found, point, WAIVER)}.get(what)
    everything = frozenset(state.point.id for state in service.states_of(found))
    acts: dict[str, Any] = {
        "tick": lambda: service.tick(found, point, visit, TODAY, "", by, TODAY, clock.now()),
        "waive": lambda: service.waive(found, point, visit, "because", by, TODAY, clock.now()),
        "untick": lambda: service.untick(found, point, row.sequence if row else 0, by, TODAY, clock.now()),
        "unwaive": lambda: service.unwaive(found, point, row.sequence if row else 0, by, TODAY, clock.now()),
        "complete": lambda: cases.complete_stage(found, found.stage, TODAY, everything, "", by, TODAY, clock.now()),
        "return": lambda: cases.return_to_stage(found, "need", TODAY, "anew", by, TODAY, clock.now()),
        "choose": lambda: cases.choose_procedure(found, point or "open", TODAY, "because", by, TODAY, clock.now()),
    }
    try:
        acts[what]()
    except Refusal:
        db.session.flush()
    db.session.commit()


def test_what_the_service_has_kept_holds(marked: Case) -> None:
    assert breaks(marked) == ()


@pytest.mark.parametrize(
    "change",
    [
        "note = 'x'", "given_by = 'Somebody Else'", "given_on = '2020-01-01'", "point = 'other'", "sequence = 1", "visit = 9",
        "stage = 'plan'", "over = NOT over", "kind = 'other'",
    ],
)  # fmt: skip
def test_a_changed_mark_is_found(marked: Case, change: str) -> None:
    tamper(f"UPDATE gate_marks SET {change} WHERE case_id = :case AND note = 'Before'", case=marked.id)

    assert first_break(marked)[1] == "gate_mark"


def test_a_removed_mark_is_found(marked: Case) -> None:
    tamper("DELETE FROM gate_marks WHERE case_id = :case AND kind = 'waiver'", case=marked.id)

    assert first_break(marked)[1] == "gate_mark"


def test_the_check_goes_along_into_other_processes(app: Flask) -> None:
    carried = pickle.loads(pickle.dumps(verifying.DERIVED))

    assert carried["gates"].differs is CHECK.differs


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("tick", "untick", "waive", "unwaive", "complete", "return", "choose")),
            st.sampled_from(("users_heard", "owner_named", "users_named")),
        ),
        max_size=9,
    )
)
def test_whatever_people_do_the_marks_stay_what_the_log_says(people: People, steps: list[tuple[str, str]]) -> None:
    case = factories.make_case(people["officer"])

    for what, point in steps:
        if what == "choose":
            point = {"users_heard": "open", "owner_named": "pcp", "users_named": "small_purchase"}[point]
        act(case, people, what, point)

    assert breaks(case) == ()
