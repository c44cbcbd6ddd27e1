"""What other cities have needed: how many cases make a median, and that no period of the law becomes shorter by it."""

from datetime import date

import pytest

from procure.domain.planning.experience import Learned, from_kept, learned
from procure.domain.planning.plan import Choices
from procure.domain.planning.timetable import Rules
from tests.domain.planning.test_plan import OPEN, planned, route
from tests.domain.planning.test_timetable import LAW

ON = date(2026, 11, 28)


def spread(cases: int, cities: int) -> dict[int, dict[int, int]]:
    """That many cases of 1, 2, 3 … days, dealt out to the cities."""
    found: dict[int, dict[int, int]] = {city: {} for city in range(cities)}
    for number in range(cases):
        found[number % cities][number + 1] = 1
    return found


@pytest.mark.parametrize(("cases", "cities", "enough"), [(10, 3, True), (9, 3, False), (10, 2, False), (40, 20, True)])
def test_ten_cases_of_three_cities_make_a_median(cases: int, cities: int, enough: bool) -> None:
    assert (learned(spread(cases, cities), ON) is not None) is enough


def test_the_median_and_four_in_five_are_those_of_all_cities_together() -> None:
    assert learned(spread(10, 5), ON) == Learned(10, 5, 8, ON)


def test_a_step_takes_at_least_a_day() -> None:
    assert Learned(10, 0, 1, ON).days == 1


def test_what_is_kept_is_what_is_read() -> None:
    found = Learned(34, 12, 20, ON)
    assert from_kept(found.as_kept()) == found


CATALOGUE = Rules(LAW, LAW, {})


def working_days(stage: str, choices: Choices, rules: Rules = CATALOGUE) -> int:
    line = planned(choices, along=route(), rules=rules).line(stage)
    assert line is not None
    return LAW.working_days_between(line.first, line.last) + 1


def test_a_plan_takes_the_network_s_median_before_the_catalogue_s_days_and_after_the_city_s_and_the_case_s() -> None:
    found = Choices(learned={"offers": Learned(10, 17, 30, ON)})
    assert working_days("offers", Choices()) != 17
    assert working_days("offers", found) == 17
    assert working_days("offers", found, Rules(LAW, LAW, {"offers": 4})) == 4
    assert working_days("offers", Choices(durations={"offers": 3}, learned=found.learned), Rules(LAW, LAW, {"offers": 4})) == 3


def test_a_period_of_the_law_and_what_follows_from_one_stay_as_they_are() -> None:
    """In an EU procedure the tender period and the standstill have a minimum: no experience touches them."""
    short = Choices(
        learned={stage: Learned(10, 1, 1, ON) for stage in ("contract_notice", "questions", "tender_period", "standstill")}
    )
    law = {line.stage.id: line for line in planned(Choices(), along=OPEN, rules=CATALOGUE).lines if line.min_days is not None}
    plan = planned(short, along=OPEN, rules=CATALOGUE)
    assert {"tender_period", "standstill"} <= set(law)
    for stage, line in law.items():
        after = plan.line(stage)
        assert after is not None
        assert after.min_days == line.min_days
        assert (after.last - after.first).days >= (line.last - line.first).days - 3, "only a weekend at its end may differ"


def test_a_stage_that_the_catalogue_leaves_out_is_not_put_in_by_a_median() -> None:
    optional = {stage.id for stage in OPEN.preparation if stage.optional and stage.usual_days == 0}
    found = Choices(learned={stage: Learned(10, 9, 12, ON) for stage in optional})
    assert [line.stage.id for line in planned(found, along=OPEN, rules=CATALOGUE).lines] == [
        line.stage.id for line in planned(Choices(), along=OPEN, rules=CATALOGUE).lines
    ]


def test_the_same_medians_give_the_same_plan() -> None:
    found = Choices(learned={"offers": Learned(10, 17, 30, ON), "need": Learned(12, 3, 5, ON)})
    assert planned(found, rules=CATALOGUE) == planned(found, rules=CATALOGUE)
