"""The pages of results: who sees what, what is refused with which answer, and where results show besides."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import service as documents
from procure.infra import clock
from procure.infra.db import db
from procure.results import service
from tests import factories
from tests.cases.builders import case_at, walk
from tests.declarations.builders import declare
from tests.results.builders import SUPPLIER, achieve, appeal, count, end, expect
from tests.teams.builders import add_member

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
NOTICE, AWARD, LATER = date(2026, 3, 2), date(2026, 5, 4), date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 24))


@pytest.fixture
def awarded(people: People) -> Case:
    case = case_at(people["officer"], "open", "questions", NOTICE)
    walk(case, people["officer"], "standstill", AWARD)
    db.session.commit()
    return case


def at(case: Case, path: str = "") -> str:
    return f"/cases/{case.reference}/results{path}"


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def test_before_the_deadline_the_pages_say_nothing_of_tenders(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "tender_period", NOTICE)
    db.session.commit()
    client = client_for(people["officer"])
    assert "before the tender period is over" in client.get(at(case)).text
    answer = client.post(at(case, "/tenders/0/1"), data={"tenders": "3", "seen": "0"})
    assert answer.status_code == 302
    assert service.standing_of(case).results.none


def test_numbers_are_entered_corrected_and_refused(awarded: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    wrong = client.post(at(awarded, "/tenders/0/1"), data={"tenders": "3", "sme": "4", "seen": "0"})
    assert (wrong.status_code, "at most the number of tenders, 3" in wrong.text) == (422, True)
    client.post(at(awarded, "/tenders/0/1"), data={"tenders": "3", "sme": "", "seen": "0"})
    assert dict(service.standing_of(awarded).results.counts[0].numbers) == {"tenders": 3}
    late = client.post(at(awarded, "/tenders/0/1"), data={"tenders": "5", "reason": "x", "seen": "0"})
    assert (late.status_code, "recorded something here meanwhile" in late.text) == (409, True)
    page = client.get(at(awarded))
    assert "t-sme" not in page.text
    assert "BT-759" in page.text
    assert client.get(at(awarded, "/tenders/7/1")).status_code == 404


def test_a_review_is_recorded_ended_and_taken_back(awarded: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    wrong = client.post(at(awarded, "/reviews/new"), data={"kind": "market_court", "stay": "none", **day("filed_on", AWARD)})
    assert (wrong.status_code, "the Act itself lets no contract be made" in wrong.text) == (422, True)
    client.post(at(awarded, "/reviews/new"), data={"kind": "market_court", "diary": "7/2026", **day("filed_on", AWARD)})
    case_page = client.get(f"/cases/{awarded.reference}").text
    assert "No contract may be made: an appeal is pending" in case_page
    seen = service.standing_of(awarded).results.reviews[0].sequence
    client.post(at(awarded, "/reviews/1/outcome"), data={"outcomes": "withdrawn", "seen": str(seen), **day("decided_on", LATER)})
    assert "No contract may be made" not in client.get(f"/cases/{awarded.reference}").text
    assert "Withdrawn" in client.get(f"/cases/{awarded.reference}/history").text
    seen = service.standing_of(awarded).results.reviews[0].sequence
    assert client.post(at(awarded, "/reviews/1/remove"), data={"seen": str(seen)}).status_code == 422
    client.post(at(awarded, "/reviews/1/remove"), data={"seen": str(seen), "reason": "of another case"})
    assert client.get(at(awarded, "/reviews/1")).status_code == 404


def test_a_rectification_warns_and_does_not_hold(awarded: Case, people: People, client_for: ClientFor) -> None:
    appeal(awarded, people["officer"], AWARD, "rectification_demanded")
    page = client_for(people["officer"]).get(f"/cases/{awarded.reference}").text
    assert "A review is pending and the contract is still to be made" in page
    assert "No contract may be made" not in page


def test_the_stage_is_not_completed_while_an_appeal_holds_it(awarded: Case, people: People, client_for: ClientFor) -> None:
    appeal(awarded, people["officer"], AWARD)
    data = {"confirmed": ["period_ended", "no_appeal"], **day("happened_on", LATER)}
    answer = client_for(people["officer"]).post(f"/cases/{awarded.reference}/stages/standstill/complete", data=data)
    assert (answer.status_code, "is pending: no contract may be made" in answer.text) == (422, True)


@pytest.mark.parametrize("name", ["officer", "officer2", "manager", "admin", "guest", "partner"])
def test_the_supplier_s_name_shows_only_after_a_declaration(
    awarded: Case, people: People, client_for: ClientFor, name: str
) -> None:  # fmt: skip
    officer = people["officer"]
    appeal(awarded, officer, AWARD, supplier=SUPPLIER)
    if name == "guest":
        add_member(awarded, officer, people["officer2"], "guest")
    if name == "partner":
        factories.make_partner(awarded, people["other_officer"])
    db.session.commit()
    reader = people["other_officer"] if name == "partner" else people["officer2"] if name == "guest" else people[name]
    client = client_for(reader)
    paths = ("/results", "/results/reviews/1", "", "/history", "/history.jsonl", "/history.csv")
    for path in paths:
        with client.get(f"/cases/{awarded.reference}{path}") as answer:
            assert SUPPLIER not in answer.get_data(as_text=True), path
    declare(awarded, reader)
    assert SUPPLIER in client.get(at(awarded)).text


def test_partners_and_guests_read_and_change_nothing(awarded: Case, people: People, client_for: ClientFor) -> None:
    factories.make_partner(awarded, people["other_officer"])
    client = client_for(people["other_officer"])
    count(awarded, people["officer"], tenders=3)
    assert "Correct:" not in client.get(at(awarded)).text
    for path in ("/tenders/0/1", "/reviews/new", "/effects/new"):
        assert client.get(at(awarded, path)).status_code == 404
        assert client.post(at(awarded, path), data={"tenders": "9"}).status_code == 404


def test_an_effect_is_recorded_and_measured_in_the_form_of_the_language(
    awarded: Case, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    client = client_for(people["officer"])
    data = {"kind": "co2", "span": "year", "expected": "\u221212,5", "reference": "today", "method": "metered"}
    assert client.post(at(awarded, "/effects/new"), data=data).status_code == 302
    bad = client.post(
        at(awarded, "/effects/1/measure"), data={"value": "much", "source": "meter", "seen": "0", **day("on", LATER)}
    )
    assert (bad.status_code, "Enter a number" in bad.text) == (422, True)
    seen = str(service.standing_of(awarded).results.effects[0].sequence)
    client.post(at(awarded, "/effects/1/measure"), data={"value": "-9", "source": "meter", "seen": seen, **day("on", LATER)})
    page = client.get(at(awarded)).text
    assert "-12.5\N{NO-BREAK SPACE}t CO2e" in page
    assert "-9\N{NO-BREAK SPACE}t CO2e" in page
    assert client.get(at(awarded, "/effects/1")).status_code == 200


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_results_stand_in_the_reports_in_each_language(
    awarded: Case, people: People, client_for: ClientFor, language: str
) -> None:  # fmt: skip
    officer = people["officer"]
    achieve(awarded, officer, expect(awarded, officer, "savings", "410000"), LATER, "390000", "the invoices of a year")
    count(awarded, officer, tenders=4, sme=3)
    client = client_for(officer)
    client.set_cookie("language", language)
    page = client.get(f"/cases/{awarded.reference}/documents/impact_report?language={language}").text
    assert "the invoices of a year" in page
    assert {"fi": "Saadut tarjoukset", "sv": "Mottagna anbud", "en": "Tenders received"}[language] in page
    assert (
        "the invoices of a year" in client.get(f"/cases/{awarded.reference}/documents/monitoring_report?language={language}").text
    )


def test_a_document_never_has_the_supplier_s_name(awarded: Case, people: People) -> None:
    appeal(awarded, people["officer"], AWARD, supplier=SUPPLIER)
    assert SUPPLIER not in repr(documents.gather(awarded).results)


def test_the_page_takes_few_questions(
    awarded: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[Any]]
) -> None:
    officer = people["officer"]
    for _number in range(5):
        end(awarded, officer, appeal(awarded, officer, AWARD), LATER)
        expect(awarded, officer, "savings", str(_number))
    client = client_for(officer)
    executed = count_queries()
    assert client.get(at(awarded)).status_code == 200
    assert len(executed) <= 8, executed
