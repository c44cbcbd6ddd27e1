"""Which way a case goes: its own procedure, else the recommended one."""

from datetime import date
from typing import Any

import pytest

from procure.catalogue import procedures
from procure.catalogue.rulebook import rulebook
from procure.domain.advice.advising import advise
from procure.domain.advice.route import route_of
from procure.domain.planning.plan import Route, Standing
from procure.domain.planning.timetable import Happened
from procure.domain.procedures import Procedure
from tests.domain.advice.cases import case

TODAY = date(2026, 11, 24)
BOOK = rulebook()
PREPARING = procedures.catalogue().preparation
NOTHING = Standing()


def along(own: Procedure = PREPARING, stands: Standing = NOTHING, **facts: Any) -> Route:
    return route_of(case(**facts), own, stands, BOOK, TODAY)


def latest(procedure: str) -> Procedure:
    return procedures.catalogue().latest(procedure)


def ids(route: Route) -> list[str]:
    assert route.outline is not None
    return [planned.stage.id for planned in route.outline.stages]


@pytest.mark.parametrize("amount", [20_000, 100_000, 300_000])
def test_while_none_is_chosen_the_recommended_procedure_is_planned(amount: int) -> None:
    route = along(amount=amount)
    advice = advise(case(amount=amount), BOOK, TODAY)
    recommended = next(verdict.procedure for verdict in advice.verdicts if verdict.verdict == "recommended")
    assert route.outline is not None
    assert (route.outline.procedure, route.chosen) == (recommended, False)
    assert route.preparation == PREPARING.stages


def test_the_procedure_that_the_case_follows_goes_before_the_recommended_one() -> None:
    route = along(latest("restricted"), amount=300_000)
    assert route.outline is not None
    assert (route.outline.procedure, route.chosen) == ("restricted", True)


@pytest.mark.parametrize(
    ("procedure", "notice"),
    [("open", "contract_notice"), ("small_purchase", "request_for_offers"), ("direct_award", "justification")],
)
def test_preparation_ends_where_the_procedure_begins(procedure: str, notice: str) -> None:
    route = along(latest(procedure))
    assert route.notice is not None
    assert route.notice.id == notice
    together = [stage.id for stage in route.preparation] + ids(route)
    order = [stage.id for stage in latest(procedure).stages]
    assert together == [stage for stage in order if stage in together]
    assert order.index(notice) == len(route.preparation)


def test_a_stage_that_the_timetable_leaves_out_is_shown_once_the_case_is_in_it() -> None:
    assert "ex_ante_notice" not in ids(along(latest("direct_award")))
    stands = Standing({"ex_ante_notice": Happened(TODAY)}, current="ex_ante_notice")
    assert "ex_ante_notice" in ids(along(latest("direct_award"), stands))


def test_below_the_eu_threshold_no_standstill_is_planned() -> None:
    assert "standstill" in ids(along(latest("open"), amount=300_000))
    assert "standstill" not in ids(along(latest("open"), amount=100_000))


@pytest.mark.parametrize("own", [PREPARING, latest("open")])
def test_on_a_day_whose_rules_are_not_known_only_preparation_is_planned(own: Procedure) -> None:
    route = along(own, start="2016-12-31")
    assert (route.outline, route.notice) == (None, None)
    assert route.chosen is (own.id == "open")
    assert [stage.id for stage in route.preparation] == [stage.id for stage in PREPARING.stages]
