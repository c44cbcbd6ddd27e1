"""A document comes at once, or by way of a page that shows how far it is; what is kept is not printed again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.leases import ASKED, FAILED, MAKING, PRINT_KEPT, PRINT_TRIES, READY
from procure.infra import clock
from procure.infra.db import db
from procure.infra.storage import PassingFolder, StorageFailed
from procure.printing import apart, service, sources
from tests import factories
from tests.documents import builders
from tests.printing.builders import Printers, dying, jobs, print_due

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


@pytest.fixture
def printers(monkeypatch: pytest.MonkeyPatch) -> Printers:
    return Printers(monkeypatch)


def path_of(case: Case) -> str:
    return f"/cases/{case.reference}/documents/summary.pdf?language=en"


def asked_slowly(app: Flask, monkeypatch: pytest.MonkeyPatch, client: FlaskClient, path: str) -> str:
    """The page to which whoever asks is sent when the printing does not end in time."""
    with dying(app, monkeypatch):
        answer = client.get(path)
    assert answer.status_code == 303
    return str(answer.location)


def test_a_quick_document_comes_at_once_and_unchanged_is_not_printed_again(
    full: Case, people: People, client_for: ClientFor, printers: Printers
) -> None:
    officer, colleague = client_for(people["officer"]), client_for(people["officer2"])
    first = officer.get(path_of(full))
    assert first.mimetype == "application/pdf"
    assert first.headers["Content-Disposition"].startswith(f'attachment; filename="{full.reference}-')

    again = colleague.get(path_of(full))
    unchanged = officer.get(path_of(full), headers={"If-None-Match": first.headers["ETag"]})

    assert again.data == first.data
    assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert printers.printed == 1

    factories.answer(full, people["officer"], need={"en": "Something else."})
    changed = officer.get(path_of(full), headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, printers.printed) == (200, 2)
    assert changed.data != first.data


def test_a_slow_one_is_waited_for_on_a_page_that_looks_again_and_then_gives_it(
    app: Flask, full: Case, people: People, client_for: ClientFor, printers: Printers, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = client_for(people["officer"])
    page = asked_slowly(app, monkeypatch, officer, path_of(full))
    waiting = officer.get(page)
    assert "The document is being made" in waiting.text
    assert 'role="status"' in waiting.text
    assert waiting.headers["Refresh"] == f"2; url={page}?waited=1"

    print_due()

    ready = officer.get(f"{page}?waited=1")
    assert "The document is ready" in ready.text
    assert ready.headers["Refresh"] == f"0; url={path_of(full)}"
    assert "Refresh" not in officer.get(page).headers, "who comes back later is not sent the file again"
    assert officer.get(path_of(full)).mimetype == "application/pdf"
    assert printers.printed == 1


def test_only_who_asked_sees_the_page_and_only_while_they_read_the_case(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = client_for(people["officer2"])
    page = asked_slowly(app, monkeypatch, officer, path_of(full))
    for name in ("officer", "manager", "other_officer", "expert"):
        assert client_for(people[name]).get(page).status_code == 404
    assert officer.get(page).status_code == 200

    print_due()
    people["officer2"].organisation_id = people["other_officer"].organisation_id
    db.session.commit()

    assert officer.get(page).status_code == 404
    assert officer.get(path_of(full)).status_code == 404


def test_what_several_ask_for_is_printed_once(
    app: Flask, full: Case, people: People, client_for: ClientFor, printers: Printers, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, colleague = client_for(people["officer"]), client_for(people["officer2"])
    page = asked_slowly(app, monkeypatch, officer, path_of(full))
    assert asked_slowly(app, monkeypatch, officer, path_of(full)) == page
    other = asked_slowly(app, monkeypatch, colleague, path_of(full))
    assert other != page

    service.make_due(apart.places(app), clock.now)
    assert printers.printed == 0, "it belongs to the process that prints it"
    print_due()

    assert printers.printed == 1
    assert "The document is ready" in officer.get(page).text
    assert "The document is ready" in colleague.get(other).text


@pytest.mark.parametrize(
    ("reason", "said"),
    [("time", "Shorten the longest answers"), ("memory", "divide the largest table"), ("broken", "administrator")],
)
def test_one_that_cannot_be_printed_says_what_to_do_and_can_be_asked_for_again(
    app: Flask, full: Case, people: People, client_for: ClientFor, printers: Printers, monkeypatch: pytest.MonkeyPatch,
    reason: str, said: str,
) -> None:  # fmt: skip
    officer = client_for(people["officer"])
    page = asked_slowly(app, monkeypatch, officer, path_of(full))
    printers.reasons = [reason]
    print_due()

    failed = officer.get(page)
    assert "The document could not be made" in failed.text
    assert said in failed.text
    assert "Refresh" not in failed.headers
    print_due(2)
    assert printers.printed == 1, "what fails by itself is not tried again by itself"
    assert officer.get(path_of(full)).mimetype == "application/pdf"
    assert [job.state for job in jobs()] == [READY]


@pytest.mark.parametrize("reason", service.PASSING)
def test_what_lies_outside_the_document_is_tried_again(
    app: Flask,
    full: Case,
    people: People,
    client_for: ClientFor,
    printers: Printers,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
) -> None:
    page = asked_slowly(app, monkeypatch, client_for(people["officer"]), path_of(full))
    printers.reasons = [reason]
    print_due()
    assert [job.state for job in jobs()] == [ASKED]
    print_due(2)

    assert "The document is ready" in client_for(people["officer"]).get(page).text
    assert printers.printed == 2


def test_a_document_whose_processes_die_is_given_up_in_the_end(
    app: Flask, full: Case, people: People, client_for: ClientFor, printers: Printers, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked_slowly(app, monkeypatch, client_for(people["officer"]), path_of(full))
    monkeypatch.setattr(service, "carry_out", lambda *_job: None)  # the process died
    for turn in range(1, PRINT_TRIES + 1):
        assert jobs()[0].state == MAKING
        print_due(turn * 2)

    assert (jobs()[0].state, jobs()[0].source, jobs()[0].making) == (FAILED, None, None)
    assert "broken off several times" in client_for(people["officer"]).get(page).text


def test_a_try_whose_lease_ran_out_changes_nothing_any_more(
    app: Flask, full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_slowly(app, monkeypatch, client_for(people["officer"]), path_of(full))
    number, first = jobs()[0].id, jobs()[0].tries
    print_due()
    ended = jobs()[0].ended_at

    service._fail(number, first, "pdf_time", clock.now() + timedelta(hours=1))
    service.prolong(number, first, clock.now())

    assert (jobs()[0].state, jobs()[0].ended_at, jobs()[0].due_at) == (READY, ended, None)


def test_a_storage_that_takes_nothing_keeps_no_quick_document_from_anybody(
    full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_about: Any) -> str:
        raise StorageFailed("no room")

    monkeypatch.setattr(PassingFolder, "put", full_disk)
    assert client_for(people["officer"]).get(path_of(full)).mimetype == "application/pdf"
    assert [(job.state, job.trouble) for job in jobs()] == [(FAILED, "storage_away")]


def test_bytes_that_are_gone_are_printed_again(
    full: Case, people: People, client_for: ClientFor, printers: Printers, app: Flask
) -> None:
    officer = client_for(people["officer"])
    first = officer.get(path_of(full)).data
    apart.places(app).passing.remove(jobs()[0].result_key)

    assert officer.get(path_of(full)).data == first
    assert printers.printed == 2


def test_after_a_day_it_is_swept_away_with_its_bytes_unless_somebody_else_asked_since(
    full: Case, people: People, client_for: ClientFor
) -> None:
    client_for(people["officer"]).get(path_of(full))
    places, now = apart.places(current_app), clock.now()
    (job,) = jobs()
    assert service.sweep(places, now) == 0
    twin = service.Wanted("file", "1" * 64, b"", "en", "T", "/", "/")
    later, _mine = service.ask(twin, factories.actor_of(people["manager"]), now + timedelta(hours=2))
    later.state, later.result_key = READY, job.result_key
    db.session.commit()

    assert service.sweep(places, now + PRINT_KEPT + timedelta(hours=1)) == 1
    assert places.passing.exists(job.result_key)
    assert service.sweep(places, now + PRINT_KEPT + timedelta(hours=3)) == 1
    assert not places.passing.exists(job.result_key)
    assert jobs() == []


def test_another_style_of_print_makes_another_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = sources.digest("x")
    sources._press.cache_clear()
    for name in sources.PRESS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("another")
    with monkeypatch.context() as patched:
        patched.setattr(sources, "ROOT", tmp_path)
        assert sources.digest("x") != before
    sources._press.cache_clear()
    assert sources.digest("x") == before


@pytest.mark.parametrize(
    ("name", "path"), [("manager", "/portfolio.pdf?language=fi"), ("coordinator", "/figures.pdf?language=fi")]
)
def test_figures_are_given_the_same_way(
    app: Flask, people: People, client_for: ClientFor, printers: Printers, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    client = client_for(people[name])
    page = asked_slowly(app, monkeypatch, client, path)
    print_due()
    assert client.get(f"{page}?waited=1").headers["Refresh"] == f"0; url={path}"
    assert client.get(path).mimetype == "application/pdf"
    assert printers.printed == 1
