"""Who is signed in, and who there is."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from procure.accounts.models import Organisation, PasswordLink, Person, Session, SignInAttempt
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.infra.db import db


def _actors() -> Select[tuple[int, str, str, str, int, str, str, str, str, str]]:
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


def _actor(statement: Select[tuple[int, str, str, str, int, str, str, str, str, str]]) -> Actor | None:
    row = db.session.execute(statement).first()
    if row is None:
        return None
    names = Trilingual(row.name_fi, row.name_sv, row.name_en)
    return Actor(row.id, row.name, row.email, row.role, row.organisation_id, row.code, names, row.language)


def actor_of_session(token_hash: str, now: datetime) -> Actor | None:
    """The active person behind a live session; None when the session has ended or the person has been made inactive."""
    return _actor(
        _actors()
        .join(Session, Session.person_id == Person.id)
        .where(Session.token_hash == token_hash, Session.expires_at > now, Person.active)
    )


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
    return db.session.scalar(select(PasswordLink).where(PasswordLink.token_hash == token_hash, PasswordLink.expires_at > now))


def organisations() -> list[Organisation]:
    """All of them, by their Finnish name."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name_fi)))


def municipalities() -> list[Organisation]:
    """The cities and municipalities, by their Finnish name."""
    return [organisation for organisation in organisations() if organisation.kind == "municipality"]


def organisation_by_code(code: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.code == code))


def people_for(by: Actor) -> list[Person]:
    """The people whom an administrator looks after: of the own organisation; all administrators for the system administrator."""
    people = select(Person).order_by(Person.name, Person.id).limit(500)
    if by.role == "system_admin":
        return list(db.session.scalars(people.where(Person.role.in_(("city_admin", "coordinator", "system_admin")))))
    return list(db.session.scalars(people.where(Person.organisation_id == by.organisation_id)))


def person_for(by: Actor, person_id: int) -> Person | None:
    """One of `people_for`, or None."""
    return next((person for person in people_for(by) if person.id == person_id), None)


def people_with_role(organisation_id: int, role: str) -> list[Person]:
    """Active people of that role in an organisation, in the order in which they joined."""
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.organisation_id == organisation_id, Person.role == role, Person.active)
            .order_by(Person.id)
        )
    )
