"""The pages of attachments as a city's people, a partner's people and strangers meet them."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from procure.accounts.models import Person, Session
from procure.attachments import routes, service
from procure.cases.models import Case
from procure.domain.attachments import INFECTED, LARGEST_FILE, MEGABYTE
from procure.infra.db import db
from procure.infra.storage import StorageFailed
from tests import factories
from tests.attachments.builders import attach, attach_version
from tests.attachments.files import GOOD, PNG, pdf, sent, whole
from tests.infra import clamav
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TITLE = "Offer of one supplier"


def page_of(case: Case) -> str:
    return f"/cases/{case.reference}/attachments"


def add(client: FlaskClient, case: Case, name: str = "offer.pdf", content: bytes = b"", title: str = TITLE) -> Any:
    return client.post(f"{page_of(case)}/new", data=sent(name, content or pdf(), caption=title, document=""))


def sections(page: str) -> list[str]:
    """The attachments of the list, as one reads them."""
    return [text_of(section) for section in parse(page).iter("section")]


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def test_a_case_without_attachments_says_so_and_offers_the_first(officer: FlaskClient, case: Case) -> None:
    page = officer.get(page_of(case)).text

    assert "No attachments yet" in page
    assert f'href="{page_of(case)}/new"' in page


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_is_taken_comes_back_as_it_went_in(officer: FlaskClient, case: Case, name: str) -> None:
    assert add(officer, case, name, GOOD[name]).status_code == 302
    with officer.get(f"{page_of(case)}/1/1/{name}") as answer:
        assert answer.status_code == 200
        assert answer.data == GOOD[name]
        assert answer.content_length == len(GOOD[name])
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_the_list_tells_what_a_file_is_and_where_it_comes_from(officer: FlaskClient, case: Case, people: People) -> None:
    answer = officer.post(
        f"{page_of(case)}/new",
        data=sent("Tarjous ä.pdf", pdf(), caption=TITLE, document="contract_notice"),
        follow_redirects=True,
    )
    (line,) = sections(answer.text)

    assert f"Added to the attachments: {TITLE}." in answer.text
    for part in (f"1. {TITLE}", "Not scanned", "Tarjous ä.pdf", "Version 1", "PDF", "1 KB", people["officer"].name,
                 "added in the stage: Needs assessment", "Contract notice"):  # fmt: skip
        assert part in line, part
    assert re.search(r"SHA-256 [0-9a-f]{12}", line)


def test_without_a_scanner_every_page_says_that_files_are_not_scanned(officer: FlaskClient, case: Case) -> None:
    add(officer, case)

    for path in ("", "/new", "/1/version"):
        assert "This service has no virus scanner: files are not scanned." in officer.get(page_of(case) + path).text


@pytest.mark.parametrize(("data", "sentence", "target"), [
    (sent("offer.pdf", pdf(), caption=" "), "Enter what the file is", "caption"),
    (sent("offer.pdf", pdf(), caption="x" * 201), "Use at most 200 characters", "caption"),
    ({"caption": TITLE}, "Choose a file", "file"),
    (sent("", b"", caption=TITLE), "Choose a file", "file"),
    (sent("offer.pdf", b"", caption=TITLE), "The file is empty", "file"),
    (sent("offer.pdf", b"MZ\x90\0" + bytes(99), caption=TITLE), "The content of offer.pdf is not PDF", "file"),
    (sent("plan.svg", b"<svg/>", caption=TITLE), "Files like plan.svg are not taken", "file"),
    (sent("...", pdf(), caption=TITLE), "The file has no usable name", "file"),
    (sent("offer.pdf", pdf(), caption=TITLE, document="made up"), "Not a valid choice", "document"),
])  # fmt: skip
def test_what_cannot_be_taken_is_said_at_its_field_and_the_rest_stays(
    officer: FlaskClient, case: Case, data: dict[str, Any], sentence: str, target: str
) -> None:
    if "file" in data:  # the same row serves both databases
        data = data | {"file": (io.BytesIO(data["file"][0].getvalue()), data["file"][1])}
    answer = officer.post(f"{page_of(case)}/new", data={"document": "contract_notice"} | data)

    assert answer.status_code == 422
    assert re.search(rf'<a href="#{target}">[^<]*{re.escape(sentence)}', answer.text)
    if data.get("document") != "made up":
        assert '<option value="contract_notice" selected>' in answer.text
    assert f'value="{data["caption"].strip() and data["caption"]}' in answer.text or data["caption"] == " "
    assert not sections(officer.get(page_of(case)).text)
    assert not factories.events(case, service.ADDED)


@pytest.mark.parametrize("more", [1, 10 * MEGABYTE])
def test_a_file_that_is_too_large_is_refused_and_what_was_typed_stays(officer: FlaskClient, case: Case, more: int) -> None:
    answer = officer.post(f"{page_of(case)}/new", **whole("offer.pdf", pdf() + bytes(LARGEST_FILE + more), caption=TITLE))

    assert answer.status_code == 422
    assert '<a href="#file">The file is larger than 50 MB' in answer.text
    assert f'value="{TITLE}"' in answer.text


def test_a_file_of_the_largest_size_is_taken(officer: FlaskClient, case: Case) -> None:
    file = whole("large.txt", b"x" * LARGEST_FILE, caption=TITLE, document="")

    assert officer.post(f"{page_of(case)}/new", **file).status_code == 302
    with officer.get(f"{page_of(case)}/1/1/large.txt") as answer:
        assert answer.content_length == LARGEST_FILE


def test_only_the_pages_of_files_take_much_and_only_from_those_who_have_signed_in(
    officer: FlaskClient, anonymous: FlaskClient, case: Case
) -> None:
    large = pdf() + bytes(7 * MEGABYTE)
    add(officer, case)

    assert anonymous.post(f"{page_of(case)}/new", **whole("a.pdf", large, caption=TITLE, document="")).status_code == 413
    assert officer.post(f"{page_of(case)}/1/remove", **whole("a.pdf", large, reason="x")).status_code == 413
    assert (
        officer.post(f"{page_of(case)}/new", **whole("a.pdf", large[:-6] + b"%%EOF\n", caption=TITLE, document="")).status_code
        == 302
    )


def test_when_the_session_has_ended_meanwhile_the_words_are_kept_and_the_file_is_asked_again(
    app: Flask, officer: FlaskClient, case: Case
) -> None:
    db.session.execute(delete(Session))
    db.session.commit()

    answer = officer.post(f"{page_of(case)}/new", **whole("a.pdf", pdf() + bytes(7 * MEGABYTE), caption=TITLE))

    assert answer.status_code in (200, 401)
    assert "Sign in" in answer.text
    assert not factories.events(case, service.ADDED)


@pytest.mark.parametrize(("name", "disposition"), [
    ("offer.pdf", "attachment; filename=offer.pdf"),
    ("Tarjous ä.pdf", "attachment; filename=\"Tarjous a.pdf\"; filename*=UTF-8''Tarjous%20%C3%A4.pdf"),
    ("a'b;c=\".pdf", "attachment; filename=\"a'b;c=_.pdf\""),
    ("100 % %2e%2e.pdf", 'attachment; filename="100 % %2e%2e.pdf"'),
    ("x\r\nSet-Cookie a=b.pdf", 'attachment; filename="x Set-Cookie a=b.pdf"'),
    ("оферта.pdf", "attachment; filename=.pdf; filename*=UTF-8''%D0%BE%D1%84%D0%B5%D1%80%D1%82%D0%B0.pdf"),
])  # fmt: skip
def test_a_name_arrives_whole_and_breaks_no_header(
    officer: FlaskClient, case: Case, people: People, name: str, disposition: str
) -> None:
    attach(case, people["officer"], name=name)
    root = parse(officer.get(page_of(case)).text)
    (link,) = [a.get("href", "") for a in root.iter("a") if a.get("download") is not None]

    with officer.get(link) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == disposition
        assert "Set-Cookie" not in answer.headers


def test_a_downloaded_file_can_do_nothing_in_a_browser(officer: FlaskClient, case: Case, people: People) -> None:
    attach(case, people["officer"])
    for asked in ("", "?inline=0", "?inline=yes", "?inline=2"):
        with officer.get(f"{page_of(case)}/1/1/offer.pdf{asked}") as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.mimetype == "application/pdf"


@pytest.mark.parametrize(("name", "content", "shown"), [
    ("offer.pdf", pdf(), True), ("plan.png", PNG, True), ("photo.jpg", GOOD["photo.jpg"], True), ("mark.gif", GOOD["mark.gif"], False),
    ("notes.txt", b"<b>x", False), ("notice.xml", b"<a/>", False), ("letter.odt", GOOD["letter.odt"], False),
])  # fmt: skip
def test_only_what_runs_nothing_is_shown_when_that_is_asked(
    officer: FlaskClient, case: Case, people: People, name: str, content: bytes, shown: bool
) -> None:
    attach(case, people["officer"], name=name, content=content)
    page = officer.get(page_of(case)).text
    with officer.get(f"{page_of(case)}/1/1/{name}?inline=1") as answer:
        assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("inline=1" in page) is shown


@pytest.mark.parametrize("path", ["1/2/offer.pdf", "2/1/offer.pdf", "1/1/other.pdf", "1/1/OFFER.pdf", "0/0/offer.pdf",
                                  "99999999999999999999/1/offer.pdf", "1/99999999999999999999/offer.pdf"])  # fmt: skip
def test_what_is_not_there_is_not_found(officer: FlaskClient, case: Case, people: People, path: str) -> None:
    attach(case, people["officer"])

    assert officer.get(f"{page_of(case)}/{path}").status_code == 404


def test_a_number_beyond_all_numbers_is_not_found_by_the_forms_either(officer: FlaskClient, case: Case) -> None:
    for act in ("version", "remove"):
        assert officer.get(f"{page_of(case)}/99999999999999999999/{act}").status_code == 404


def test_a_new_version_leaves_the_earlier_ones_to_be_opened(officer: FlaskClient, case: Case) -> None:
    add(officer, case, content=pdf("first"))
    answer = officer.post(
        f"{page_of(case)}/1/version", data=sent("offer 2.pdf", pdf("second"), news="Price corrected"), follow_redirects=True
    )
    (line,) = sections(answer.text)

    assert f"{TITLE} now has version 2." in answer.text
    assert line.index("offer 2.pdf") < line.index("Version 2") < line.index("1 earlier version") < line.index("Version 1")
    assert "Price corrected" in line
    for version, name, words in ((1, "offer.pdf", "first"), (2, "offer%202.pdf", "second")):
        with officer.get(f"{page_of(case)}/1/{version}/{name}") as file:
            assert file.data == pdf(words)


def test_the_same_file_again_is_refused(officer: FlaskClient, case: Case) -> None:
    add(officer, case)

    again = add(officer, case, title="Another title")
    version = officer.post(f"{page_of(case)}/1/version", data=sent("renamed.pdf", pdf(), news="kept note"))

    assert again.status_code == version.status_code == 422
    assert "The same file is already attachment 1 of this case" in again.text
    assert 'value="Another title"' in again.text
    assert "This is the same file as version 1" in version.text
    assert 'value="kept note"' in version.text


def test_removing_asks_why_and_hides_without_losing(officer: FlaskClient, case: Case, people: People) -> None:
    add(officer, case)
    empty = officer.post(f"{page_of(case)}/1/remove", data={"reason": " "})
    answer = officer.post(f"{page_of(case)}/1/remove", data={"reason": "Wrong case"}, follow_redirects=True)

    assert empty.status_code == 422
    assert "Write the reason" in empty.text
    assert not sections(answer.text)
    (removed,) = [text_of(d) for d in parse(answer.text).iter("details")]
    for part in ("1 removed attachment", TITLE, people["officer"].name, "Wrong case"):
        assert part in removed
    assert officer.get(f"{page_of(case)}/1/1/offer.pdf").status_code == 404
    assert officer.get(f"{page_of(case)}/1/version").status_code == 404
    assert officer.post(f"{page_of(case)}/1/remove", data={"reason": "again"}).status_code == 404


def test_the_history_of_the_case_tells_of_every_act(officer: FlaskClient, case: Case) -> None:
    add(officer, case)
    officer.post(f"{page_of(case)}/1/version", data=sent("offer.pdf", pdf("2"), news="Price corrected"))
    officer.post(f"{page_of(case)}/1/remove", data={"reason": "Wrong case"})
    page = text_of(parse(officer.get(f"/cases/{case.reference}/history").text))

    for words in (f"Attachment added: {TITLE}", f"New version of an attachment: {TITLE}", "Price corrected",
                  f"Attachment removed: {TITLE}", "Wrong case"):  # fmt: skip
        assert words in page


def test_malware_that_was_found_later_is_given_to_nobody(officer: FlaskClient, case: Case, people: People) -> None:
    made = attach(case, people["officer"])
    attach_version(case, made, people["officer"], pdf("clean one"))
    db.session.execute(db.update(service.AttachmentVersion).where(service.AttachmentVersion.version == 1).values(scan=INFECTED))
    db.session.commit()

    page, answer = officer.get(page_of(case)).text, officer.get(f"{page_of(case)}/1/1/offer.pdf?inline=1")

    assert answer.status_code == 409
    assert "The file cannot be opened" in answer.text
    assert "Malware found" in page
    assert "/1/1/offer.pdf" not in page
    assert "/1/2/offer.pdf" in page


def test_malware_is_refused_with_its_name_and_not_kept(
    app: Flask, officer: FlaskClient, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clamav.speaking() as server:
        monkeypatch.setattr(routes, "scanner_at", lambda address: clamav.ClamAV(server.url))
        bad = add(officer, case, "notes.txt", b"hello " + clamav.MALWARE)
        good = add(officer, case, "notes.txt", b"hello")

    assert bad.status_code == 422
    assert "The scanner found malware in the file (Test.Malware)" in bad.text
    assert good.status_code == 302
    (line,) = sections(officer.get(page_of(case)).text)
    assert "Scanned" in line


def test_a_storage_that_is_away_loses_no_words(
    officer: FlaskClient, case: Case, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(case, people["officer"], content=pdf("before"))

    class Away:
        def put(self, stream: object) -> str:
            raise StorageFailed("away")

        def open(self, key: str) -> io.BytesIO:
            raise StorageFailed("away")

    monkeypatch.setattr(routes, "storage_at", lambda address: Away())
    answer = add(officer, case)
    fetched = officer.get(f"{page_of(case)}/1/1/offer.pdf")

    assert answer.status_code == 422
    assert "The file could not be kept just now, and nothing was saved" in answer.text
    assert f'value="{TITLE}"' in answer.text
    assert fetched.status_code == 503
    assert "The file cannot be fetched now" in fetched.text


@pytest.mark.parametrize("name", ["admin", "partner", "other_officer", "expert", "coordinator", "system_admin"])
def test_nobody_but_the_city_s_officers_changes_attachments(case: Case, people: People, client_for: ClientFor, name: str) -> None:
    attach(case, people["officer"])
    person = people["other_officer" if name == "partner" else name]
    if name == "partner":
        factories.make_partner(case, person)
    client = client_for(person)
    refused = (404,) if name in ("partner", "other_officer") else (403,)

    assert add(client, case, content=pdf("mine")).status_code in refused
    assert client.post(f"{page_of(case)}/1/version", data=sent("a.pdf", pdf("mine"))).status_code in refused
    assert client.post(f"{page_of(case)}/1/remove", data={"reason": "mine"}).status_code in refused
    reads = name in ("admin", "partner")
    assert client.get(page_of(case)).status_code == (200 if reads else refused[0])
    with client.get(f"{page_of(case)}/1/1/offer.pdf") as answer:
        assert answer.status_code == (200 if reads else refused[0])
    if reads:
        page = client.get(page_of(case)).text
        assert f"{page_of(case)}/new" not in page
        assert "/remove" not in page


def test_another_case_s_attachment_does_not_open_through_this_one(officer: FlaskClient, case: Case, people: People) -> None:
    other = factories.make_case(people["officer"])
    attach(other, people["officer"])

    assert officer.get(f"{page_of(case)}/1/1/offer.pdf").status_code == 404
    assert officer.post(f"{page_of(case)}/1/remove", data={"reason": "x"}).status_code == 404


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    officer: FlaskClient, case: Case, people: People, count_queries: Callable[[], list[str]]
) -> None:
    def cost() -> int:
        executed = count_queries()
        officer.get(page_of(case))
        return len(executed)

    officer.get(page_of(case))
    short = cost()
    for number in range(12):
        made = attach(case, people["officer"], content=pdf(str(number)))
        attach_version(case, made, people["officer"], pdf(f"{number} again"))

    assert cost() == short <= 4


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_the_pages_speak_the_other_languages_too(officer: FlaskClient, case: Case, people: People, code: str) -> None:
    attach(case, people["officer"])
    officer.set_cookie("language", code)

    for path in ("", "/new", "/1/version", "/1/remove"):
        assert f'<html lang="{code}"' in officer.get(page_of(case) + path).text
