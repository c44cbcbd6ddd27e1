"""What the coordinator does with the network's meetings. Each act adds a row to the meeting's history."""

from dataclasses import replace
from datetime import date, datetime

from procure.domain.network import LONGEST_ABOUT, LONGEST_TITLE, Meeting, Words, check_meeting
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.network import queries
from procure.network.models import NetworkMeeting, NetworkMeetingChange
from procure.network.service import Overtaken

MEETING_CHANGED = "network_meeting_changed"


def add_meeting(wanted: Meeting, form_key: str, by: Actor, today: date, now: datetime) -> NetworkMeeting:
    """A new meeting; the same form sent twice adds one. Raises Refusal with every reason."""
    if known := queries.meeting_with_key(form_key):
        return known
    check_meeting(wanted, today)
    row = NetworkMeeting(cancelled=False, why="", form_key=form_key, changed_at=now, changed_by=by.name)
    _put(row, wanted)
    db.session.add(row)
    db.session.flush()
    _note(row, "added", by, now)
    return row


def change_meeting(row: NetworkMeeting, wanted: Meeting, seen: int | None, by: Actor, today: date, now: datetime) -> bool:
    """Whether anything became different. `seen`: the version that was on the screen. Raises Refusal with every reason, and Overtaken
    when somebody was quicker."""
    if row.cancelled:
        raise Refusal(Reason("network_meeting_cancelled"))
    check_meeting(wanted, today, row.held_on)
    if _tidy(wanted) == row.meeting:
        return False
    _check_version(row, seen)
    _put(row, wanted)
    _done(row, "changed", by, now)
    return True


def cancel_meeting(row: NetworkMeeting, why: str, seen: int | None, by: Actor, now: datetime) -> None:
    """It stays in the list as cancelled, and calendar programs are told. Twice is once. Raises Overtaken."""
    if not row.cancelled:
        _check_version(row, seen)
        row.cancelled, row.why = True, why.strip()[:LONGEST_ABOUT]
        _done(row, "cancelled", by, now)


def restore_meeting(row: NetworkMeeting, seen: int | None, by: Actor, today: date, now: datetime) -> None:
    """A cancelled meeting takes place after all. Raises Refusal once its day has passed, and Overtaken."""
    if row.cancelled:
        check_meeting(row.meeting, today)
        _check_version(row, seen)
        row.cancelled, row.why = False, ""
        _done(row, "restored", by, now)


def _check_version(row: NetworkMeeting, seen: int | None) -> None:
    if seen != row.version_id:
        raise Overtaken(Reason(MEETING_CHANGED, {"name": row.changed_by}))


def _tidy(wanted: Meeting) -> Meeting:
    fi, sv, en = (" ".join(text.split())[:LONGEST_TITLE] for text in (wanted.title.fi, wanted.title.sv, wanted.title.en))
    about = wanted.about.replace("\r\n", "\n").strip()[:LONGEST_ABOUT]
    return replace(wanted, title=Words(fi, sv, en), place=wanted.place.strip(), link=wanted.link.strip(), about=about)


def _put(row: NetworkMeeting, wanted: Meeting) -> None:
    tidy = _tidy(wanted)
    assert tidy.on is not None  # the check has said so
    row.title_fi, row.title_sv, row.title_en = tidy.title.fi, tidy.title.sv, tidy.title.en
    row.held_on, row.starts, row.ends = tidy.on, tidy.starts, tidy.ends
    row.place, row.link, row.about = tidy.place, tidy.link, tidy.about


def _done(row: NetworkMeeting, act: str, by: Actor, now: datetime) -> None:
    row.changed_at, row.changed_by = now, by.name
    db.session.flush()
    _note(row, act, by, now)


def _note(row: NetworkMeeting, act: str, by: Actor, now: datetime) -> None:
    stands = row.meeting
    values = {
        "title": {"fi": stands.title.fi, "sv": stands.title.sv, "en": stands.title.en}, "on": row.held_on.isoformat(),
        "starts": stands.starts, "ends": stands.ends, "place": stands.place, "link": stands.link, "about": stands.about,
        "why": row.why,
    }  # fmt: skip
    db.session.add(
        NetworkMeetingChange(
            meeting_id=row.id, version=row.version_id, act=act, values=values, by_id=by.id, by=by.name, at=now,
        )
    )  # fmt: skip
    db.session.flush()
