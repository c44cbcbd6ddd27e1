"""Tenders, reviews and effects in the kept totals and on the portfolio's page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import service as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.portfolio import service
from tests import factories
from tests.cases.builders import TODAY
from tests.figures.test_routes import rows
from tests.pages import parse, text_of
from tests.portfolio.builders import AWARD, CONTRACT, contracted, kept
from tests.portfolio.test_service import LONG, from_the_log
from tests.results.builders import achieve, appeal, count, end, expect

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
YEAR = "period=2026"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 24))


@pytest.fixture
def history(people: People) -> list[Case]:
    """Five cases with tenders, of which one has two lots; one appeal, one rectification, savings in two."""
    officer = people["officer"]
    made = [contracted(officer) for _number in range(4)]
    made.append(contracted(officer, lots=[{"title": "a", "value": "1"}, {"title": "b", "value": "1"}]))
    for case, number in zip(made[:4], (1, 3, 4, 4), strict=True):
        count(case, officer, tenders=number, sme=1)
    count(made[4], officer, tenders=9)
    count(made[4], officer, lot=1, tenders=1)
    count(made[4], officer, lot=2, tenders=6)
    end(made[0], officer, appeal(made[0], officer, AWARD), CONTRACT, "annulled", "compensation")
    appeal(made[1], officer, AWARD, "rectification_own")
    first = expect(made[0], officer, "savings", "1000.50")
    achieve(made[0], officer, first, CONTRACT, "700")
    achieve(made[0], officer, first, date(2026, 11, 2), "-200.40")
    expect(made[1], officer, "savings", "2000")
    expect(made[1], officer, "co2", "-12.5", span="contract")
    expect(made[2], officer, "savings", None)
    service.keep_up(clock.now())
    return made


def test_the_kept_totals_are_those_of_the_log_also_after_a_correction(history: list[Case], people: People) -> None:
    assert kept() == from_the_log()
    officer = people["officer"]
    count(history[1], officer, reason="miscounted", tenders=2)
    end(history[1], officer, 1, CONTRACT, "rectified")
    before = kept()
    service.keep_up(clock.now() + LONG)
    assert kept() == from_the_log() != before


def test_the_page_has_the_figures_with_how_many_cases_are_behind_them(
    history: list[Case], people: People, client_for: ClientFor
) -> None:
    page = client_for(people["manager"]).get(f"/portfolio?{YEAR}").text
    assert rows(page, "tenders")["Open procedure"] == ["5", "6", "3", "2", "33.3"], "lots one by one, not the whole beside them"
    assert rows(page, "tenders-spread")["5 tenders or more"] == ["1"]
    assert rows(page, "single")["One tender only"] == ["2", "5", "40.0"]
    assert rows(page, "reviewed")["Any review"] == ["2", "2", "5", "40.0"]
    assert rows(page, "reviewed")["The contract waited for it"] == ["1", "1", "5", "20.0"]
    assert rows(page, "reviews")["Appeal to the Market Court"] == ["1", "1", "1", "1", "n < 5", "n < 5"]
    assert rows(page, "review-outcomes")["Upheld in whole or in part, or rectified"] == ["0", "0", "1", "0"]
    assert rows(page, "savings")["Expected, a year"] == ["2", "5", "3,001"], "1,000.50 and 2,000"
    assert rows(page, "savings")["Achieved, a year"] == ["1", "5", "-200"], "the newest measurement"
    assert rows(page, "co2") == {"Expected, whole contract period": ["1", "5", "-12.5"]}
    assert rows(page, "standstill-days")["Standstill waited out"][0] == "5"


def test_each_number_of_results_leads_to_as_many_cases(history: list[Case], people: People, client_for: ClientFor) -> None:
    client, checked = client_for(people["manager"]), 0
    page = parse(client.get(f"/portfolio?{YEAR}").text)
    for part in ("tenders", "single", "standstill-days", "reviewed", "reviews", "savings", "co2"):
        section = next(found for found in page.iter("section") if found.get("aria-labelledby") == part)
        for row in section.iter("tr"):
            link, cell = row.find("./th/a"), row.find("./td")
            if link is None or cell is None:
                continue
            listed = parse(client.get(link.get("href") or "").text)
            found = len([line for line in listed.iter("tr") if line.find("./td") is not None])
            assert found == int(text_of(cell)), (part, text_of(row))
            checked += 1
    assert checked == 13


def test_another_city_has_none_of_it(history: list[Case], people: People, client_for: ClientFor) -> None:
    page = client_for(people["other_manager"]).get(f"/portfolio?{YEAR}").text
    waiting = next(found for found in parse(page).iter("section") if found.get("aria-labelledby") == "nothing-yet")
    named = {found.get("id") for found in waiting.iter("dt")}
    assert {"tenders", "single", "reviewed", "reviews", "savings", "co2"} <= named


def test_the_sheet_has_the_figures_of_results(history: list[Case], people: People, client_for: ClientFor) -> None:
    text = client_for(people["officer"]).get(f"/portfolio.csv?{YEAR}").data.decode()
    assert '"Cases with one tender only";"One tender only";"Cases";"2"' in text


def test_numbers_of_a_period_that_runs_again_are_not_counted(people: People) -> None:
    case, officer = contracted(people["officer"]), people["officer"]
    count(case, officer, tenders=3)
    service.keep_up(clock.now())
    assert any("tenders" in tally for tally in kept().values())
    by = factories.actor_of(officer)
    cases.return_to_stage(case, "tender_period", CONTRACT, "the period is prolonged", by, TODAY, clock.now())
    db.session.commit()
    service.keep_up(clock.now() + LONG)
    assert not any("tenders" in tally for tally in kept().values())
