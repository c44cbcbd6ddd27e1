"""The pages of the documents: who gets them, what is missing, and how the file arrives."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import queries
from procure.cases.models import Case
from procure.catalogue import material
from procure.documents import service
from procure.domain.language import LANGUAGES
from procure.infra import pdf
from procure.infra.db import db
from tests import factories
from tests.declarations.builders import declare
from tests.documents import builders, conformance
from tests.support.builders import answered

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def full(app: Flask, people: People) -> Case:
    return builders.full_case(people["officer"])


def test_the_list_says_how_much_each_document_lacks(case: Case, people: People, client_for: ClientFor) -> None:
    page = client_for(people["officer"]).get(f"/cases/{case.reference}/documents").get_data(as_text=True)
    lacking = service.lacking("needs_assessment", queries.facts_of(queries.answers_of(case)))
    row = page.split("/documents/needs_assessment", 1)[1].split("</tr>")[0]
    assert f"{len(lacking)} things missing" in row


def test_the_list_leads_to_each_document(full: Case, people: People, client_for: ClientFor) -> None:
    answered(full, people["officer"], people["expert"])
    page = client_for(people["manager"]).get(f"/cases/{full.reference}/documents").get_data(as_text=True)
    for kind in service.MODELLED:
        assert f"/cases/{full.reference}/documents/{kind}" in page


@pytest.mark.parametrize("kind", [kind for kind in service.kinds() if kind != service.OPINION])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_read_on_the_screen_in_the_language_asked_for(
    full: Case, people: People, client_for: ClientFor, kind: str, language: str
) -> None:
    declare(full, people["officer"], "none")
    response = client_for(people["officer"]).get(f"/cases/{full.reference}/documents/{kind}?language={language}")
    assert response.status_code == 200
    assert f'lang="{language}">' in response.get_data(as_text=True).split('<article class="d-document')[1][:60]


def test_a_file_arrives_as_an_attachment_with_a_name(full: Case, people: People, client_for: ClientFor) -> None:
    response = client_for(people["manager"]).get(f"/cases/{full.reference}/documents/summary.pdf?language=fi")
    assert response.mimetype == "application/pdf"
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="{full.reference}-tiivistelma-johdolle.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert conformance.faults(response.get_data(), "fi") == []


def test_without_a_language_the_file_is_in_that_of_the_page(full: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    for address in ("summary.pdf", "summary.pdf?language=xx"):
        response = client.get(f"/cases/{full.reference}/documents/{address}")
        assert "summary-for-managers" in response.headers["Content-Disposition"]


def test_a_document_that_lacks_answers_is_409_and_names_them(case: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    for address in ("needs_assessment.pdf", "needs_assessment"):
        response = client.get(f"/cases/{case.reference}/documents/{address}")
        assert response.status_code == 409
        assert f'href="/cases/{case.reference}/answers/need/problem#need"' in response.get_data(as_text=True)


def test_the_opinion_asked_for_by_number_or_the_newest(full: Case, people: People, client_for: ClientFor) -> None:
    first = answered(full, people["officer"], people["expert"])
    second = answered(full, people["officer"], people["expert2"])
    client = client_for(people["officer"])
    address = f"/cases/{full.reference}/documents/expert_opinion"
    assert f"T-{second.id:04d}" in client.get(address).get_data(as_text=True)
    assert f"T-{first.id:04d}" in client.get(f"{address}?request={first.id}").get_data(as_text=True)
    assert client.get(f"{address}.pdf?request={first.id}").mimetype == "application/pdf"
    assert client.get(f"{address}?request=999999").status_code == 404


def test_an_opinion_about_another_case_is_not_found_here(full: Case, people: People, client_for: ClientFor) -> None:
    other = builders.full_case(people["officer"])
    elsewhere = answered(other, people["officer"], people["expert"])
    response = client_for(people["officer"]).get(f"/cases/{full.reference}/documents/expert_opinion?request={elsewhere.id}")
    assert response.status_code == 404


def test_without_an_opinion_there_is_no_such_document(full: Case, people: People, client_for: ClientFor) -> None:
    assert client_for(people["officer"]).get(f"/cases/{full.reference}/documents/expert_opinion.pdf").status_code == 404


@pytest.mark.parametrize("name", ["other_officer", "other_manager", "vaasa_officer"])
@pytest.mark.parametrize("address", ["", "/summary", "/summary.pdf", "/expert_opinion.pdf"])
def test_another_city_finds_nothing(full: Case, people: People, client_for: ClientFor, name: str, address: str) -> None:
    answered(full, people["officer"], people["expert"])
    response = client_for(people[name]).get(f"/cases/{full.reference}/documents{address}")
    assert response.status_code == 404
    assert "jätehuolto" not in response.get_data(as_text=True)


@pytest.mark.parametrize("name", ["expert", "coordinator", "system_admin"])
def test_documents_are_for_the_cities_alone(full: Case, people: People, client_for: ClientFor, name: str) -> None:
    for address in ("", "/summary", "/summary.pdf"):
        assert client_for(people[name]).get(f"/cases/{full.reference}/documents{address}").status_code == 403


def test_a_partner_city_reads_the_documents(full: Case, people: People, client_for: ClientFor) -> None:
    factories.make_partner(full, people["vaasa_officer"])
    db.session.commit()
    response = client_for(people["vaasa_officer"]).get(f"/cases/{full.reference}/documents/summary.pdf")
    assert response.status_code == 200


@pytest.mark.parametrize("kind", ["contract_notice", "nothing", "../summary", "summary.pdf.pdf"])
def test_a_kind_that_is_not_made_here_is_not_found(full: Case, people: People, client_for: ClientFor, kind: str) -> None:
    assert client_for(people["officer"]).get(f"/cases/{full.reference}/documents/{kind}").status_code == 404


def test_a_file_that_cannot_be_made_says_so(
    full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_heavy(*_arguments: object, **_named: object) -> bytes:
        raise pdf.PdfFailed("memory")

    monkeypatch.setattr(pdf, "printed", too_heavy)
    response = client_for(people["officer"]).get(f"/cases/{full.reference}/documents/summary.pdf")
    assert response.status_code == 503
    assert "The PDF could not be made" in response.get_data(as_text=True)


def test_a_document_that_shows_facts_of_tenders_opens_after_the_declaration_only(
    full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = replace(material.catalogue(), made_here=frozenset({"summary"}))
    monkeypatch.setattr(material, "catalogue", lambda: shown)
    client, address = client_for(people["officer"]), f"/cases/{full.reference}/documents/summary"

    assert client.get(address).status_code == 403
    assert client.get(f"{address}.pdf").status_code == 403
    assert "Tender material is closed to you" in client.get(address).text

    declare(full, people["officer"])

    assert client.get(address).status_code == 200
