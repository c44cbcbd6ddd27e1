"""A report is made once for its period, for people who may read it on that day, and kept as it was made."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.domain.permissions import Actor
from procure.domain.reports import BOARD, MONTHLY, QUARTERLY, WEEKLY, Rule
from procure.infra import clock, pdf
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.infra.storage import FolderStorage, StorageFailed
from procure.notifications.models import Absence
from procure.portfolio import service as portfolio
from procure.reports import service
from procure.reports.models import ReportSchedule, ReportSent
from tests import factories
from tests.documents import conformance
from tests.letterheads.builders import kept_logo, picture, save
from tests.reports.builders import order

People = dict[str, Person]


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False) as traveller:
        yield traveller


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> FolderStorage:
    portfolio.keep_up(clock.now())
    return FolderStorage(tmp_path)


def make(storage: FolderStorage) -> tuple[str, str]:
    return service.make_due(storage, clock.now())


def sent() -> list[ReportSent]:
    db.session.expire_all()
    return list(db.session.scalars(select(ReportSent).order_by(ReportSent.id)))


def letters() -> list[OutboxMessage]:
    return list(
        db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("report:")).order_by(OutboxMessage.id))
    )


def move(schedule: ReportSchedule, state: str, by: Actor) -> None:
    service.move(schedule, state, schedule.version, by, clock.today(), clock.now())
    db.session.commit()


def test_an_ordered_report_is_made_kept_and_told_of_once(people: People, storage: FolderStorage) -> None:
    order(people["manager"], people["officer"])
    for _round in range(3):
        assert make(storage) == ("", "")
    (report,) = sent()
    assert (report.period, report.receiver, report.organisation_id) == ("2026-q3", "Officer", people["officer"].organisation_id)
    kept = storage.open(report.files["xlsx"]["sha256"])
    content = kept.read()
    kept.close()
    assert len(content) == report.files["xlsx"]["size"]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    (letter,) = letters()
    assert letter.recipient == people["officer"].email
    assert f"/reports/sent/{report.id}" in letter.body
    assert "/portfolio?period=all&procedure=open" in letter.body
    assert "Quarter 3 of 2026" in letter.subject


def test_it_waits_for_its_day_and_then_for_six_in_the_morning(
    people: People, storage: FolderStorage, clock_set: time_machine.Traveller
) -> None:
    order(people["manager"], rule=Rule(WEEKLY, 3), at_once=False)
    make(storage)
    assert sent() == []
    clock_set.move_to(datetime(2026, 11, 26, 5, 59, tzinfo=FINLAND))
    make(storage)
    assert sent() == []
    clock_set.move_to(datetime(2026, 11, 26, 6, 0, tzinfo=FINLAND))
    make(storage)
    assert [report.period for report in sent()] == ["2026-w48"]


def test_missed_nights_are_caught_up_by_the_newest_period_only(
    people: People, storage: FolderStorage, clock_set: time_machine.Traveller
) -> None:
    order(people["manager"], rule=Rule(MONTHLY))
    make(storage)
    clock_set.move_to(datetime(2027, 3, 20, 9, tzinfo=FINLAND))
    make(storage)
    make(storage)
    assert [report.period for report in sent()] == ["2026-11", "2027-03"]


@pytest.mark.parametrize("who", ["receiver", "orderer"])
@pytest.mark.parametrize("how", ["left", "role", "city"])
def test_nothing_is_made_for_people_who_have_left_or_lost_the_role(
    people: People, storage: FolderStorage, who: str, how: str
) -> None:
    order(people["manager"], people["officer2"])
    person = people["officer2" if who == "receiver" else "manager"]
    if how == "left":
        person.active = False
    elif how == "role":
        person.role = "expert"
    else:
        person.organisation_id = people["other_officer"].organisation_id
    db.session.commit()
    make(storage)
    assert (sent(), letters()) == ([], [])
    assert list(storage.folder.rglob("*")) == [], "not even a file"


def test_who_is_away_has_it_told_to_the_stand_in(people: People, storage: FolderStorage) -> None:
    today = clock.today()
    db.session.add(
        Absence(person_id=people["manager"].id, delegate_id=people["admin"].id, first_day=today, last_day=today, ended_at=None)
    )
    db.session.commit()
    order(people["manager"])
    make(storage)
    told = {letter.recipient for letter in letters()}
    assert told <= {people["admin"].email, people["manager"].email}
    assert len(told) == 1


def test_a_letter_comes_in_the_receiver_s_language_whatever_the_report_s(people: People, storage: FolderStorage) -> None:
    people["officer"].language = "fi"
    db.session.commit()
    order(people["manager"], people["officer"], language="sv")
    make(storage)
    (letter,) = letters()
    assert letter.language == "fi"
    assert sent()[0].files["xlsx"]["name"].startswith("upphandlingsportfolj")


def test_a_paused_report_is_not_made_and_what_was_missed_is_not_made_later(
    people: People, storage: FolderStorage, clock_set: time_machine.Traveller
) -> None:
    schedule, by = order(people["manager"], rule=Rule(MONTHLY), at_once=False), factories.actor_of(people["manager"])
    move(schedule, "paused", by)
    clock_set.move_to(datetime(2026, 12, 10, 9, tzinfo=FINLAND))
    make(storage)
    move(schedule, "active", by)
    make(storage)
    assert sent() == []
    assert schedule.next_on == date(2027, 1, 4)
    move(schedule, "ended", by)
    clock_set.move_to(datetime(2027, 1, 10, 9, tzinfo=FINLAND))
    make(storage)
    assert sent() == []


def test_while_the_storage_is_away_nothing_is_told_and_it_is_made_later(people: People, storage: FolderStorage) -> None:
    order(people["manager"])

    class Away(FolderStorage):
        def put(self, stream: object) -> str:
            raise StorageFailed("no room")

    assert service.make_due(Away(storage.folder), clock.now())[0]
    assert (sent(), letters()) == ([], [])
    make(storage)
    assert len(sent()) == 1


def test_a_report_that_was_sent_is_never_changed(people: People, storage: FolderStorage) -> None:
    order(people["manager"])
    make(storage)
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(update(ReportSent).values(name="another"))


def test_two_workers_make_one_report(people: People, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one has its files ready when the first has noted the report already."""
    schedule = order(people["manager"])
    put = service._put

    def with_another(*given: object) -> object:
        monkeypatch.setattr(service, "_put", put)
        make(storage)
        return put(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "_put", with_another)
    make(storage)
    assert len(sent()) == len(letters()) == 1
    assert db.session.get_one(ReportSchedule, schedule.id).next_on == date(2027, 1, 4)


def test_the_report_for_the_board_is_an_accessible_document_on_the_city_s_letterhead_in_each_language(
    people: People, storage: FolderStorage
) -> None:
    save(people["admin"], logo=kept_logo(picture(size=(91, 83))))
    for language in ("fi", "sv", "en"):
        order(people["manager"], kind=BOARD, query={}, language=language, formats=("pdf",), rule=Rule(QUARTERLY))
    make(storage)
    for report in sent():
        with closing(storage.open(report.files["pdf"]["sha256"])) as kept:
            content = kept.read()
        assert conformance.faults(content, report.language) == []
        assert conformance.pictures_of(content) == [(91, 83)]
    assert len(sent()) == 3


def test_a_round_without_a_due_report_asks_one_question(people: People, storage: FolderStorage, count_queries: object) -> None:
    order(people["manager"], at_once=False)
    executed = count_queries()  # type: ignore[operator]
    make(storage)
    assert len(executed) == 1


def test_a_report_that_cannot_be_printed_is_tried_again_the_next_day_and_not_at_every_round(
    people: People, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = order(people["manager"], formats=("pdf",))
    tried = list[int]()

    def too_heavy(_job: pdf.Job) -> bytes:
        tried.append(1)
        raise pdf.PdfFailed("memory")

    monkeypatch.setattr(pdf, "printed", too_heavy)
    for _round in range(2):
        service.make_due(storage, clock.now())
    tomorrow = date(2026, 11, 25)

    assert len(tried) == 1
    assert sent() == []
    assert db.session.get_one(ReportSchedule, schedule.id, populate_existing=True).next_on == tomorrow
