"""What a case looks towards next, and its timeline."""

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


def test_the_timeline_shows_what_happened_and_estimates_the_rest_without_gaps() -> None:
    spans = dates.spans(progress((OPENED, MONDAY, ""), (COMPLETED, date(2026, 3, 6), "need")), PROCEDURE, today=date(2026, 3, 20))

    assert [(s.stage.id, s.state) for s in spans] == [
        ("need", "done"), ("market", "current"), ("contract_notice", "planned"), ("contract", "planned")
    ]  # fmt: skip
    assert spans[0].ends == date(2026, 3, 6)
    assert spans[1].ends == date(2026, 3, 20), "a stage that takes longer than usual ends no earlier than today"
    assert spans[2].starts == spans[1].ends
    assert spans[3].starts == spans[2].ends
