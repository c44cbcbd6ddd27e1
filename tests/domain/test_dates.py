"""What a case looks towards next."""

from datetime import UTC, date, datetime

from procure.domain import dates, stages
from procure.domain.stages import COMPLETED, OPENED, SKIPPED, Progress, StageEvent
from tests.domain.records import procedure, stage

MONDAY = date(2026, 3, 2)
PROCEDURE = procedure(
    stage("need", usual_days=5),
    stage("market", optional=True),
    stage("contract_notice", usual_days=2),
    stage("contract", usual_days=3),
)


def progress(*events: tuple[str, date, str]) -> Progress:
    recorded = datetime(2026, 3, 1, tzinfo=UTC)
    return stages.replay([(StageEvent(kind, on, recorded, "", where), PROCEDURE) for kind, on, where in events])


def test_weekdays_pass_over_the_weekend() -> None:
    assert dates.add_weekdays(MONDAY, 5) == date(2026, 3, 9)
    assert dates.add_weekdays(date(2026, 3, 6), 1) == date(2026, 3, 9)
    assert dates.add_weekdays(MONDAY, 0) == MONDAY


def test_without_other_dates_the_stage_s_usual_end_comes_next() -> None:
    found = dates.next_date(progress((OPENED, MONDAY, "")), PROCEDURE, None, None)

    assert found == dates.NextDate(date(2026, 3, 9), "stage_usual")


def test_an_earlier_planned_notice_comes_first() -> None:
    found = dates.next_date(progress((OPENED, MONDAY, "")), PROCEDURE, date(2026, 3, 4), date(2026, 9, 1))

    assert found == dates.NextDate(date(2026, 3, 4), "start")


def test_the_planned_notice_no_longer_counts_once_the_notice_is_sent() -> None:
    sent = progress(
        (OPENED, MONDAY, ""),
        (COMPLETED, MONDAY, "need"),
        (SKIPPED, MONDAY, "market"),
        (COMPLETED, date(2026, 3, 5), "contract_notice"),
    )

    found = dates.next_date(sent, PROCEDURE, date(2026, 3, 4), date(2026, 3, 6))

    assert found == dates.NextDate(date(2026, 3, 6), "contract_needed_by")


def test_a_finished_case_looks_towards_nothing() -> None:
    steps = [(COMPLETED, MONDAY, name) for name in ("need", "market", "contract_notice", "contract")]

    assert dates.next_date(progress((OPENED, MONDAY, ""), *steps), PROCEDURE, MONDAY, MONDAY) is None


WAITING = procedure(stage("standstill", usual_days=3), stage("contract", usual_days=3))


def test_while_the_standstill_runs_the_day_from_which_a_contract_may_be_made_comes_next() -> None:
    inside = progress((OPENED, MONDAY, ""))

    for safe_on in (date(2026, 3, 4), date(2026, 3, 17)):  # before and after the stage's usual end
        found = dates.next_date(stages.replay([(OPENED_EVENT, WAITING)]), WAITING, None, None, safe_on=safe_on)
        assert found == dates.NextDate(safe_on, "contract_from")
    assert dates.next_date(inside, PROCEDURE, None, None, safe_on=date(2026, 3, 4)) == dates.NextDate(
        date(2026, 3, 9), "stage_usual"
    )


def test_what_the_law_wants_done_by_a_day_comes_next_when_it_is_the_earliest() -> None:
    acts = [dates.NextDate(date(2026, 3, 5), "award_notice"), dates.NextDate(date(2026, 3, 6), "additional_info")]

    found = dates.next_date(progress((OPENED, MONDAY, "")), PROCEDURE, None, date(2026, 9, 1), acts=acts)

    assert found == acts[0]


def test_the_last_day_of_the_law_takes_the_place_of_the_usual_end_of_the_stage_that_is_there_for_it() -> None:
    announcing = procedure(stage("result_notice", usual_days=5), stage("archive"))
    notice = dates.NextDate(date(2026, 3, 31), "award_notice")

    found = dates.next_date(stages.replay([(OPENED_EVENT, announcing)]), announcing, None, None, acts=[notice])

    assert found == notice
    assert dates.next_date(progress((OPENED, MONDAY, "")), PROCEDURE, None, None, acts=[notice]) == dates.NextDate(
        date(2026, 3, 9), "stage_usual"
    )


OPENED_EVENT = StageEvent(OPENED, MONDAY, datetime(2026, 3, 1, tzinfo=UTC), "")
