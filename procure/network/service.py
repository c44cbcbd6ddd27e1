"""What the coordinator says of the network. Every change is a new row: nothing that was said is lost."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from procure.catalogue import network
from procure.domain import network as rules
from procure.domain.network import Fact, Subject, Words, overlaid
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.network import queries
from procure.network.models import NetworkFact

FACT_CHANGED = "network_fact_changed"


class Overtaken(Refusal):
    """Somebody else has changed it meanwhile: both are shown, nothing is overwritten."""


def subjects() -> tuple[Subject, ...]:
    """All that is known, with the coordinator's changes over the data file. One query."""
    changes = queries.changed_facts()
    return tuple(overlaid(subject, changes) for subject in network.catalogue().all)


def fact_at(subject: str, field: str) -> tuple[Subject, Fact] | None:
    """The subject as it stands and what is said of it there; None when there is no such subject or field."""
    try:
        found = overlaid(network.catalogue().get(subject), queries.changed_facts())
        return found, found.fact(field)
    except KeyError:
        return None


def version_of(subject: str, field: str, version: int) -> Fact | None:
    """What was said there in that version, 0 for the data file; None when there is no such version."""
    if version == 0:
        in_file = network.catalogue().get(subject).facts
        return next((fact for fact in in_file if fact.field == field), Fact(subject, field, Words(), "unverified", ()))
    return next((row.fact for row in queries.fact_changes(subject, field) if row.version == version), None)


def change_fact(
    present: Fact, words: Words, mark: str, sources: tuple[str, ...], seen: int | None, by: Actor, now: datetime
) -> Fact:
    """The new word on it. `seen`: the version that was on the screen. The same said again adds nothing. Raises Refusal with every
    reason, and Overtaken when somebody was quicker."""
    tidy = Words(*(" ".join(text.split()) for text in (words.fi, words.sv, words.en)))
    rules.check_fact(tidy, mark, sources)
    wanted = replace(present, words=tidy, mark=mark if tidy else "unverified", sources=sources)
    return _kept(present, wanted, seen, None, by, now)


def restore_fact(present: Fact, earlier: Fact, seen: int | None, by: Actor, now: datetime) -> Fact:
    """What was said earlier holds again, as a new row. Raises Overtaken when somebody was quicker."""
    wanted = replace(present, words=earlier.words, mark=earlier.mark, sources=earlier.sources)
    return _kept(present, wanted, seen, earlier.version, by, now)


def _kept(present: Fact, wanted: Fact, seen: int | None, restores: int | None, by: Actor, now: datetime) -> Fact:
    if wanted == present:
        return present
    if seen != present.version:
        raise Overtaken(Reason(FACT_CHANGED, {"name": present.by}))
    row = NetworkFact(
        subject=present.subject, field=present.field, version=present.version + 1, fi=wanted.words.fi, sv=wanted.words.sv,
        en=wanted.words.en, mark=wanted.mark, sources=list(wanted.sources), restores=restores, by_id=by.id, by=by.name, at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:  # in the same moment
        latest = queries.fact_changes(present.subject, present.field)[0]
        raise Overtaken(Reason(FACT_CHANGED, {"name": latest.by})) from error
    return row.fact
