"""Who is signed in, and who there is."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from procure.accounts.models import Organisation, PasswordLink, Person, Session, SignInAttempt
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor, manageable_roles
from procure.infra.db import db, read, will_write

MOST_PEOPLE: Final = 1000
LARGEST_ID: Final = 2**31 - 1
"""What the column holds; an address may name any number."""


def _actors() -> Select[*tuple[Any, ...]]:
    return select(
        Person.id,
        Person.name,
        Person.email,
        Person.role,
        Organisation.id.label("organisation_id"),
        Organisation.code,
        Organisation.name_fi,
        Organisation.name_sv,
        Organisation.name_en,
        Person.language,
    ).join(Organisation, Organisation.id == Person.organisation_id)


def _actor(statement: Select[*tuple[Any, ...]], **values: Any) -> Actor | None:
    row = read(statement, values).first()
    if row is None:
        return None
    names = Trilingual(row.name_fi, row.name_sv, row.name_en)
    return Actor(row.id, row.name, row.email, row.role, row.organisation_id, row.code, names, row.language)


_OF_SESSION: Final = (  # asked with every request, so made once
    _actors()
    .join(Session, Session.person_id == Person.id)
    .where(Session.token_hash == bindparam("token_hash"), Session.expires_at > bindparam("now"), Person.active)
)


def actor_of_session(token_hash: str, now: datetime) -> Actor | None:
    """The active person behind a live session; None when the session has ended or the person has been made inactive."""
    return _actor(_OF_SESSION, token_hash=token_hash, now=now)


def actor(person_id: int) -> Actor | None:
    """An active person as an actor: for commands and the worker, which act without a session."""
    return _actor(_actors().where(Person.id == person_id, Person.active))


def person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def failed_attempts(subject: str, now: datetime, window: timedelta) -> int:
    """How many tries have failed for that subject within the window."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.subject == subject, SignInAttempt.at > now - window)
        )
        or 0
    )


def password_link(token_hash: str, now: datetime) -> PasswordLink | None:
    """A link that still opens, locked when the caller is going to use it: of two uses at once, the second finds nothing."""
    statement = (
        select(PasswordLink)
        .join(Person, Person.id == PasswordLink.person_id)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.expires_at > now, Person.active)
    )
    return db.session.scalar(statement.with_for_update(of=PasswordLink) if will_write() else statement)


def person_of_link(token_hash: str, now: datetime) -> Person | None:
    """Whose password the link sets; None for a link that no longer opens."""
    return db.session.scalar(
        select(Person)
        .join(PasswordLink, PasswordLink.person_id == Person.id)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.expires_at > now, Person.active)
    )


def organisations() -> list[Organisation]:
    """All of them, by their Finnish name."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name_fi)))


def municipalities() -> list[Organisation]:
    """The cities and municipalities, by their Finnish name."""
    return [organisation for organisation in organisations() if organisation.kind == "municipality"]


def organisation_by_code(code: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.code == code))


def _looked_after(by: Actor) -> Select[Any]:
    """A city's administrator looks after the city's people, a coordinator after the network's, a system administrator after the
    administrators everywhere; anybody else after nobody."""
    people = select(Person).options(joinedload(Person.organisation)).where(Person.role.in_(manageable_roles(by.role, True)))
    return people if by.role == "system_admin" else people.where(Person.organisation_id == by.organisation_id)


def people_for(by: Actor) -> list[Person]:
    """The people whom an administrator looks after, those who can sign in first, by name."""
    return list(db.session.scalars(_looked_after(by).order_by(Person.active.desc(), Person.name, Person.id).limit(MOST_PEOPLE)))


def person_for(by: Actor, person_id: int) -> Person | None:
    """One of the people whom `by` looks after, or None; locked when the caller is going to write."""
    if person_id > LARGEST_ID:
        return None
    statement = _looked_after(by).where(Person.id == person_id)
    found: Person | None = db.session.scalar(statement.with_for_update(of=Person) if will_write() else statement)
    return found


def people_with_role(organisation_id: int, role: str) -> list[Person]:
    """Active people of that role in an organisation, in the order in which they joined."""
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.organisation_id == organisation_id, Person.role == role, Person.active)
            .order_by(Person.id)
        )
    )


def lock_city(organisation_id: int) -> None:
    """Let the city's changes follow one another until the transaction ends. New rows that point at the city need not wait."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True))
