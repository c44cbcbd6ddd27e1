"""Several people choose at the same time: one choice counts, the others are shown how things stand now."""

from flask import Flask

from procure.advice import service
from procure.cases import queries as cases
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.advice import builders
from tests.cases.test_rush import AT_ONCE, at_once

PROCEDURES = ("open", "restricted", "framework", "direct_award", "dps", "pcp", "national", "concession")


def test_of_eight_choices_made_on_the_same_page_one_is_kept(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        case = factories.make_case(factories.people()["officer"])
        reference, seen = case.reference, builders.mark_now(case)
        db.session.commit()

    def choose(number: int) -> str:
        by = factories.actor_of(factories.people()["officer"])
        found = cases.case_to_change(by, reference)
        assert found is not None
        try:
            service.choose(found, PROCEDURES[number], clock.today(), "because", seen, by, clock.today(), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "chosen"

    outcomes = at_once(own_app, choose)

    assert sorted(outcomes) == sorted(["chosen"] + ["advice_moved_on"] * (AT_ONCE - 1))
    with own_app.app_context():
        kept = cases.case_for(factories.actor_of(factories.people()["officer"]), reference)
        assert kept is not None
        assert [choice.procedure for choice in builders.choices_of(kept)] == [kept.procedure]
