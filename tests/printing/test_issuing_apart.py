"""Issuing outside the request: once, whatever happens, and only what still holds."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import issuing_job, issuing_service, queries, service, writing_service
from procure.infra import clock
from procure.infra.db import db
from procure.infra.pdf import Attachment
from tests import factories
from tests.documents import builders
from tests.printing.builders import Printers, dying, jobs, print_due

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


def issue_slowly(app: Flask, monkeypatch: pytest.MonkeyPatch, client: FlaskClient, case: Case) -> str:
    with dying(app, monkeypatch):
        answer = client.post(f"/cases/{case.reference}/documents/needs_assessment/issue?language=en")
    assert answer.status_code == 303
    assert answer.location.startswith("/making/")
    return str(answer.location)


def test_the_page_says_under_which_number_it_has_been_issued(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = client_for(people["officer"])
    page = issue_slowly(app, monkeypatch, officer, full)
    assert queries.issued_of(full) == []
    assert "The document is being made" in officer.get(page).text

    print_due()

    done = officer.get(f"{page}?waited=1")
    assert f"Issued as {full.reference}/D1, version 1." in done.text
    assert f'href="/cases/{full.reference}/documents/issued/1"' in done.text
    assert "Refresh" not in done.headers
    (one,) = queries.issued_of(full)
    assert factories.events(full, "document_issued")[0].payload["sha256"] == one.sha256
    with officer.get(f"/cases/{full.reference}/documents/issued/1/{one.file_name}") as file:
        assert file.data[:5] == b"%PDF-"


def test_a_form_sent_twice_issues_once(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, printers = client_for(people["officer"]), Printers(monkeypatch)
    page = issue_slowly(app, monkeypatch, officer, full)
    assert issue_slowly(app, monkeypatch, officer, full) == page
    print_due()
    print_due(2)

    assert len(queries.issued_of(full)) == 1
    assert len(factories.events(full, "document_issued")) == 1
    assert printers.printed == 1


def test_a_case_that_changed_meanwhile_issues_nothing_and_says_so(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = client_for(people["officer"])
    page = issue_slowly(app, monkeypatch, officer, full)
    by = factories.actor_of(people["officer"])
    writing_service.write(full, "award_decision", {"winner": "Kontti Ab"}, 0, by, clock.today(), clock.now())
    db.session.commit()
    print_due()

    told = officer.get(page).text
    assert "The document has not been issued" in told
    assert "The case changed while the document was being made" in told
    assert queries.issued_of(full) == []


def test_two_people_who_issue_at_once_issue_one_document(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {name: issue_slowly(app, monkeypatch, client_for(people[name]), full) for name in ("officer", "officer2")}
    print_due()

    assert len(queries.issued_of(full)) == 1
    told = [client_for(people[name]).get(page).text for name, page in pages.items()]
    assert sorted("The document has been issued" in text for text in told) == [False, True]


@pytest.mark.parametrize("reason", ["time", "memory"])
def test_one_that_cannot_be_printed_is_not_issued_and_the_person_is_told_what_to_do(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    officer, printers = client_for(people["officer"]), Printers(monkeypatch)
    printers.reasons = [reason]
    at_once = officer.post(f"/cases/{full.reference}/documents/needs_assessment/issue?language=en", follow_redirects=True).text
    assert "Nothing has been issued." in at_once
    assert "Shorten the longest answers" in at_once

    page = issue_slowly(app, monkeypatch, officer, full)
    printers.reasons = [reason]
    print_due()
    assert "Shorten the longest answers" in officer.get(page).text
    assert queries.issued_of(full) == []


def test_whoever_may_not_issue_it_any_more_issues_nothing(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_slowly(app, monkeypatch, client_for(people["officer2"]), full)
    people["officer2"].active = False
    db.session.commit()
    print_due()

    assert [job.trouble for job in jobs()] == ["document_not_yours"]
    assert queries.issued_of(full) == []


def test_what_is_issued_travels_whole(full: Case, people: People) -> None:
    by = factories.actor_of(people["officer"])
    prepared = issuing_service.prepare("needs_assessment", service.gather(full), "fi", by, clock.today())
    assert prepared.attachments
    assert isinstance(prepared.attachments[0], Attachment)

    assert issuing_job.prepared_of(issuing_job.as_source(prepared)) == prepared
