"""Keeping the figures of the cities' cases: measuring again the cases to which something was done, and counting their months again.

The log itself is the list of what is to be done: how far it has been read is written down with what was measured, so that a count
that is broken off goes on where it was. What is read is read before anything is written, so that nobody waits for a count.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert

from procure.cases import deadlines
from procure.cases import service as cases
from procure.cases.models import Case
from procure.cases.queries import facts_of as answers_as_facts
from procure.catalogue.calendar import finnish
from procure.domain import brought, portfolio, results, reviews, stages
from procure.domain.calendar import OutOfCalendar
from procure.domain.figures import month_of
from procure.domain.figures import working_days as counted_days
from procure.domain.portfolio import Fact, Measured
from procure.domain.questions import Answers, has_value
from procure.infra.db import db, writing
from procure.portfolio import queries
from procure.portfolio.models import PortfolioCase, PortfolioTotal

EVERY: Final = timedelta(minutes=1)
"""Changes are counted at most this often."""
SAID_AGAIN: Final = timedelta(minutes=5)
"""After that long without a change it is written down that the figures still hold."""
WINDOW: Final = 5_000
"""Entries of the log that are read at a time."""
BATCH: Final = 200
"""Cases that are measured at a time."""

Month = tuple[int, date]
"""A city and the first day of a month."""


def never() -> bool:
    return False


def working_days(first: date, last: date) -> int:
    """Working days of the national calendar after the first day up to and with the last."""
    return counted_days(first, last, finnish())


def keep_up(now: datetime, stop: Callable[[], bool] = never) -> None:
    """Measure and count what has changed; the worker's turn. Most rounds end after one or two small questions. Commits."""
    run = queries.run()
    checked_at, marks, waiting = run.checked_at, dict(run.marks), bool(run.waiting)
    if checked_at and now - checked_at < EVERY:
        db.session.rollback()
        return
    last = queries.last_rows()
    db.session.rollback()
    if last == marks and not waiting:
        if checked_at is None or now - checked_at >= SAID_AGAIN:
            _note(now, changed=False)
        return
    if _read_log(marks, last, stop) and _read_requests(marks, last, stop) and _count_waiting(stop):
        _note(now, changed=True)


def count_all(now: datetime, stop: Callable[[], bool] = never) -> None:
    """Make every figure again from the beginning of the log. Commits; when it is broken off the worker goes on with it."""
    with writing():
        run = queries.run()
        run.marks, run.waiting, run.checked_at = {}, [], None
        db.session.execute(delete(PortfolioTotal))
        db.session.execute(delete(PortfolioCase))
        db.session.commit()
    keep_up(now, stop)


def _read_log(marks: dict[str, int], last: dict[str, int], stop: Callable[[], bool]) -> bool:
    """Whether the log has been read to its end."""
    done = marks.get("events", 0)
    first = max(done - queries.OVERLAP, 0)
    while done < last["events"]:
        done = min(done + WINDOW, last["events"])
        ids = queries.cases_with_events(first, done)
        db.session.rollback()
        if not _measure(ids, stop, {"events": done}):
            return False
        first = done
    return True


def _read_requests(marks: dict[str, int], last: dict[str, int], stop: Callable[[], bool]) -> bool:
    names = ("requests", "messages")
    if all(marks.get(name) == last[name] for name in names):
        return True
    ids = queries.cases_asked_about(marks.get("requests", 0), marks.get("messages", 0))
    db.session.rollback()
    return _measure(ids, stop, {name: last[name] for name in names})


def _measure(ids: Sequence[int], stop: Callable[[], bool], marks: dict[str, int]) -> bool:
    """Keep what is measured of the cases, and with the last of them how far that has come. Whether it was not broken off."""
    for start in range(0, max(len(ids), 1), BATCH):
        if stop():
            return False
        some = ids[start : start + BATCH]
        rows = measured(some)
        months = queries.months_of(some) | {(row["city"], row["month"]) for row in rows}
        db.session.rollback()
        with writing():
            run = queries.run()
            queries.forget_cases(some)
            if rows:
                db.session.execute(insert(PortfolioCase), rows)
            run.waiting = _as_kept(_waiting(run.waiting) | months)
            if start + BATCH >= len(ids):
                run.marks = {**run.marks, **marks}
            db.session.commit()
    return True


def _count_waiting(stop: Callable[[], bool]) -> bool:
    """Count the months again that wait for it. Whether none is left."""
    waiting = sorted(_waiting(queries.run().waiting))
    db.session.rollback()
    for city, month in waiting:
        if stop():
            return False
        found = portfolio.totals(queries.facts_of(city, month), working_days)
        db.session.rollback()
        with writing():
            run = queries.run()
            db.session.execute(delete(PortfolioTotal).where(PortfolioTotal.city == city, PortfolioTotal.month == month))
            if found:
                db.session.execute(insert(PortfolioTotal), [{**key._asdict(), "tally": tally} for key, tally in found.items()])
            run.waiting = _as_kept(_waiting(run.waiting) - {(city, month)})
            db.session.commit()
    return True


def _waiting(kept: Iterable[Sequence[Any]]) -> set[Month]:
    return {(city, date.fromisoformat(month)) for city, month in kept}


def _as_kept(months: Iterable[Month]) -> list[list[Any]]:
    return [[city, month.isoformat()] for city, month in sorted(months)]


def _note(now: datetime, *, changed: bool) -> None:
    with writing():
        run = queries.run()
        run.checked_at = now
        if changed or run.changed_at is None:
            run.changed_at = now
        db.session.commit()


# measuring


def measured(ids: Sequence[int]) -> list[dict[str, Any]]:
    """What is measured of the cases, as rows of the table. Four queries."""
    events, answers, support = queries.logged_of(ids), queries.answers_of(ids), queries.support_of(ids)
    found = []
    for case in queries.cases_by_number(ids):
        known = answers_as_facts(answers.get(case.id, ()))
        fact = fact_of(case, events.get(case.id, []), known, support.get(case.id, (0, 0)))
        found.append({"case_id": case.id, **_columns(fact)})
    return found


def fact_of(case: Case, logged: Sequence[Any], answers: Answers, support: tuple[int, int]) -> Fact:
    """The case from its log (what it says of stages and results) and answers."""
    events = [event for event in logged if event.kind in stages.REPLAYED]
    progress = cases.progress_of(case, events)
    situation = deadlines.situation(cases.procedure_of(case), progress, events)
    suspends = reviews.suspends(case.procedure, situation.regime, situation.ex_ante, situation.exception)
    over = results.closed(progress, [stage.id for stage in cases.procedure_of(case).stages])
    themes = answers["themes"].value if has_value("themes", answers) else ()
    return Fact(
        city=case.organisation_id, opened_on=case.opened_on, responsible=case.responsible_id, procedure=case.procedure,
        stage=case.stage, state=portfolio.state_of(case.stage, case.state), value=case.value_amount,
        novelty=portfolio.novelty(answers, case.procedure, case.contract_kind), themes=tuple(themes),
        measured=_course(progress), exception=bool(situation.exception), requests=support[0], opinions=support[1],
        brought=brought.brought(results.replay(logged, over), portfolio.standstill_days(progress), suspends),
    )  # fmt: skip


def _course(progress: stages.Progress) -> Measured:
    """Without times where the holidays of a year are not known."""
    try:
        return portfolio.measured(progress, working_days)
    except OutOfCalendar:
        return Measured(spent={}, reworked={})


def _columns(fact: Fact) -> dict[str, Any]:
    course = fact.measured
    spent, reworked = dict(course.spent or {}), dict(course.reworked or {})
    return {
        "city": fact.city, "month": month_of(fact.opened_on), "opened_on": fact.opened_on, "responsible": fact.responsible,
        "procedure": fact.procedure, "stage": fact.stage, "state": fact.state, "value": fact.value, "level": fact.novelty.level,
        "innovative": fact.novelty.innovative, "told": fact.novelty.told, "themes": _words(fact.themes),
        "notice_on": course.notice_on, "award_on": course.award_on, "contract_on": course.contract_on, "passed": _words(spent),
        "reworked": _words(reworked), "course": {"spent": spent, "reworked": reworked}, "standstill": course.standstill,
        "exception": fact.exception, "requests": fact.requests, "opinions": fact.opinions, "tendered": bool(fact.brought.tenders),
        "single": fact.brought.single, "stayed": fact.brought.stayed, "reviewed": _words(fact.brought.kinds),
        "summed": _words(fact.brought.sums or ()), "brought": fact.brought.kept,
    }  # fmt: skip


def _words(ids: Iterable[str]) -> str:
    """With a blank before and behind each, so that one is found and not a part of another."""
    found = " ".join(ids)
    return f" {found} " if found else ""
