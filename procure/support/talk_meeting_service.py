"""Meetings of a city and an expert: planned, changed, cancelled, and reported afterwards. Each version of a meeting is kept.

A request to change is got from `queries.request_to_change`, which locks its case.
"""

from collections.abc import Sequence
from datetime import date, datetime

from procure.accounts.models import Person
from procure.domain import support, threads
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.threads import CANCELLED, HELD, PLANNED, Meeting
from procure.infra.db import db
from procure.support import logbook, mail, queries, talk_calendar, talk_queries
from procure.support.models import SupportMeeting, SupportRequest
from procure.support.talk_service import say


def plan(
    request: SupportRequest, wanted: Meeting, by: Actor, today: date, now: datetime, public_url: str
) -> SupportMeeting:  # fmt: skip
    """A new meeting; those invited get it for their calendars. The same form sent twice plans once. Raises Refusal."""
    request.state = support.move("meet", queries.party(request, by) or "", request.state)
    known = talk_queries.people_to_meet(request)
    threads.check_meeting(wanted, [person.id for person in known], now)
    present = talk_queries.meetings_of(request)
    for meeting in present:
        if meeting.state == PLANNED and _agreed(meeting) == wanted:
            return meeting
    if len(present) >= threads.MOST_MEETINGS:
        raise Refusal(Reason("thread_meetings_many", {"most": str(threads.MOST_MEETINGS)}))
    made = _add(request, len(present) + 1, 1, PLANNED, wanted, known, by.id, by, now)
    _tell(request, made, "meeting_planned", "support_meeting", [], by, today, now, public_url)
    return made


def change(
    request: SupportRequest, meeting: SupportMeeting, wanted: Meeting, by: Actor, today: date, now: datetime, public_url: str
) -> SupportMeeting:  # fmt: skip
    """Another time, place or circle of people: the next version. Who is invited no longer is told so. Raises Refusal."""
    threads.check_still_planned(meeting.state)
    request.state = support.move("meet", queries.party(request, by) or "", request.state)
    known = talk_queries.people_to_meet(request)
    threads.check_meeting(wanted, [person.id for person in known], now)
    if _agreed(meeting) == wanted:
        return meeting
    made = _add(request, meeting.number, meeting.version + 1, PLANNED, wanted, known, meeting.organiser_id, by, now)
    gone = [number for number in meeting.people if number not in made.people]
    _tell(request, made, "meeting_changed", "support_meeting_changed", gone, by, today, now, public_url)
    return made


def cancel(
    request: SupportRequest, meeting: SupportMeeting, reason: str, by: Actor, today: date, now: datetime, public_url: str
) -> None:  # fmt: skip
    """There will be no meeting: it leaves the calendars. Raises Refusal."""
    if meeting.state == CANCELLED:
        return
    threads.check_still_planned(meeting.state)
    support.check_text(reason, "text")
    request.state = support.move("meet", queries.party(request, by) or "", request.state)
    made = _next(request, meeting, CANCELLED, by, now, summary=reason)
    _tell(request, made, "meeting_cancelled", "support_meeting_cancelled", made.people, by, today, now, public_url, reason)


def report(
    request: SupportRequest, meeting: SupportMeeting, summary: str, participants: str, by: Actor, today: date, now: datetime
) -> None:  # fmt: skip
    """What was said, and who came: part of the thread from now on. Raises Refusal."""
    threads.check_still_planned(meeting.state)
    request.state = support.move("report_meeting", queries.party(request, by) or "", request.state)
    threads.check_held(meeting.starts_at, summary, participants, now)
    made = _next(request, meeting, HELD, by, now, summary=summary, participants=participants)
    say(request, "system", "meeting_held", f"{talk_calendar.when(made)}\n{participants}\n{summary}", by, now)
    logbook.record(request, "support_meeting_held", today, by, now, meeting=made.number, participants=participants)


def _agreed(meeting: SupportMeeting) -> Meeting:
    return Meeting(meeting.starts_at, meeting.minutes, meeting.place, meeting.link, tuple(meeting.people))


def _add(
    request: SupportRequest, number: int, version: int, state: str, wanted: Meeting, known: Sequence[Person], organiser_id: int,
    by: Actor, now: datetime,
) -> SupportMeeting:  # fmt: skip
    names = [person.name for person in known if person.id in wanted.people]
    meeting = SupportMeeting(
        request_id=request.id, number=number, version=version, state=state, starts_at=wanted.starts_at, minutes=wanted.minutes,
        place=wanted.place, link=wanted.link, people=list(wanted.people), names=names, organiser_id=organiser_id, participants="",
        summary="", by_id=by.id, by=by.name, at=now,
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    return meeting


def _next(
    request: SupportRequest, before: SupportMeeting, state: str, by: Actor, now: datetime, summary: str, participants: str = ""
) -> SupportMeeting:  # fmt: skip
    meeting = SupportMeeting(
        request_id=request.id, number=before.number, version=before.version + 1, state=state, starts_at=before.starts_at,
        minutes=before.minutes, place=before.place, link=before.link, people=list(before.people), names=list(before.names),
        organiser_id=before.organiser_id, participants=participants, summary=summary, by_id=by.id, by=by.name, at=now,
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    return meeting


def _tell(
    request: SupportRequest, meeting: SupportMeeting, act: str, template: str, gone: Sequence[int], by: Actor, today: date,
    now: datetime, public_url: str, reason: str = "",
) -> None:  # fmt: skip
    """The thread's row, the log and the letters: an invitation for those who come, the end of it for those in `gone`."""
    where = "\n".join(part for part in (meeting.place, meeting.link, ", ".join(meeting.names), reason) if part)
    message = say(request, "system", act, f"{talk_calendar.when(meeting)}\n{where}", by, now)
    payload = {"meeting": meeting.number, "starts_at": meeting.starts_at.isoformat()}
    logbook.record(request, f"support_{act}", today, by, now, **payload)
    people = talk_queries.people_by_id([*meeting.people, *gone, meeting.organiser_id])
    organiser = people[meeting.organiser_id]
    coming = [people[number] for number in meeting.people if number in people]
    for method, guests, letter in (
        (talk_calendar.REQUEST, [person for person in coming if person.id not in gone], template),
        (talk_calendar.CANCEL, [people[number] for number in gone if number in people], "support_meeting_cancelled"),
    ):
        for person in guests:
            shown = coming if method == talk_calendar.REQUEST else [person]
            calendar = talk_calendar.file(request, meeting, organiser, shown, method, person.language, public_url)
            mail.met(request, message, letter, [person], now, calendar, when=talk_calendar.when(meeting), host=by.name)
