"""Many acts in any order on real procedures: what the lists show is what the log says, and the nightly check finds nothing."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from procure.accounts.models import Person
from procure.cases import halt_service, queries, service, verifying
from procure.cases.models import Case
from procure.domain import acts, stages
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases import builders
from tests.cases.builders import EMAIL, NOTHING, OPENED, TODAY

PROCEDURES = ("open", "competitive_negotiation", "national", "pcp", "framework", "innovation_partnership")


def one_act(case: Case, chance: Random, day: Any, by: Actor) -> None:
    """Some act on some stage; the rules may refuse it."""
    progress, procedure, now = service.progress_of(case), service.procedure_of(case), clock.now()
    seen, names = progress.sequence, [stage.id for stage in procedure.stages]
    some = chance.choice(names)
    running = [visit.stage for visit in (progress.current, *progress.beside) if visit]
    present = chance.choice(running) if running else some
    confirmed = frozenset(point.id for point in procedure.stage(present).gate if point.by_person)
    given = EMAIL if present == "notification" else NOTHING
    beside = chance.choice(acts.begins_beside(progress, procedure) or (some,))
    chance.choice(
        [lambda: service.complete_stage(case, present, day, confirmed, "", by, TODAY, now, given)] * 12
        + [
            lambda: service.skip_stage(case, present, day, "x", by, TODAY, now),
            lambda: service.return_to_stage(case, some, day, "x", by, TODAY, now),
            lambda: halt_service.hold(case, day, "x", None, seen, by, TODAY, now),
            lambda: halt_service.resume(case, day, "", seen, by, TODAY, now),
            lambda: halt_service.resume(case, day, "", seen, by, TODAY, now),
            lambda: halt_service.cancel(case, day, "other", "x", chance.random() < 0.5, seen, by, TODAY, now),
            lambda: halt_service.reopen(case, some, day, "x", seen, by, TODAY, now),
            lambda: halt_service.reopen(case, some, day, "x", seen, by, TODAY, now),
            lambda: halt_service.repeat(case, present, day, "x", seen, by, TODAY, now),
            lambda: halt_service.begin_beside(case, beside, day, "", seen, by, TODAY, now),
        ]
    )()


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_after_any_acts_the_columns_are_what_the_log_says(people: dict[str, Person], procedure: str) -> None:
    chance = Random(procedure)
    by = factories.actor_of(people["officer"])
    case, day = builders.chosen(people["officer"], procedure), OPENED
    for _turn in range(40):
        before = case.last_sequence
        try:
            one_act(case, chance, day + timedelta(days=chance.randint(-1, 6)), by)
        except Refusal:
            assert case.last_sequence == before
        day = service.progress_of(case).last_day or day
    progress = service.progress_of(case)

    assert case.last_sequence > 10
    assert (case.stage, case.state) == (progress.current.stage if progress.current else "", progress.state)
    assert case.stage_entered_on == progress.stands_since
    kept = [row.stage for row in queries.deadlines_of(case) if row.set_aside_by is None]
    assert all(progress.passed(stage) for stage in kept)
    db.session.flush()
    broken = verifying.check_case(db.session.connection(), case.id).broken
    assert all(found.broken.what in ("answer", "headline") for found in broken)  # the answers were written past the log
    assert {event.kind for event in queries.stage_events_of(case)} <= set(stages.STAGE_EVENTS)


@pytest.mark.parametrize("change", ["state = 'held'", "state = 'cancelled'"])
def test_a_state_that_the_log_does_not_know_is_found(case: Case, change: str) -> None:
    db.session.execute(text(f"UPDATE cases SET {change} WHERE id = :id"), {"id": case.id})

    (found,) = verifying.check_case(db.session.connection(), case.id).broken

    assert (found.broken.what, found.broken.detail.endswith("none by the events")) == ("state", True)
