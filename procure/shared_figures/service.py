"""Agreeing to share a city's figures and taking it back, and keeping what is counted of the cities that share."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert

from procure.accounts.queries import lock_city
from procure.domain import portfolio
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.planning.experience import NOT_THE_CITY_S, Learned, learned
from procure.domain.procedures import PREPARATION
from procure.domain.shared_figures import ALONE, CHOICES
from procure.domain.stages import STOPPED
from procure.infra.clock import FINLAND
from procure.infra.db import db, writing
from procure.planning.models import NetworkDuration
from procure.shared_figures import queries
from procure.shared_figures.models import FigureConsent, FigureConsentAct, SharedTally
from procure.shared_figures.queries import Cell

KEPT_GROUPS: Final = (
    "cases", "value", "level", "innovative", "theme", "spent", *portfolio.LEGS, *(f"{leg}_working" for leg in portfolio.LEGS),
)  # fmt: skip


def choose(by: Actor, choice: str, now: datetime) -> bool:
    """What the city agrees to from now on; whether that is something else than before. Raises Refusal `consent_unknown`.

    Who takes the consent back is gone from every figure of the network when this is committed, and from the medians that new
    timetables are proposed by; a timetable that was saved keeps the number that it was made with.
    """
    if choice not in CHOICES:
        raise Refusal(Reason("consent_unknown", target="choice"))
    lock_city(by.organisation_id)
    before = queries.choice_of(by.organisation_id)
    if choice == before:
        return False
    keep_choice(by.organisation_id, choice)
    db.session.add(
        FigureConsentAct(organisation_id=by.organisation_id, before=before, choice=choice, at=now, by_id=by.id, by=by.name)
    )
    db.session.flush()
    if choice == ALONE:
        db.session.execute(delete(SharedTally).where(SharedTally.city == by.organisation_id))
        _write_durations(queries.all_tallies(), now.astimezone(FINLAND).date())
    return True


def keep_choice(organisation_id: int, choice: str) -> None:
    db.session.merge(FigureConsent(organisation_id=organisation_id, choice=choice))
    db.session.flush()


# counting


def keep_up(now: datetime, stop: Callable[[], bool] = lambda: False) -> None:
    """Count the sharing cities' figures once a day, and when another city has joined; the worker's turn. Commits.

    They are added up from the kept totals of the portfolios: no case is looked at.
    """
    today, cities = now.astimezone(FINLAND).date(), queries.sharing()
    run = queries.run()
    fresh = run.counted_on == today and run.cities == cities
    counted = queries.portfolio_counted()
    db.session.rollback()
    if not fresh and counted:
        count(cities, now, stop)


def count(cities: list[int], now: datetime, stop: Callable[[], bool] = lambda: False) -> None:
    """Make the kept counts of these cities again, one after the other; those of any other city go. Commits."""
    today = now.astimezone(FINLAND).date()
    for city in cities:
        rows = tallies_of(city, queries.months_of(city))
        db.session.rollback()
        if stop():
            return
        with writing():
            queries.run()
            lock_city(city)
            db.session.execute(delete(SharedTally).where(SharedTally.city == city))
            if rows and queries.choice_of(city) != ALONE:  # the consent may have been taken back meanwhile
                db.session.execute(insert(SharedTally), rows)
            db.session.commit()
    with writing():
        run = queries.run()
        db.session.execute(delete(SharedTally).where(SharedTally.city.not_in(queries.sharing())))
        _write_durations(queries.all_tallies(), today)
        run.counted_on, run.counted_at, run.cities = today, now, cities
        db.session.commit()


def tallies_of(city: int, months: Iterable[tuple[date, str, str, portfolio.Counts]]) -> list[dict[str, Any]]:
    """The city's counts by year and procedure as rows of the table. Cancelled cases count in `state` only."""
    groups: dict[tuple[int, str], list[portfolio.Counts]] = {}
    states: dict[tuple[int, str], dict[str, int]] = {}
    for month, procedure, state, tally in months:
        key = (month.year, procedure)
        by_state, number = states.setdefault(key, {}), tally.get("cases", {}).get("all", 0)
        by_state[state] = by_state.get(state, 0) + number
        groups.setdefault(key, [])
        if state != STOPPED:
            groups[key].append(tally)
    found = []
    for (year, procedure), tallies in groups.items():
        merged = portfolio.merged(tallies)
        tally = {group: dict(merged[group]) for group in KEPT_GROUPS if merged[group]}
        found.append({"city": city, "year": year, "procedure": procedure, "tally": tally | {"state": states[year, procedure]}})
    return found


# what plans learn


def durations(cells: Iterable[Cell], on: date) -> dict[tuple[str, str], Learned]:
    """The medians by procedure and stage. A case without a procedure goes by those of the preparation in all procedures."""
    days: dict[tuple[str, str], dict[int, dict[int, int]]] = {}
    preparation = frozenset(portfolio.PHASES[PREPARATION])
    for cell in cells:
        for stage, counts in portfolio.spent_by_stage(cell.tally.get("spent", {})).items():
            if stage in NOT_THE_CITY_S:
                continue
            for procedure in {cell.procedure, PREPARATION} if stage in preparation else {cell.procedure}:
                into = days.setdefault((procedure, stage), {}).setdefault(cell.city, {})
                for day, cases in counts.items():
                    into[int(day)] = into.get(int(day), 0) + cases
    found = {key: learned(by_city, on) for key, by_city in days.items()}
    return {key: median for key, median in found.items() if median is not None}


def _write_durations(cells: Iterable[Cell], on: date) -> None:
    db.session.execute(delete(NetworkDuration))
    rows = [
        {
            "procedure": procedure, "stage": stage, "cases": found.cases, "median": found.median, "slow": found.slow,
            "counted_on": found.on,
        }
        for (procedure, stage), found in sorted(durations(cells, on).items())
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(NetworkDuration), rows)
