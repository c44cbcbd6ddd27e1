"""What leaves the house beside the documents of one case: the portfolio, the report for the board, the figures on expert support and
dossiers, with much in them and with hardly anything."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import pytest
from flask import current_app
from flask.testing import FlaskClient
from flask_babel import force_locale

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.desk import bulk, bulk_requests, demo
from procure.documents import dossier_making, dossier_queries, dossier_service, making
from procure.domain import portfolio as portfolio_rules
from procure.domain.dossiers import Choice
from procure.domain.language import LOCALES
from procure.domain.permissions import Actor
from procure.figures import service as figures
from procure.infra import clock, pdf
from procure.infra.db import db, writing
from procure.infra.pdf import Job
from procure.infra.storage import storage_at
from procure.letterheads import queries as letterheads
from procure.portfolio import service as portfolio
from procure.reports import board
from tests import factories
from tests.attachments import files
from tests.attachments.builders import attach
from tests.teams.builders import write_note

MANY: Final = 400
"""Cases and requests: enough for every row of every table, and for names that are long."""


def busy() -> None:
    """The demo, and 20 cities at work beside it."""
    with writing():
        demo.load("a password of nobody", clock.today(), clock.now())
        bulk.add(MANY, clock.now(), lambda _done: None)
        bulk_requests.add(MANY, clock.now(), lambda _done: None)
        db.session.commit()


def counted() -> None:
    portfolio.count_all(clock.now())
    figures.count_all(clock.now())


@contextmanager
def printing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Job]]:
    """What is printed meanwhile, in its order."""
    jobs: list[Job] = []

    def noted(job: Job) -> bytes:
        jobs.append(job)
        return printed(job)

    printed = pdf.printed
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "printed", noted)
        yield jobs


def reports(manager: FlaskClient, coordinator: FlaskClient, language: str, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The portfolio and the figures as their pages give them."""
    with printing(monkeypatch) as jobs:
        for client, address in ((manager, "/portfolio.pdf"), (coordinator, "/figures.pdf")):
            answer = client.get(f"{address}?period=all&language={language}")
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), (address, answer.status, answer.location)
    return jobs


def board_report(by: Actor, language: str) -> Job:
    """On this quarter as far as it has gone."""
    today = clock.today()
    quarter = portfolio_rules.quarter_name(today)
    with force_locale(LOCALES[language]):
        made = board.report(board.facts(by, quarter, language, today), language)
        return making.job_of(board.page_of(quarter, made, letterheads.sender_for(by), language, today))


def dossier(case: Case, language: str, by: Person, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Job], bytes]:
    """What was printed for a dossier with everything that can be chosen, and the whole."""
    with writing():
        case.language = language
        threads = tuple(request.id for request in dossier_queries.requests_in(case))
        notes = tuple(note.number for note in dossier_queries.notes_in(case))
        made = dossier_service.ask(case, factories.actor_of(by), clock.now(), Choice(threads=threads, notes=notes))
        db.session.commit()
    storage = storage_at(current_app.config["SETTINGS"].storage_url)
    with printing(monkeypatch) as jobs:
        assert dossier_making.make_due(storage, clock.now) == ("", "")
    db.session.refresh(made)
    with closing(storage.open(made.pdf_sha256)) as stream:
        return jobs, stream.read()


def add_papers(case: Case, person: Person, client: FlaskClient) -> None:
    """Notes, attachments with names of every sort, and documents issued in two languages."""
    for number in range(3):
        write_note(
            case, person, f"Kysy lakimieheltä kohdasta {number + 1}: takuuaika ja vastuunrajoitus, myös alihankkijan osalta."
        )
    for name in ("tarjous.pdf", "Liite 7 – tietosuojan vaikutustenarviointi ja sen perustelut (luonnos 3).pdf"):
        attach(case, person, content=files.pdf(name), name=name)
    for kind, language in (("needs_assessment", "fi"), ("needs_assessment", "sv"), ("summary", "en")):
        answer = client.post(f"/cases/{case.reference}/documents/{kind}/issue?language={language}")
        assert "/documents/issued/" in answer.location, (kind, language, answer.status)
