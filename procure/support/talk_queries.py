"""Finding what a thread holds, for somebody who has been found to see it; and its files and meetings for a given person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from procure.accounts.models import Organisation, Person
from procure.cases.models import CasePartner
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.domain.threads import Read
from procure.infra.db import db
from procure.support import queries
from procure.support.models import MailRefusal, SupportFile, SupportMeeting, SupportMessage, SupportRead, SupportRequest
from procure.support.queries import Seen

SEES_MESSAGES: Final = ("everything", "material", "advice")
"""The sights of those who read what is said in the thread."""
MOST_REFUSALS: Final = 200


def thread_for(by: Actor, number: int) -> Seen | None:
    """The request, when the person reads its messages; None for everybody else."""
    seen = queries.request_for(by, number)
    return seen if seen and seen.sight in SEES_MESSAGES else None


def files_of(request: SupportRequest) -> list[SupportFile]:
    """Every file of the thread, in order."""
    return list(db.session.scalars(select(SupportFile).where(SupportFile.request_id == request.id).order_by(SupportFile.id)))


def file_for(by: Actor, number: int, file_id: int) -> SupportFile | None:
    """A file of the thread that the person reads; None when it is not there or not theirs to see."""
    if thread_for(by, number) is None:
        return None
    return db.session.scalar(select(SupportFile).where(SupportFile.id == file_id, SupportFile.request_id == number))


def waiting_for_scan(now: datetime) -> int | None:
    """The file that has waited longest for the scanner; None when none is due."""
    due = select(SupportFile.id).where(SupportFile.scan_due_at <= now)
    return db.session.scalar(due.order_by(SupportFile.scan_due_at, SupportFile.id).limit(1))


# meetings


def meetings_of(request: SupportRequest) -> list[SupportMeeting]:
    """Each meeting as it stands now, in the order in which they were planned."""
    rows = db.session.scalars(
        select(SupportMeeting)
        .where(SupportMeeting.request_id == request.id)
        .order_by(SupportMeeting.number, SupportMeeting.version)
    )
    return list({row.number: row for row in rows}.values())


def meeting_of(request: SupportRequest, number: int) -> SupportMeeting | None:
    """The meeting in its last version. The request is what is locked."""
    return db.session.scalar(
        select(SupportMeeting)
        .where(SupportMeeting.request_id == request.id, SupportMeeting.number == number)
        .order_by(SupportMeeting.version.desc())
        .limit(1)
    )


def people_by_id(numbers: Sequence[int]) -> dict[int, Person]:
    """These people, by their ids."""
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(set(numbers))))}


def people_to_meet(request: SupportRequest) -> list[Person]:
    """Who can be invited: the experts, who asked, who is responsible for the case, and the city's people who have written or read here.
    Only active people who still see the thread."""
    return list(
        db.session.scalars(
            select(Person).where(Person.active, or_(_of_city(request), _expert(request))).order_by(Person.name, Person.id)
        )
    )


def _expert(request: SupportRequest) -> ColumnElement[bool]:
    return Person.id.in_([number for number in (request.expert_id, request.second_expert_id) if number is not None])


def _of_city(request: SupportRequest) -> ColumnElement[bool]:
    named = [request.asked_by_id] + ([request.case.responsible_id] if request.case is not None else [])
    wrote = select(SupportMessage.author_id).where(SupportMessage.request_id == request.id)
    read = select(SupportRead.person_id).where(SupportRead.request_id == request.id)
    known = or_(Person.id.in_(named), Person.id.in_(wrote), Person.id.in_(read))
    return and_(Person.organisation_id == request.organisation_id, Person.role.in_(("officer", "manager")), known)


# who sees it


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can see the thread now. `city_people`: how many of the city that asks; `partners`: cities that only read."""

    city: Trilingual
    city_people: int
    partners: tuple[Trilingual, ...]
    experts: tuple[str, ...]


def audience(request: SupportRequest) -> Audience:
    """The city's people, partner cities of the case, and the experts who have the request now."""
    roles = Person.role.in_(("officer", "manager", "city_admin"))
    own = and_(Person.organisation_id == request.organisation_id, roles)
    count = db.session.scalar(select(func.count()).select_from(Person).where(Person.active, own)) or 0
    partners: Sequence[Organisation] = ()
    if request.case_id is not None:
        join = select(Organisation).join(CasePartner, CasePartner.organisation_id == Organisation.id)
        partners = db.session.scalars(join.where(CasePartner.case_id == request.case_id).order_by(Organisation.id)).all()
    experts = tuple(person.name for person in (request.expert, request.second_expert) if person and request.state != "withdrawn")
    return Audience(request.organisation.names, count, tuple(partner.names for partner in partners), experts)


def reads_of(request: SupportRequest) -> list[Read]:
    """Who had the thread before them, and up to which row. Names are those of today."""
    rows = db.session.execute(
        select(Person.id, Person.name, SupportRead.message_id, SupportRead.at)
        .join(Person, Person.id == SupportRead.person_id)
        .where(SupportRead.request_id == request.id)
        .order_by(SupportRead.at)
    )
    return [Read(*row) for row in rows]


# mail


def message_of_mail(request: SupportRequest, mail_key: str) -> SupportMessage | None:
    """The message that this mail has made already."""
    return db.session.scalar(
        select(SupportMessage).where(SupportMessage.request_id == request.id, SupportMessage.mail_key == mail_key)
    )


def refusals(by: Actor) -> list[MailRefusal]:
    """Mails that were not taken, the newest first; only for the network's coordinators."""
    if not by.may("support.triage"):
        return []
    return list(db.session.scalars(select(MailRefusal).order_by(MailRefusal.id.desc()).limit(MOST_REFUSALS)))


def refused_since(moment: datetime) -> int:
    return db.session.scalar(select(func.count()).select_from(MailRefusal).where(MailRefusal.at >= moment)) or 0
