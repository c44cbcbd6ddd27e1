"""What experts say of themselves, and the coordinator of their work. What a profile said before is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from procure.catalogue import organisations
from procure.domain.network import LONGEST_ABOUT, check_profile, editable
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.support import TOPICS
from procure.infra.db import db
from procure.network import queries
from procure.network.models import ExpertProfile, ExpertProfileChange
from procure.network.queries import Profile
from procure.network.service import Overtaken

PROFILE_CHANGED = "network_profile_changed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A profile as a form has it."""

    topics: tuple[str, ...]
    languages: tuple[str, ...]
    most_open: int | None
    not_cities: tuple[str, ...] = ()
    shown: bool = False
    about: str = ""


def city_codes() -> tuple[str, ...]:
    return tuple(one.code for one in organisations.catalogue().municipalities)


def change_profile(present: Profile, version: int, wanted: Wanted, seen: int | None, by: Actor, now: datetime) -> bool:
    """Whether anything became different. Takes from `wanted` only what `by` may change: the coordinator never shows a person who has
    not chosen it. `version`: the present one, `seen`: the one on the screen. Raises Refusal with every reason, and Overtaken."""
    parts = editable(by.role, by.id == present.person_id)
    if not parts:
        raise Refusal(Reason("network_profile_not_yours"))
    now_says, tidy = values_of(present), _tidy(wanted)
    new = now_says | {part: tidy[part] for part in parts}
    check_profile(new["topics"], new["languages"], wanted.most_open, new["not_cities"], city_codes())
    changed = [part for part in new if new[part] != now_says[part]]
    if present.said and not changed:
        return False
    if seen != version:
        raise Overtaken(Reason(PROFILE_CHANGED, {"name": _last_by(present.person_id)}))
    row = _kept(present.person_id, version, new)
    db.session.add(
        ExpertProfileChange(
            person_id=present.person_id, version=row.version_id, values=new, changed=changed, by_id=by.id, by=by.name, at=now
        )
    )
    db.session.flush()
    return True


def _kept(person_id: int, version: int, new: dict[str, Any]) -> ExpertProfile:
    row = queries.profile_to_change(person_id)
    if row is not None:
        if row.version_id != version:  # in the same moment: the lock has let the other go first
            raise Overtaken(Reason(PROFILE_CHANGED, {"name": _last_by(person_id)}))
        for part, value in new.items():
            setattr(row, part, value)
        db.session.flush()
        return row
    row = ExpertProfile(person_id=person_id, **new)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:  # both said something for the first time
        raise Overtaken(Reason(PROFILE_CHANGED, {"name": _last_by(person_id)})) from error
    return row


def values_of(profile: Profile) -> dict[str, Any]:
    """Every part as it is kept in the history."""
    return {
        "topics": list(profile.topics), "languages": list(profile.languages), "most_open": profile.most_open,
        "not_cities": list(profile.not_cities), "shown": profile.shown, "about": profile.about,
    }  # fmt: skip


def _tidy(wanted: Wanted) -> dict[str, Any]:
    """In the order of the lists, whatever the order in which the form sent them; what is not on a list stays, to be refused."""

    def sorted_by(known: tuple[str, ...], chosen: tuple[str, ...]) -> list[str]:
        return [one for one in known if one in chosen] + [one for one in dict.fromkeys(chosen) if one not in known]

    return {
        "topics": sorted_by(TOPICS, wanted.topics), "languages": sorted_by(("fi", "sv", "en"), wanted.languages),
        "most_open": wanted.most_open, "not_cities": sorted_by(city_codes(), wanted.not_cities), "shown": wanted.shown,
        "about": wanted.about.replace("\r\n", "\n").strip()[:LONGEST_ABOUT],
    }  # fmt: skip


def _last_by(person_id: int) -> str:
    changes = queries.profile_changes(person_id)
    return changes[0].by if changes else ""
