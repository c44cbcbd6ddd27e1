"""The pages of the advice, as people see and send them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.advice import queries
from procure.cases import service as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.advice import builders
from tests.pages import parse, text_of

Clients = Callable[[Person], FlaskClient]
MOST_QUERIES = 8


def page_of(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def words(html: str) -> str:
    return text_of(parse(html))


@pytest.fixture
def client(client_for: Clients, people: dict[str, Person]) -> FlaskClient:
    return client_for(people["officer"])


def test_the_page_names_the_recommended_procedure_its_value_and_every_other_one(client: FlaskClient, case: Case) -> None:
    html = page_of(client, f"/cases/{case.reference}/advice")

    assert "Recommended: Open procedure" in words(html)
    assert "€480,000 without VAT" in words(html)
    assert "EU threshold" in words(html)
    headings = [text_of(heading) for heading in parse(html).findall(".//h3")]
    assert len([heading for heading in headings if heading.endswith(("Possible", "Not available"))]) == 14


def test_each_reason_stands_with_its_section_of_law(client: FlaskClient, case: Case) -> None:
    shown = words(page_of(client, f"/cases/{case.reference}/advice"))

    assert "1397/2016 40 §" in shown
    assert "1397/2016 38 § 2 mom" in shown


def test_what_is_recalled_of_the_special_sectors_is_marked_as_to_be_checked(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    plain = words(page_of(client, f"/cases/{case.reference}/advice"))
    factories.answer(case, people["officer"], sector="utilities", value_amount="5000000")
    special = words(page_of(client, f"/cases/{case.reference}/advice"))

    assert "to be checked" not in plain.partition("Recommended")[2].partition("The other procedures")[0]
    assert "to be checked" in special


def test_a_missing_fact_links_to_its_question_and_says_what_the_answer_would_change(client: FlaskClient, case: Case) -> None:
    html = page_of(client, f"/cases/{case.reference}/advice")
    links = [link.get("href") or "" for link in parse(html).iter("a")]

    assert f"/cases/{case.reference}/answers/market/market#market_availability" in links
    shown = words(html).partition("What is still unknown")[2]
    assert "recommended: Innovation partnership" in shown


def test_who_only_reads_is_offered_nothing_to_choose_or_answer(
    client_for: Clients, case: Case, people: dict[str, Person]
) -> None:
    factories.make_partner(case, people["other_officer"])
    for name in ("admin", "other_officer"):
        html = page_of(client_for(people[name]), f"/cases/{case.reference}/advice")

        links = [link.get("href") or "" for link in parse(html).iter("a")]
        assert not [link for link in links if "/choose/" in link or "/answers/market/" in link]


def test_the_recommended_procedure_is_chosen_with_two_clicks(client: FlaskClient, case: Case) -> None:
    answered = client.post(f"/cases/{case.reference}/advice/choose/open", data=builders.posted(case), follow_redirects=True)

    assert answered.status_code == 200
    assert "The case now follows this procedure: Open procedure." in words(answered.get_data(as_text=True))
    assert case.procedure == "open"


def test_a_procedure_that_is_not_available_is_chosen_against_a_plain_warning(client: FlaskClient, case: Case) -> None:
    address = f"/cases/{case.reference}/advice/choose/direct_award"

    shown = words(page_of(client, address))
    without = client.post(address, data=builders.posted(case))
    with_reason = client.post(address, data=builders.posted(case, "Only one firm has the rights."), follow_redirects=True)

    assert "By the rules this procedure is not available in this case." in shown
    assert without.status_code == 422
    assert "Write why this procedure" in words(without.get_data(as_text=True))
    assert "Only one firm has the rights." in words(with_reason.get_data(as_text=True))


def test_a_choice_on_an_old_page_is_not_taken_and_the_page_shows_how_things_stand(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    old = builders.posted(case)
    builders.choose(case, people["officer2"], "restricted", "Many firms.")

    refused = client.post(f"/cases/{case.reference}/advice/choose/open", data=old)
    again = client.post(f"/cases/{case.reference}/advice/choose/open", data=builders.posted(case))

    assert refused.status_code == 409
    assert "has changed since you opened this page" in words(refused.get_data(as_text=True))
    assert "The case now follows: Restricted procedure." in words(refused.get_data(as_text=True))
    assert again.status_code == 302


def test_the_history_says_what_was_recommended_when_the_city_chose(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    builders.choose(case, people["officer"], "restricted", "Many firms.")

    shown = words(page_of(client, f"/cases/{case.reference}/history"))

    assert "Procedure chosen: Restricted procedure" in shown
    assert "Many firms." in shown
    assert "Recommended then: Open procedure · rules of edition 2026-11" in shown


def test_an_unknown_procedure_is_not_there(client: FlaskClient, case: Case) -> None:
    assert client.get(f"/cases/{case.reference}/advice/choose/lottery").status_code == 404
    assert client.get(f"/cases/{case.reference}/advice/choose/preparation").status_code == 404


def test_a_changed_advice_is_told_on_both_pages_with_what_changed_it_until_it_is_confirmed(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    builders.choose(case, people["officer"], "open")
    factories.answer(case, people["officer"], market_availability="none")

    for address in (f"/cases/{case.reference}", f"/cases/{case.reference}/advice"):
        shown = words(page_of(client, address))
        assert "Recommended then: Open procedure. Now: Innovation partnership." in shown
        assert "Is there already a solution on the market? not known → is now No, there is none" in shown

    confirmed = client.post(
        f"/cases/{case.reference}/advice/confirm", data=builders.posted(case, "We know the firms."), follow_redirects=True
    )

    assert "The procedure stays." in words(confirmed.get_data(as_text=True))
    for address in (f"/cases/{case.reference}", f"/cases/{case.reference}/advice"):
        assert "The advice has changed" not in words(page_of(client, address))
    assert "Procedure kept: Open procedure" in words(page_of(client, f"/cases/{case.reference}/history"))


def test_a_planned_day_beyond_the_known_holidays_says_so_and_the_verdicts_stand(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    factories.answer(case, people["officer"], start="2190-05-05")

    html = page_of(client, f"/cases/{case.reference}/advice")

    assert "The timetable cannot be counted" in words(html)
    assert any("#start" in (link.get("href") or "") for link in parse(html).iter("a"))
    assert "Recommended:" in words(html)


def test_a_case_without_its_value_says_which_answer_is_missing(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    factories.answer(case, people["officer"], value_amount=None)

    html = page_of(client, f"/cases/{case.reference}/advice")

    assert "cannot be advised yet" in words(html)
    assert any("#value_amount" in (link.get("href") or "") for link in parse(html).iter("a"))
    assert client.get(f"/cases/{case.reference}").status_code == 200


def test_a_choice_from_a_time_without_advice_can_be_given_the_present_one(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    by = factories.actor_of(people["officer"])
    cases.choose_procedure(case, "open", clock.today(), "From the case file", by, clock.today(), clock.now())
    db.session.commit()
    assert queries.last_choice(case) is None

    assert "No advice was kept with this choice" in words(page_of(client, f"/cases/{case.reference}/advice"))
    client.post(f"/cases/{case.reference}/advice/confirm", data=builders.posted(case, "As decided."))

    kept = queries.last_choice(case)
    assert kept is not None
    assert (kept.procedure, kept.confirmed) == ("open", True)


@pytest.mark.parametrize("number", [0, 40])
def test_the_page_asks_the_same_few_queries_for_a_case_of_any_size(
    client: FlaskClient, case: Case, people: dict[str, Person], count_queries: Callable[[], list[str]], number: int
) -> None:
    builders.choose(case, people["officer"], "open")
    lots = [{"title": f"Lot {at}", "value": "20000"} for at in range(number)]
    factories.answer(case, people["officer"], **({"lots": lots} if lots else {}), **factories.FULL_NEED)
    client.get(f"/cases/{case.reference}/advice")
    executed = count_queries()

    client.get(f"/cases/{case.reference}/advice")

    assert len([statement for statement in executed if statement.startswith("SELECT")]) <= MOST_QUERIES


def test_the_old_addresses_lead_to_the_advice(client: FlaskClient, case: Case) -> None:
    assert client.get(f"/cases/{case.reference}/procedure").headers["Location"] == f"/cases/{case.reference}/advice"
    chosen = client.get(f"/cases/{case.reference}/procedure/open")
    assert chosen.headers["Location"] == f"/cases/{case.reference}/advice/choose/open"


def test_the_innovation_check_has_the_answers_of_the_notice_ready_to_copy(
    client: FlaskClient, case: Case, people: dict[str, Person]
) -> None:
    factories.answer(case, people["officer"], new_to_market=True, new_to_buyer=False)

    html = page_of(client, f"/cases/{case.reference}/innovation")

    fields = {field.get("id"): field.get("value") for field in parse(html).iter("input") if field.get("readonly") is not None}
    assert fields == {"bt776-mar-nov": "mar-nov", "solutionNewToBuyer": "false", "solutionNewToMarketOrIndustry": "true"}
    assert "Level 3 of 4" in words(html)
    assert "Ratkaisu tai osa siitä on ostajalle uusi" in words(html), "the labels stand in all three languages"
