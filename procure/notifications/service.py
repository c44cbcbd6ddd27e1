"""The one door through which people are told of something, the digests, and what each person chooses about them.

Everything is written in the transaction of the act that it tells about: nothing is told of what was rolled back.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import delete

from procure.accounts.models import AccountEvent, Person
from procure.domain import notifications as rules
from procure.domain.notifications import AT_ONCE, DEFAULTS, NONE
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.infra import outbox
from procure.infra.clock import FINLAND
from procure.infra.db import add_new, db
from procure.notifications import mail, queries
from procure.notifications.mail import News
from procure.notifications.models import Absence, Notice, NotificationChoice, ReminderRun

PEOPLE_AT_ONCE: Final = 5
"""For whom digests are written in one transaction."""
LEASE: Final = timedelta(minutes=10)
"""How long reminders belong to the worker that began them."""
KEPT: Final = timedelta(days=90)
"""How long what a digest told is kept: long enough that nothing is told anew."""


# telling


def tell(kind: str, person: Person, key: str, template: str, path: str, now: datetime, **values: Any) -> None:
    """Tell a person of something as they have chosen: by a letter now, in the next digest, or not at all. See `mail.News`."""
    tell_all([News(kind, person, key, template, path, values)], now)


def tell_all(news: Sequence[News], now: datetime) -> int:
    """As `tell`, for many with the same few statements; says how many letters and notices were made."""
    news = [one for one in news if one.person.active]
    if not news:
        return 0
    people = {one.person.id for one in news}
    choices = queries.choices_of_all(people)
    away = queries.stand_ins(people, now.astimezone(FINLAND).date())
    known = queries.known_keys([one.whole_key for one in news])
    own = {(one.key, one.person.id) for one in news}
    letters, rows = [], []
    for one in news:
        cadence = choices.get((one.person.id, one.kind), DEFAULTS[one.kind])
        if cadence == NONE or one.whole_key in known:
            continue
        stand_in = away.get(one.person.id)
        if cadence != AT_ONCE and not one.calendar:
            rows.append(_row(one, cadence, now))
        elif stand_in is None or (one.key, stand_in.delegate.id) not in own:  # who is told anyway is not told twice
            letters.append(mail.letter(one, stand_in))
    return outbox.put_all(letters, now) + add_new(Notice, rows, "key")


def _row(news: News, cadence: str, now: datetime) -> dict[str, Any]:
    return {
        "key": news.whole_key, "person_id": news.person.id, "kind": news.kind, "cadence": cadence, "template": news.template,
        "path": news.path, "values": mail.packed(news.values), "at": news.at or now, "sent_at": None,
    }  # fmt: skip


# digests


def send_digests(organisation_id: int, cadence: str, day: date, now: datetime, after: int = 0) -> int | None:
    """Write the digests that fell due at seven on `day` for the next people of the organisation; the last person's number, None when
    nobody is left. The caller commits after each call.

    What happened later waits for the next digest. Two workers write one letter: its key is that of person, cadence and day.
    """
    before = datetime.combine(day, rules.DIGESTS_AT, FINLAND)
    people = queries.people_waiting(organisation_id, cadence, before, after, PEOPLE_AT_ONCE)
    if not people:
        return None
    known = queries.people_by_id(people)
    away = queries.stand_ins(people, now.astimezone(FINLAND).date())
    for person_id, group in groupby(queries.notices_to_send(people, cadence, before), lambda notice: notice.person_id):
        notices = list(group)
        if person_id not in known:  # has left
            _settle(notices, now)
            continue
        letter = mail.digest(known[person_id], away.get(person_id), notices, f"digest:{cadence}:{person_id}:{day.isoformat()}")
        if outbox.put_all([letter], now):
            _settle(notices, now)
        else:  # came in late, after that digest was written
            for notice in notices:
                notice.at = before
    db.session.flush()
    return people[-1]


def _settle(notices: Sequence[Notice], now: datetime) -> None:
    for notice in notices:
        notice.sent_at = now


def forget_old(now: datetime) -> None:
    """Remove what digests told long ago."""
    db.session.execute(delete(Notice).where(Notice.sent_at < now - KEPT))


# reminders


def claim_run(organisation_id: int, day: date, now: datetime) -> bool:
    """Take the city's reminders of that day upon oneself; False when they are made or being made. The caller commits.

    Who dies meanwhile loses them after `LEASE`; those made already are not made again, by their keys.
    """
    row = {"organisation_id": organisation_id, "day": day, "claimed_at": now, "done_at": None}
    if add_new(ReminderRun, [row], "organisation_id", "day"):
        return True
    run = queries.run_of(organisation_id, day)
    if run is None or run.done_at is not None or run.claimed_at > now - LEASE:
        return False
    run.claimed_at = now
    db.session.flush()
    return True


def end_run(organisation_id: int, day: date, now: datetime) -> None:
    """The city's reminders of that day have been made. The caller commits."""
    db.session.get_one(ReminderRun, (organisation_id, day), populate_existing=True).done_at = now
    db.session.flush()


# what a person chooses


def choose(by: Actor, wanted: Mapping[str, str], now: datetime) -> None:
    """How often the person wants letters of each kind. Raises Refusal for a kind that does not concern the role, or no cadence."""
    concerned = {kind.id for kind in rules.kinds_for(by.role)}
    if not concerned.issuperset(wanted) or not set(rules.CADENCES).issuperset(wanted.values()):
        raise Refusal(Reason("cadence_unknown"))
    person = queries.lock_person(by)
    before = queries.choices_of(by)
    changed = {kind: cadence for kind, cadence in wanted.items() if before.get(kind, DEFAULTS[kind]) != cadence}
    for kind, cadence in changed.items():
        db.session.merge(NotificationChoice(person_id=person.id, kind=kind, cadence=cadence))
    if changed:
        _note(by, "letters_chosen", changed, now)
    db.session.flush()


def add_absence(by: Actor, first_day: date, last_day: date, delegate_id: int, today: date, now: datetime) -> Absence:
    """The person is away and `delegate_id` gets the letters. The same form sent twice makes one absence. Raises Refusal."""
    queries.lock_person(by)
    present = queries.absences_of(by, today)
    for absence in present:
        if (absence.first_day, absence.last_day, absence.delegate_id) == (first_day, last_day, delegate_id):
            return absence
    days = [rules.Days(absence.first_day, absence.last_day) for absence in present]
    check_all(
        lambda: rules.check_absence(rules.Days(first_day, last_day), days, today),
        lambda: _check_delegate(by, delegate_id),
        lambda: _check_many(days),
    )
    absence = Absence(person_id=by.id, delegate_id=delegate_id, first_day=first_day, last_day=last_day, ended_at=None)
    db.session.add(absence)
    payload = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "delegate": str(delegate_id)}
    _note(by, "absence_added", payload, now)
    db.session.flush()
    return absence


def _check_delegate(by: Actor, delegate_id: int) -> None:
    if delegate_id not in {person.id for person in queries.delegates_for(by)}:
        raise Refusal(Reason("delegate_unfit", target="delegate"))


def _check_many(days: Sequence[rules.Days]) -> None:
    if len(days) >= rules.MOST_ABSENCES:
        raise Refusal(Reason("absences_many", {"most": str(rules.MOST_ABSENCES)}))


def end_absence(absence: Absence, by: Actor, now: datetime) -> None:
    """The person is back, or does not go: from now on the letters come to them again. Ended already stays so."""
    if absence.ended_at is None:
        absence.ended_at = now
        _note(by, "absence_ended", {"first_day": absence.first_day.isoformat(), "last_day": absence.last_day.isoformat()}, now)
        db.session.flush()


def _note(by: Actor, kind: str, payload: dict[str, str], now: datetime) -> None:
    db.session.add(AccountEvent(person_id=by.id, kind=kind, payload=payload, recorded_at=now, recorded_by_id=by.id))
