"""An opinion is printed while nothing is locked: what others do meanwhile holds, and a slow print is waited for on a page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock, pdf
from procure.infra.db import db
from procure.support.opinion_models import OpinionCounter, OpinionDraft, OpinionVersion
from tests.printing.builders import Printers, dying, print_due
from tests.support.builders import taken
from tests.support.opinion_builders import FORM

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def funding(case: Case, people: People) -> int:
    """The number of a request on a topic that is not law, which the expert has taken."""
    return taken(case, people["officer"], people["expert"], topic="funding").id


def versions() -> list[OpinionVersion]:
    return list(db.session.scalars(select(OpinionVersion)))


def test_an_opinion_whose_number_another_took_meanwhile_is_printed_again_under_the_next(
    funding: int, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, printed = pdf.printed, list[str]()

    def meanwhile(job: pdf.Job) -> bytes:
        if not printed:
            db.session.add(OpinionCounter(year=clock.today().year, last=1))
            db.session.commit()
        printed.append(job.html)
        return make(job)

    monkeypatch.setattr(pdf, "printed", meanwhile)
    answer = client_for(people["expert"]).post(f"/support/{funding}/opinion", data={**FORM, "act": "issue"})

    assert answer.location == f"/support/{funding}"
    (version,) = versions()
    assert (version.number, len(printed)) == (2, 2)
    assert f"AL-{clock.today().year}-0002/1" in printed[1]


def test_a_slow_opinion_keeps_its_draft_and_is_issued_from_the_page_that_says_that_it_is_ready(
    app: Flask, funding: int, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    expert, printers = client_for(people["expert"]), Printers(monkeypatch)
    with dying(app, monkeypatch):
        waiting = expert.post(f"/support/{funding}/opinion", data={**FORM, "act": "issue"})
    assert waiting.status_code == 303
    assert versions() == []
    (draft,) = db.session.scalars(select(OpinionDraft))
    assert draft.opinion

    print_due()
    page = expert.get(f"{waiting.location}?waited=1")
    assert "The opinion can be issued now" in page.text
    assert f'href="/support/{funding}/opinion"' in page.text
    assert "Refresh" not in page.headers

    expert.post(f"/support/{funding}/opinion", data={**FORM, "act": "issue", "seen": draft.version_id})
    assert len(versions()) == 1
    assert printers.printed == 1


def test_an_opinion_that_cannot_be_printed_is_not_issued_and_says_what_to_do(
    funding: int, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Printers(monkeypatch).reasons = ["time"]
    answer = client_for(people["expert"]).post(f"/support/{funding}/opinion", data={**FORM, "act": "issue"})
    assert answer.status_code == 422
    assert "nothing was issued" in answer.text
    assert "Shorten the longest answers" in answer.text
    assert versions() == []
