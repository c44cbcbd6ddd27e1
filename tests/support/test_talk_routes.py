"""The thread on its pages: questions on top, typed text kept, who has seen what; files only for those who read the messages."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.attachments import thread_scanning
from procure.domain.attachments import CLEAN, INFECTED
from procure.infra import clock
from procure.infra.db import db
from procure.infra.scanner import ClamAV
from procure.support import queries
from procure.support.models import SupportFile, SupportRead, SupportRequest
from tests.attachments.builders import storage
from tests.attachments.files import pdf
from tests.infra import clamav
from tests.infra.clamav import MALWARE
from tests.support.builders import CANARY, act, answered, secret_case, taken

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def request_(people: People) -> SupportRequest:
    return taken(secret_case(people["officer"]), people["officer"], people["expert"])


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def send(client: FlaskClient, number: int, words: str, *names: str, content: bytes | None = None, **more: str) -> TestResponse:
    files = [(io.BytesIO(pdf() if content is None else content), name) for name in names]
    return client.post(f"/support/{number}/messages", data={"text": words, **more, **({"file": files} if files else {})})


def test_open_questions_stand_on_top_and_a_reply_names_its_own(
    request_: SupportRequest, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    expert, city = client_for(people["expert"]), client_for(people["officer"])
    for words in ("Which bins?", "Whose data?"):
        assert send(expert, request_.id, words, what="question").status_code == 302
    page = text(city.get(f"/support/{request_.id}"))
    assert "2 open questions from the expert" in page
    assert page.index("Whose data?") < page.index(f"{CANARY} question?")
    unnamed = send(city, request_.id, "A long answer")
    assert unnamed.status_code == 422
    assert "A long answer" in text(unnamed)
    number = re.findall(r'name="question"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="question"', page)[1]
    assert send(city, request_.id, "The city’s.", question=next(filter(None, number))).status_code == 302
    page = text(city.get(f"/support/{request_.id}"))
    assert "1 open question from the expert" in page
    assert "About the question:" in page


def test_an_answer_to_a_question_that_is_gone_gives_the_typed_text_back(
    request_: SupportRequest, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    expert, city = client_for(people["expert"]), client_for(people["officer"])
    for words in ("Which bins?", "Whose data?", "Since when?"):
        send(expert, request_.id, words, what="question")
    first = next(row.id for row in queries.messages_of(request_) if row.kind == "question")
    assert expert.post(f"/support/{request_.id}/questions/{first}/drop").status_code == 302
    late = send(city, request_.id, "A long answer", question=str(first))
    assert late.status_code == 422
    assert "A long answer" in text(late)


def test_the_page_says_who_has_seen_what(request_: SupportRequest, people: People, client_for: ClientFor) -> None:
    expert, city = client_for(people["expert"]), client_for(people["manager"])
    send(expert, request_.id, "I begin now.", what="message")
    assert "Seen by" not in text(expert.get(f"/support/{request_.id}"))
    city.get(f"/support/{request_.id}")
    city.get(f"/support/{request_.id}")
    page = text(expert.get(f"/support/{request_.id}"))
    assert "Seen by:" in page
    assert "Manager (" in page
    assert "Tampere: 4 people" in page
    assert db.session.scalar(select(func.count()).select_from(SupportRead)) == 2


def test_a_coordinator_sees_neither_messages_nor_readers_and_reads_nothing(
    request_: SupportRequest, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    send(client_for(people["officer"]), request_.id, "Only between us", "bins.pdf")
    page = text(client_for(people["coordinator"]).get(f"/support/{request_.id}"))
    assert "Only between us" not in page
    assert "bins.pdf" not in page
    assert "Who sees the messages" not in page
    assert db.session.scalar(select(func.count()).select_from(SupportRead)) == 0


def got(client: FlaskClient, path: str) -> tuple[int, bytes, str]:
    """Status, content and how a browser is to take it; the file is closed again."""
    with client.get(path) as response:
        return response.status_code, response.get_data(), response.headers.get("Content-Disposition", "")


def file_path(request: SupportRequest) -> str:
    file = db.session.scalars(select(SupportFile).execution_options(populate_existing=True)).one()
    return f"/support/{request.id}/files/{file.id}/{file.file_name}"


def test_a_file_goes_to_those_who_read_the_thread_and_to_nobody_else(
    request_: SupportRequest, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    assert send(client_for(people["officer"]), request_.id, "The list", "bins.pdf").status_code == 302
    path = file_path(request_)
    for name in ("officer", "manager", "admin", "expert"):
        status, content, taken_as = got(client_for(people[name]), path)
        assert (status, content, taken_as.partition(";")[0]) == (200, pdf(), "attachment"), name
    for name in ("other_officer", "expert2", "coordinator"):
        assert client_for(people[name]).get(path).status_code == 404, name
    assert client_for(people["officer"]).get(path.replace("bins.pdf", "other.pdf")).status_code == 404
    act(request_, people["expert"], "hand_back", "No time")
    assert client_for(people["expert"]).get(path).status_code == 404


def test_a_withdrawn_request_takes_its_files_from_the_expert_and_an_answered_one_leaves_them(
    people: People, client_for: ClientFor
) -> None:  # fmt: skip
    done = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    other = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    send(client_for(people["officer"]), other.id, "The list", "bins.pdf")
    act(other, people["officer"], "withdraw", "No need")
    assert client_for(people["expert"]).get(file_path(other)).status_code == 404
    assert got(client_for(people["officer"]), file_path(other))[0] == 200
    assert client_for(people["expert"]).get(f"/support/{done.id}").status_code == 200


@pytest.mark.parametrize(("name", "content"), [("setup.exe", b"MZ"), ("fake.pdf", b"not one"), ("empty.pdf", b"")])
def test_a_file_that_is_not_taken_sends_nothing_and_keeps_the_text(
    request_: SupportRequest, people: People, client_for: ClientFor, name: str, content: bytes
) -> None:  # fmt: skip
    before = len(queries.messages_of(request_))
    response = send(client_for(people["officer"]), request_.id, "A long message", name, content=content)
    assert response.status_code == 422
    assert "A long message" in text(response)
    assert len(queries.messages_of(request_)) == before


def test_five_files_go_with_a_message_and_six_do_not(request_: SupportRequest, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    many = send(client, request_.id, "A long message", *[f"{number}.pdf" for number in range(6)])
    assert "Send at most 5 files with one message" in text(many)
    assert send(client, request_.id, "A long message", *[f"{number}.pdf" for number in range(5)]).status_code == 302


@pytest.mark.parametrize(("content", "finding", "status"), [(pdf(), CLEAN, 200), (pdf(MALWARE.decode()), INFECTED, 409)])
def test_a_file_that_could_not_be_scanned_is_scanned_later(
    request_: SupportRequest, people: People, client_for: ClientFor, content: bytes, finding: str, status: int
) -> None:  # fmt: skip
    client = client_for(people["officer"])
    send(client, request_.id, "The list", "bins.pdf", content=content)
    with clamav.speaking() as server:
        assert thread_scanning.scan_waiting(storage(), ClamAV(server.url), clock.now) == ("", "")
    file = db.session.scalars(select(SupportFile).execution_options(populate_existing=True)).one()
    assert (file.scan, file.scan_due_at) == (finding, None)
    assert got(client, file_path(request_))[0] == status


def test_a_long_thread_asks_no_more_of_the_database_than_a_short_one(
    request_: SupportRequest, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:  # fmt: skip
    client, expert = client_for(people["officer"]), client_for(people["expert"])
    send(client, request_.id, "One", "1.pdf")
    client.get(f"/support/{request_.id}")
    executed = count_queries()
    client.get(f"/support/{request_.id}")
    short = len(executed)
    for number in range(6):
        send(client, request_.id, f"More {number}", f"{number}.pdf")
        send(expert, request_.id, f"Asked {number}", what="question")
    client.get(f"/support/{request_.id}")
    executed = count_queries()
    client.get(f"/support/{request_.id}")
    assert len(executed) <= short
