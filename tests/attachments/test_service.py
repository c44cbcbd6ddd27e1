"""Taking files into a case: what is written, what is refused, and that nothing is kept of what was refused."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from procure.accounts.models import Person
from procure.attachments import queries, service
from procure.cases import list_queries
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.scanner import ClamAV
from tests import factories
from tests.attachments.builders import arrived, attach, attach_version
from tests.attachments.files import pdf
from tests.factories import actor_of
from tests.infra import clamav

People = dict[str, Person]


def kept_files(app: Flask) -> set[str]:
    folder = Path(app.config["SETTINGS"].storage_url.removeprefix("file://"))
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_the_event_says_which_content_was_added(app: Flask, case: Case, people: People) -> None:
    content = pdf("an offer")
    attach(case, people["officer"], content=content)

    (event,) = factories.events(case, service.ADDED)
    sha256 = hashlib.sha256(content).hexdigest()
    assert event.payload == {
        "attachment": 1, "version": 1, "title": "Offer of one supplier", "name": "offer.pdf", "size": len(content), "sha256": sha256,
        "scan": "not_scanned", "stage": case.stage,
    }  # fmt: skip
    assert sha256 in kept_files(app)


def test_numbers_count_within_the_case_and_are_never_given_twice(app: Flask, case: Case, people: People) -> None:
    first = attach(case, people["officer"], content=pdf("1"))
    second = attach(case, people["officer"], content=pdf("2"))
    service.remove(case, second, "wrong", actor_of(people["officer"]), clock.today(), clock.now())
    third = attach(case, people["officer"], content=pdf("2"))
    other = attach(factories.make_case(people["officer"]), people["officer"])

    assert [first.number, second.number, third.number, other.number] == [1, 2, 3, 1]


def test_an_earlier_version_may_come_back_as_the_newest(app: Flask, case: Case, people: People) -> None:
    made = attach(case, people["officer"], content=pdf("1"))
    attach_version(case, made, people["officer"], pdf("2"))
    attach_version(case, made, people["officer"], pdf("1"))

    assert [row.version for row in queries.versions_of(case)] == [3, 2, 1]
    assert [event.payload["version"] for event in factories.events(case, service.VERSION_ADDED)] == [2, 3]


def test_removing_takes_nothing_out_of_the_storage(app: Flask, case: Case, people: People) -> None:
    made = attach(case, people["officer"], content=pdf("to be removed"))
    before = kept_files(app)
    service.remove(case, made, " Wrong case ", actor_of(people["officer"]), clock.today(), clock.now())

    (event,) = factories.events(case, service.REMOVED)
    assert event.payload["reason"] == "Wrong case"
    assert kept_files(app) == before
    assert queries.attachment_of(case, 1) is None
    assert len(queries.versions_of(case)) == 1


def test_removing_needs_a_reason(app: Flask, case: Case, people: People) -> None:
    made = attach(case, people["officer"])
    with pytest.raises(Refusal, match="reason_missing"):
        service.remove(case, made, "  ", actor_of(people["officer"]), clock.today(), clock.now())


@pytest.mark.parametrize(("name", "content", "code"), [
    ("offer.pdf", b"MZ\x90\0", "attachment_differs"), ("offer.exe", b"MZ\x90\0 other", "attachment_kind"),
    ("a.txt", b"", "attachment_empty"),
    ("...", b"words of a nameless file", "attachment_nameless"),
])  # fmt: skip
def test_nothing_is_kept_of_a_file_that_is_refused(app: Flask, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        arrived(name, content)
    assert hashlib.sha256(content).hexdigest() not in kept_files(app)


def test_nothing_is_kept_of_malware(app: Flask) -> None:
    with clamav.speaking() as server, pytest.raises(Refusal, match="attachment_infected"):
        arrived("notes.txt", clamav.MALWARE, ClamAV(server.url))
    assert hashlib.sha256(clamav.MALWARE).hexdigest() not in kept_files(app)


def test_a_case_and_an_attachment_take_only_so_many(
    app: Flask, case: Case, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_ATTACHMENTS", 1)
    monkeypatch.setattr(service, "MOST_VERSIONS", 1)
    made = attach(case, people["officer"], content=pdf("1"))

    with pytest.raises(Refusal, match="attachments_many"):
        attach(case, people["officer"], content=pdf("2"))
    with pytest.raises(Refusal, match="versions_many"):
        attach_version(case, made, people["officer"], pdf("3"))


def test_a_case_is_found_by_its_attachments_until_they_are_removed(case: Case, people: People) -> None:
    def found(typed: str) -> list[str]:
        return [hit.row.reference for hit in list_queries.search(actor_of(people["officer"]), typed, "en", clock.today())[0]]

    made = attach(case, people["officer"], "Memo of Example Works Oy", name="zebra-minutes.pdf")
    assert found("example works") == [case.reference]
    assert found("zebra") == [case.reference]

    attach_version(case, made, people["officer"], pdf("2"), name="giraffe.pdf")
    assert found("giraffe") == [case.reference]
    assert found("zebra") == [], "of an earlier version"

    service.remove(case, made, "wrong case", actor_of(people["officer"]), clock.today(), clock.now())
    assert found("example") == []
