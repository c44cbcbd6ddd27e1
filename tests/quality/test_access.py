"""Who may open what: every route, as every role, as another city's people and as nobody. A route that is not here fails."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.permissions import ACTIONS
from tests import factories
from tests.approvals import builders
from tests.attachments.builders import attach
from tests.communications.builders import plan
from tests.declarations.builders import declare
from tests.support.builders import ask
from tests.teams.builders import add_task

CITY = {"officer", "manager", "admin"}
EDITORS = {"officer", "manager"}
NETWORK = {"expert", "coordinator"}
ALL = CITY | NETWORK | {"system_admin"}

OPEN_TO: dict[str, tuple[str, set[str]]] = {
    # endpoint -> what it is about, and which roles of the case's own city or the network may open it
    "static": ("public", ALL),
    "web.language": ("public", ALL),
    "web.accessibility": ("public", ALL),
    "web.privacy": ("public", ALL),
    "web.live": ("public", ALL),
    "web.ready": ("public", ALL),
    "verification.verify": ("public", ALL),
    "accounts.sign_in": ("public", ALL),
    "accounts.sign_out": ("public", ALL),
    "accounts.password": ("public", ALL),
    "accounts.account": ("own", ALL),
    "accounts.people": ("own", {"admin", "coordinator", "system_admin"}),
    "accounts.person_new": ("own", {"admin", "coordinator", "system_admin"}),
    "accounts.person": ("person", {"admin", "coordinator", "system_admin"}),
    "notifications.choices": ("own", ALL),
    "notifications.absence": ("own", ALL),
    "notifications.absence_end": ("day", ALL),
    "desk.home": ("own", ALL),
    "desk.all_work": ("own", CITY),
    "desk.case": ("case", CITY),
    "teams.team": ("case", CITY),
    "teams.member_add": ("edit", EDITORS),
    "teams.member": ("edit", EDITORS),
    "teams.member_remove": ("edit", EDITORS),
    "teams.hand_over": ("edit", EDITORS),
    "teams.hand_over_many": ("own", EDITORS),
    "teams.task_new": ("edit", EDITORS),
    "teams.task": ("edit", EDITORS),
    "teams.task_done": ("edit", EDITORS),
    "teams.task_reopen": ("edit", EDITORS),
    "teams.note_new": ("edit", EDITORS),
    "teams.note_read": ("case", CITY),
    "declarations.declaration": ("case", CITY),
    "declarations.overview": ("decision", {"manager"}),
    "declarations.decide": ("decision", {"manager"}),
    "results.index": ("case", CITY),
    "results.tenders": ("edit", EDITORS),
    "results.review_new": ("edit", EDITORS),
    "results.review_change": ("day", EDITORS),
    "results.review_outcome": ("day", EDITORS),
    "results.review_remove": ("day", EDITORS),
    "results.effect_new": ("edit", EDITORS),
    "results.effect_change": ("day", EDITORS),
    "results.effect_measure": ("day", EDITORS),
    "results.effect_remove": ("day", EDITORS),
    "gates.gate": ("case", CITY),
    "gates.tick": ("edit", EDITORS),
    "gates.untick": ("edit", EDITORS),
    "gates.waive": ("edit", {"manager"}),
    "gates.unwaive": ("edit", {"manager"}),
    "city_gates.city_gates": ("own", CITY),
    "city_gates.city_gate_new": ("own", {"admin"}),
    "city_gates.city_gate_change": ("day", {"admin"}),
    "letterheads.index": ("own", CITY),
    "letterheads.change": ("own", {"admin"}),
    "letterheads.logo": ("day", CITY),
    "documents.letterhead_sample": ("day", CITY),
    "documents.letterhead_sample_pdf": ("day", CITY),
    "documents.logo": ("day", CITY),
    "clauses.index": ("own", CITY),
    "clauses.new": ("own", {"admin"}),
    "clauses.clause": ("day", CITY),
    "clauses.change": ("day", {"admin"}),
    "clauses.end": ("day", {"admin"}),
    "city_gates.city_gate_end": ("day", {"admin"}),
    "cases.index": ("own", CITY),
    "cases.views": ("own", CITY),
    "cases.view_new": ("own", CITY),
    "cases.view_remove": ("day", CITY),
    "cases.columns": ("own", CITY),
    "cases.csv_file": ("own", CITY),
    "cases.xlsx_file": ("own", CITY),
    "cases.complete": ("edit", EDITORS),
    "cases.skip": ("edit", EDITORS),
    "cases.go_back": ("edit", EDITORS),
    "cases.hold": ("edit", EDITORS),
    "cases.resume": ("edit", EDITORS),
    "cases.cancel": ("edit", EDITORS),
    "cases.reopen": ("edit", EDITORS),
    "cases.repeat": ("edit", EDITORS),
    "cases.begin_beside": ("edit", EDITORS),
    "cases.procedures": ("case", CITY),
    "cases.procedure": ("edit", EDITORS),
    "advice.page": ("case", CITY),
    "advice.choose": ("edit", EDITORS),
    "advice.confirm": ("edit", EDITORS),
    "advice.innovation": ("case", CITY),
    "cases.history": ("case", CITY),
    "cases.history_csv": ("case", CITY),
    "cases.history_jsonl": ("case", CITY),
    "cases.correct": ("edit", EDITORS),
    "cases.undo": ("edit", EDITORS),
    "cases.deadline_done": ("edit", EDITORS),
    "questionnaires.start": ("own", EDITORS),
    "questionnaires.tasks": ("case", CITY),
    "questionnaires.page": ("edit", EDITORS),
    "questionnaires.check": ("case", CITY),
    "questionnaires.export": ("case", CITY),
    "timetables.timetable": ("case", CITY),
    "timetables.change": ("edit", EDITORS),
    "timetables.change_stage": ("edit", EDITORS),
    "feeds.of_case": ("case", CITY),
    "feeds.mine": ("own", CITY),
    "feeds.read": ("public", ALL),
    "approvals.index": ("case", CITY),
    "approvals.new": ("edit", EDITORS),
    "approvals.approval": ("case", CITY),
    "approvals.hand_on": ("case", CITY),
    "approvals.withdraw": ("edit", EDITORS),
    "attachments.index": ("case", CITY),
    "attachments.add": ("edit", EDITORS),
    "attachments.add_version": ("edit", EDITORS),
    "attachments.remove": ("edit", EDITORS),
    "attachments.download": ("case", CITY),
    "documents.index": ("case", CITY),
    "documents.preview": ("case", CITY),
    "documents.pdf": ("case", CITY),
    "documents.word": ("case", CITY),
    "documents.write": ("day", EDITORS),
    "documents.another": ("day", EDITORS),
    "documents.set_aside": ("edit", EDITORS),
    "documents.issue": ("edit", EDITORS),
    "documents.issued": ("day", CITY),
    "documents.issued_file": ("day", CITY),
    "documents.dossiers": ("case", CITY),
    "documents.make_dossier": ("edit", CITY),
    "documents.dossier": ("day", CITY),
    "documents.dossier_file": ("day", CITY),
    "planning.city_calendar": ("own", CITY),
    "planning.city_closing_new": ("own", {"admin"}),
    "planning.city_closing_remove": ("day", {"admin"}),
    "planning.city_meetings_new": ("own", {"admin"}),
    "planning.city_meeting_remove": ("day", {"admin"}),
    "planning.city_durations": ("own", {"admin"}),
    "network.index": ("own", ALL),
    "network.region": ("own", ALL),
    "network.themes": ("own", ALL),
    "network.funding": ("own", ALL),
    "network.fact": ("own", ALL),
    "network.fact_change": ("own", {"coordinator"}),
    "network.fact_restore": ("day", {"coordinator"}),
    "network.meetings": ("own", ALL),
    "network.meetings_file": ("own", ALL),
    "network.meeting": ("day", ALL),
    "network.meeting_file": ("day", ALL),
    "network.meeting_new": ("own", {"coordinator"}),
    "network.meeting_change": ("day", {"coordinator"}),
    "network.meeting_cancel": ("day", {"coordinator"}),
    "network.meeting_restore": ("day", {"coordinator"}),
    "network.people": ("own", ALL),
    "network.person": ("person", {"coordinator"}),
    "network.me": ("own", {"expert"}),
    "communications.index": ("case", CITY),
    "communications.ask": ("edit", EDITORS),
    "communications.new": ("edit", EDITORS),
    "communications.item": ("case", CITY),
    "communications.edit": ("edit", EDITORS),
    "communications.move": ("edit", EDITORS),
    "communications.calendar": ("case", CITY),
    "communications.ics": ("case", CITY),
    "communications.shared": ("request", {"expert"}),
    "communications.shared_new": ("request", {"expert"}),
    "communications.shared_item": ("request", {"expert"}),
    "support.index": ("own", CITY | NETWORK),
    "support.of_case": ("case", CITY),
    "support.ask": ("edit", EDITORS),
    "support.ask_idea": ("own", EDITORS),
    "support.sharing": ("request", CITY | NETWORK),
    "support.attach": ("request", EDITORS),
    "support.products": ("own", CITY | NETWORK),
    "support.product": ("own", CITY | NETWORK),
    "support.product_new": ("own", {"coordinator"}),
    "support.product_change": ("own", {"coordinator"}),
    "support.product_retire": ("own", {"coordinator"}),
    "attachments.shared": ("request", {"expert"}),
    "support.thread": ("request", CITY | NETWORK),
    "support.drop_question": ("request", {"expert"}),
    "support.meeting_new": ("request", EDITORS | {"expert"}),
    "support.meeting_change": ("request", EDITORS | {"expert"}),
    "support.meeting_cancel": ("request", EDITORS | {"expert"}),
    "support.meeting_report": ("request", EDITORS | {"expert"}),
    "support.meeting_calendar": ("request", CITY | NETWORK),
    "support.mail_refusals": ("own", {"coordinator"}),
    "attachments.thread_file": ("request", CITY | NETWORK),
    "support.reply": ("request", EDITORS | {"expert"}),
    "support.declare": ("request", {"expert"}),
    "support.conflict": ("request", {"expert"}),
    "support.hand_back": ("request", {"expert"}),
    "support.answer": ("request", {"expert"}),
    "support.ask_reader": ("request", {"expert"}),
    "support.reading": ("request", NETWORK),
    "support.opinion_version": ("request", CITY | NETWORK),
    "support.opinion_file": ("request", CITY | NETWORK),
    "support.review": ("request", EDITORS),
    "support.release": ("request", {"coordinator"}),
    "support.withdraw": ("request", EDITORS),
    "support.queue": ("own", NETWORK),
    "support.triage": ("request", {"coordinator"}),
    "support.merge": ("request", {"coordinator"}),
    "support.refuse": ("request", {"coordinator"}),
    "support.pass_on": ("request", {"coordinator"}),
    "support.matching": ("request", NETWORK),
    "support.propose": ("request", {"coordinator"}),
    "support.invite": ("request", NETWORK),
    "support.decline": ("request", {"expert"}),
    "support.join": ("request", {"expert"}),
    "support.step_aside": ("request", {"expert"}),
    "support.notes": ("request", NETWORK),
    "support.mark_read": ("request", EDITORS),
    "knowledge.index": ("own", CITY | NETWORK),
    "knowledge.article": ("day", CITY | NETWORK),
    "knowledge.helped": ("day", CITY | NETWORK),
    "knowledge.work": ("own", NETWORK),
    "knowledge.new": ("own", NETWORK),
    "knowledge.draft": ("day", NETWORK),
    "knowledge.text": ("day", NETWORK),
    "knowledge.place": ("day", NETWORK),
    "knowledge.removals": ("day", NETWORK),
    "knowledge.remove_words": ("day", NETWORK),
    "knowledge.send": ("day", NETWORK),
    "knowledge.take_back": ("day", NETWORK),
    "knowledge.change": ("day", NETWORK),
    "knowledge.take_over": ("day", NETWORK),
    "knowledge.publish": ("day", NETWORK),
    "knowledge.confirm": ("day", NETWORK),
    "knowledge.give_back": ("day", NETWORK),
    "knowledge.withdraw": ("day", NETWORK),
    "support.make_article": ("request", NETWORK),
    "printing.job": ("day", ALL),
    "portfolio.index": ("own", CITY),
    "portfolio.pdf": ("own", CITY),
    "portfolio.xlsx": ("own", CITY),
    "portfolio.csv": ("own", CITY),
    "portfolio.cases": ("own", CITY),
    "reports.index": ("own", CITY),
    "reports.new": ("own", {"manager", "admin"}),
    "reports.change": ("day", {"manager", "admin"}),
    "reports.move": ("day", {"manager", "admin"}),
    "reports.sent": ("day", CITY),
    "reports.file": ("day", CITY),
    "shared_figures.consent": ("own", {"manager", "admin"}),
    "shared_figures.network": ("own", {"coordinator"}),
    "shared_figures.xlsx": ("own", {"coordinator"}),
    "figures.index": ("own", {"coordinator"}),
    "figures.pdf": ("own", {"coordinator"}),
    "figures.xlsx": ("own", {"coordinator"}),
    "figures.behind": ("own", {"coordinator"}),
}
CANARY = "Sensors for waste bins"


def reachable(app: Flask) -> list[Any]:
    return list(app.url_map.iter_rules())


def rule_of(app: Flask, endpoint: str) -> Any:
    return next(rule for rule in reachable(app) if rule.endpoint == endpoint)


@pytest.fixture
def asked(case: Case, people: dict[str, Person]) -> int:
    """The number of an open request for advice on the case, which has an attachment, a task, a declared conflict, a request for
    approval and something to tell too."""
    builders.ask(case, people["officer"], people["officer2"])
    attach(case, people["officer"])
    add_task(case, people["officer"], people["officer"])
    plan(case, people["officer"])
    declare(case, people["officer"], "conflict")
    return ask(case, people["officer"]).id


def arguments(rule: Any, case: Case, person: Person, asked: int) -> dict[str, Any]:
    values = {
        "reference": case.reference, "stage": "need", "procedure": "open", "section": "need", "page": "problem", "kind": "needs_assessment",
        "code": "fi", "filename": "icon.svg", "token": "none", "person_id": person.id, "number": asked, "task_number": 1, "note_number": 1,
        "declaration": 1, "approval_number": 1,
        "lot": 0, "round_number": 1, "review": 1, "effect": 1,
        "item_number": 1, "act": "submit",
        "meeting": 1, "question": 1, "file_id": 1,
        "product": "sparring",
        "point": "users_heard", "gate_id": 1,
        "region": "tampere", "subject": "tampere", "field": "funding_body",
        "article_number": 1,
        "edition": 1, "clause_number": 1, "schedule_id": 1, "report_id": 1, "format_": "pdf",
        "sequence": 1, "closing_id": 1, "view_id": 1, "meeting_id": 1, "absence_id": 1, "attachment": 1, "version": 1, "name": "offer.pdf",
    }  # fmt: skip
    return {name: values[name] for name in rule.arguments}


def test_every_route_is_in_the_table_and_says_who_may_use_it(app: Flask) -> None:
    unknown = {rule.endpoint for rule in reachable(app)} - set(OPEN_TO)
    silent = [
        rule.endpoint for rule in reachable(app)
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]  # fmt: skip

    assert not unknown
    assert not silent
    assert not set(OPEN_TO) - {rule.endpoint for rule in reachable(app)}, "the table has a route that is gone"


def test_the_decorators_and_the_table_agree(app: Flask) -> None:
    for endpoint, (about, names) in OPEN_TO.items():
        access = getattr(app.view_functions[endpoint], "access", "public")
        if about == "public":
            assert access == "public", endpoint
            continue
        roles = {"city_admin" if name == "admin" else name for name in names}
        assert set(ACTIONS[access]) == roles, endpoint


def _status(client: FlaskClient, app: Flask, endpoint: str, case: Case, person: Person, asked: int) -> tuple[int, str]:
    with app.test_request_context():
        address = url_for(endpoint, **arguments(rule_of(app, endpoint), case, person, asked))
    with client.get(address) as response:
        return response.status_code, response.get_data(as_text=True) if response.mimetype == "text/html" else ""


ONLY_POST = (
    "support.mark_read", "teams.task_done", "teams.task_reopen", "teams.note_read",
    "support.make_article", "knowledge.helped", "knowledge.remove_words", "knowledge.send", "knowledge.take_back", "knowledge.change",
    "knowledge.take_over", "support.drop_question", "documents.issue",
    "documents.make_dossier", "documents.set_aside", "reports.move",
)  # fmt: skip
SIGNED_IN = [endpoint for endpoint, (about, _roles) in OPEN_TO.items() if about != "public" and endpoint not in ONLY_POST]
"""What is read with GET by those who have signed in."""


@pytest.mark.parametrize("endpoint", SIGNED_IN)
def test_nobody_gets_in_without_signing_in(
    app: Flask, anonymous: FlaskClient, case: Case, people: dict[str, Person], asked: int, endpoint: str
) -> None:
    status, page = _status(anonymous, app, endpoint, case, people["officer"], asked)

    assert status in (302, 401)
    assert CANARY not in page


@pytest.mark.parametrize("name", ["officer", "manager", "admin", "expert", "coordinator", "system_admin"])
def test_each_role_opens_what_the_table_says(
    app: Flask, client_for: Callable[[Person], FlaskClient], case: Case, people: dict[str, Person], asked: int, name: str
) -> None:
    client = client_for(people[name])
    wrong = []
    for endpoint in SIGNED_IN:
        about, roles = OPEN_TO[endpoint]
        status, page = _status(client, app, endpoint, case, people["officer"], asked)
        shut = 404 if getattr(app.view_functions[endpoint], "hidden", False) else 403
        fine = status in _welcome(about, name) if name in roles else status == shut
        if not fine or (name not in CITY and CANARY in page):
            wrong.append((endpoint, status))

    assert not wrong


def _welcome(about: str, name: str) -> tuple[int, ...]:
    """What an allowed role may get: a request has acts that its present state does not offer; other people's people are not there."""
    if about == "request":
        return (200, 302, 404, 409)
    if about == "day":  # nobody has put such things in here: tests/planning and tests/cases have some to remove
        return (404,)
    if about == "person" and name != "admin":
        return (404,)
    return (200, 302, 409)


@pytest.mark.parametrize("name", ["other_officer", "other_manager", "vaasa_officer"])
def test_another_city_s_people_get_the_same_404_for_a_case_as_for_none(
    app: Flask, client_for: Callable[[Person], FlaskClient], case: Case, people: dict[str, Person], asked: int, name: str
) -> None:
    client = client_for(people[name])
    wrong = []
    for endpoint in SIGNED_IN:
        about, roles = OPEN_TO[endpoint]
        if about not in ("case", "edit", "request"):
            continue
        status, page = _status(client, app, endpoint, case, people["officer"], asked)
        if status != (404 if name.rpartition("_")[2] in roles else 403) or CANARY in page:
            wrong.append((endpoint, status))

    assert not wrong


def test_a_partner_city_reads_and_changes_nothing(
    app: Flask, client_for: Callable[[Person], FlaskClient], case: Case, people: dict[str, Person], asked: int
) -> None:
    factories.make_partner(case, people["other_officer"])
    client = client_for(people["other_officer"])
    wrong = []
    for endpoint in SIGNED_IN:
        about, roles = OPEN_TO[endpoint]
        if about not in ("case", "edit"):
            continue
        status, _page = _status(client, app, endpoint, case, people["officer"], asked)
        if status not in ((200, 302, 409) if about == "case" else (404,) if "officer" in roles else (403,)):
            wrong.append((endpoint, status))

    assert not wrong


def test_every_writing_route_refuses_a_form_without_its_token(
    app: Flask, client_for: Callable[[Person], FlaskClient], case: Case, people: dict[str, Person], asked: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    clients = [client_for(people[name]) for name in ("officer", "expert", "admin")]
    wrong = []
    try:
        for rule in reachable(app):
            if "POST" not in (rule.methods or ()) or rule.endpoint == "accounts.sign_in":  # which sends the signed-in home
                continue
            with app.test_request_context():
                address = url_for(rule.endpoint, **arguments(rule, case, people["officer"], asked))
            wrong += [
                (rule.endpoint, status)
                for client in clients
                if (status := client.post(address, data={"title": "x"}).status_code) not in (400, 403, 404)
            ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert not wrong


@pytest.mark.parametrize("name", ["officer", "admin", "expert", "coordinator"])
def test_reading_changes_nothing(
    app: Flask, client_for: Callable[[Person], FlaskClient], count_queries: Callable[[], list[str]], case: Case,
    people: dict[str, Person], asked: int, name: str,
) -> None:  # fmt: skip
    client = client_for(people[name])
    executed = count_queries()

    for rule in reachable(app):
        if "GET" in (rule.methods or ()):
            _status(client, app, rule.endpoint, case, people["officer"], asked)

    assert executed
    written = [statement for statement in executed if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE")]
    assert not [statement for statement in written if "document_jobs" not in statement], "only that a file is being made is noted"
