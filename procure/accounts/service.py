"""Signing in and out, and looking after people's accounts."""

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete

from procure.accounts import mail, queries
from procure.accounts.models import AccountEvent, Organisation, PasswordLink, Person, Session, SignInAttempt
from procure.domain import passwords
from procure.domain.organisations import Organisation as OrganisationFacts
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor, manageable_roles
from procure.infra.db import db

SESSION_LASTS: Final = timedelta(hours=12)
LINK_LASTS: Final = timedelta(days=3)
GUESS_WINDOW: Final = timedelta(minutes=15)
GUESSES_PER_ADDRESS: Final = 10
GUESSES_PER_NETWORK: Final = 100

_hasher = PasswordHasher()
_NOBODY: Final = _hasher.hash(secrets.token_urlsafe(16))
"""Checked when the address is unknown, so that the answer takes as long as for a known one."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(email: str, password: str, network_address: str, now: datetime) -> str:
    """A new session's token. Raises Refusal `sign_in_failed`, alike for a wrong address and a wrong password, or
    `too_many_attempts` from the eleventh failed try within 15 minutes on."""
    attempts = _count_try(email, network_address, now)
    person = queries.person_by_email(email)
    if not _matches(person, password):
        raise Refusal(Reason("sign_in_failed", target="email"))
    assert person is not None
    assert person.password_hash is not None
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempts)))
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - GUESS_WINDOW))
    db.session.execute(delete(Session).where(Session.person_id == person.id, Session.expires_at < now))
    return start_session(person, now)


def _count_try(email: str, network_address: str, now: datetime) -> list[int]:
    """Count a try before the password is looked at, so that tries sent at the same moment are counted too. Committed here: a
    refusal rolls the request back, and the try must be counted all the same. The rows' ids."""
    subjects = {_address_subject(email): GUESSES_PER_ADDRESS, network_subject(network_address): GUESSES_PER_NETWORK}
    attempts = [SignInAttempt(subject=subject, at=now) for subject in subjects]
    db.session.add_all(attempts)
    db.session.commit()
    ids = [attempt.id for attempt in attempts]
    if any(queries.failed_attempts(subject, now, GUESS_WINDOW) > most for subject, most in subjects.items()):
        # a try that was not looked at does not count: else whoever keeps trying would shut the owner out for good
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(ids)))
        db.session.commit()
        raise Refusal(Reason("too_many_attempts", {"minutes": str(int(GUESS_WINDOW.total_seconds() // 60))}))
    return ids


def _address_subject(email: str) -> str:
    return digest("email:" + email.strip().lower())


def network_subject(address: str) -> str:
    """The digest under which tries from a network address are counted. One home or office of the newer Internet protocol has a whole
    /64 of addresses to guess from."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return digest("net:" + address)
    prefix = 64 if known.version == 6 else 32
    return digest(f"net:{ipaddress.ip_network((known, prefix), strict=False)}")


def _matches(person: Person | None, password: str) -> bool:
    known = person is not None and person.active and person.password_hash is not None
    try:
        _hasher.verify((person.password_hash if person and known else None) or _NOBODY, password)
    except VerificationError:
        return False
    return known


def start_session(person: Person, now: datetime) -> str:
    """A token whose hash is kept: the only thing that opens the session again."""
    token = secrets.token_urlsafe(32)
    db.session.add(Session(token_hash=digest(token), person_id=person.id, started_at=now, expires_at=now + SESSION_LASTS))
    db.session.flush()
    return token


def sign_out(token: str) -> None:
    """The session ends at once, in every copy of the cookie."""
    db.session.execute(delete(Session).where(Session.token_hash == digest(token)))


def end_sessions(person: Person) -> None:
    """Everywhere: after a changed password or role, and when somebody leaves."""
    db.session.execute(delete(Session).where(Session.person_id == person.id))


def change_password(person: Person, password: str, by: Actor | None, now: datetime) -> None:
    """Set the password and end every session. Raises Refusal for a password that is easy to guess."""
    names = (person.email, person.name, *person.organisation.names_list())
    if code := passwords.weakness(password, names):
        raise Refusal(Reason(code, {"least": str(passwords.SHORTEST), "most": str(passwords.LONGEST)}, target="password"))
    person.password_hash = _hasher.hash(password)
    end_sessions(person)
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == person.id))
    _note(person, "password_changed", {}, by, now)


def give_password(person: Person, password: str, now: datetime) -> None:
    """Set a password that whoever runs the service has chosen for demo people, easy to guess or not; the same again changes nothing."""
    if not _matches(person, password):
        person.password_hash = _hasher.hash(password)
        end_sessions(person)
        _note(person, "password_changed", {}, None, now)


def change_own_password(by: Actor, current: str, password: str, now: datetime) -> None:
    """As `change_password`, for the person who knows the present one."""
    person = db.session.get_one(Person, by.id)
    if not _matches(person, current):
        raise Refusal(Reason("password_wrong", target="current_password"))
    change_password(person, password, by, now)


def use_password_link(token: str, password: str, now: datetime) -> Person:
    """Set the password by a link; a link works once. Raises Refusal `link_expired` or a weakness of the password."""
    link = queries.password_link(digest(token), now)
    if link is None:
        raise Refusal(Reason("link_expired"))
    person = db.session.get_one(Person, link.person_id)
    change_password(person, password, None, now)
    # the new link is the way in for somebody whose address was being guessed at
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.subject == _address_subject(person.email)))
    return person


def make_password_link(person: Person, now: datetime) -> str:
    """A token for a link that sets a password within three days; an earlier link ends."""
    token = secrets.token_urlsafe(32)
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == person.id))
    db.session.add(PasswordLink(token_hash=digest(token), person_id=person.id, expires_at=now + LINK_LASTS))
    db.session.flush()
    return token


def send_password_link(person: Person, by: Actor, now: datetime) -> str:
    """A new link for somebody one looks after: mailed to the person, and returned as a token to be handed over. Raises Refusal."""
    _check_looks_after(person, by)
    if not person.active:
        raise Refusal(Reason("account_closed"))
    token = make_password_link(person, now)
    mail.password_link(person, token, digest(token)[:32], now + LINK_LASTS, now)
    _note(person, "link_made", {}, by, now)
    return token


def invite(
    email: str, name: str, role: str, organisation: Organisation, language: str, by: Actor, now: datetime
) -> tuple[Person, str]:
    """A new person and the token of the link that was mailed to them. Raises Refusal as `add_person` does."""
    person = add_person(email, name, role, organisation, language, by, now)
    return person, send_password_link(person, by, now)


def add_person(
    email: str, name: str, role: str, organisation: Organisation, language: str, by: Actor | None, now: datetime
) -> Person:
    """A new person without a password yet. `by` None: from the command line. Raises Refusal."""
    if by is not None and role not in manageable_roles(by.role, organisation.id == by.organisation_id):
        raise Refusal(Reason("role_not_yours", {"role": role}, target="role"))
    _check_role_fits(role, organisation)
    address = _usable_address(email)
    if queries.person_by_email(address) is not None:
        raise Refusal(Reason("email_taken", {"email": address}, target="email"))
    person = Person(
        email=address,
        name=name.strip(),
        role=role,
        organisation=organisation,
        language=language,
        password_hash=None,
        active=True,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    _note(person, "person_added", {"role": role}, by, now)
    return person


def _usable_address(email: str) -> str:
    """The address as it is kept: lower case. Raises Refusal for one that no letter could reach."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise Refusal(Reason("email_unusable", target="email")) from error
    return email.strip().lower()


def _check_role_fits(role: str, organisation: Organisation) -> None:
    wanted = {
        "officer": "municipality",
        "manager": "municipality",
        "city_admin": "municipality",
        "expert": "network",
        "coordinator": "network",
        "system_admin": "network",
    }[role]
    if organisation.kind != wanted:
        raise Refusal(Reason("role_not_for_organisation", {"role": role}, target="role"))


def _check_looks_after(person: Person, by: Actor) -> None:
    """Nobody changes their own account this way: an organisation could be left without an administrator."""
    if person.id == by.id:
        raise Refusal(Reason("own_account"))
    if person.role not in manageable_roles(by.role, person.organisation_id == by.organisation_id):
        raise Refusal(Reason("role_not_yours", {"role": person.role}))


def change_role(person: Person, role: str, by: Actor, now: datetime) -> None:
    """Another role, from the next request on: every session ends. Raises Refusal."""
    _check_looks_after(person, by)
    if role not in manageable_roles(by.role, person.organisation_id == by.organisation_id):
        raise Refusal(Reason("role_not_yours", {"role": role}, target="role"))
    _check_role_fits(role, person.organisation)
    if role == person.role:
        return
    _note(person, "role_changed", {"old": person.role, "new": role}, by, now)
    person.role = role
    end_sessions(person)


def set_active(person: Person, active: bool, by: Actor, now: datetime) -> None:
    """Let somebody in again, or out: a person made inactive is signed out everywhere and cannot sign in, by no link either."""
    _check_looks_after(person, by)
    if person.active == active:
        return
    person.active = active
    _note(person, "activated" if active else "deactivated", {}, by, now)
    end_sessions(person)
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == person.id))


def choose_language(by: Actor, language: str, now: datetime) -> None:
    """The language of the interface and of mail to this person."""
    person = db.session.get_one(Person, by.id)
    if person.language != language:
        _note(person, "language_changed", {"old": person.language, "new": language}, by, now)
        person.language = language


def load_organisations(facts: tuple[OrganisationFacts, ...]) -> None:
    """Bring the table up to date with the catalogue: new organisations are added, names follow."""
    known = {organisation.code: organisation for organisation in queries.organisations()}
    for fact in facts:
        organisation = known.get(fact.code) or Organisation(code=fact.code)
        organisation.letters, organisation.kind = fact.letters, fact.kind
        organisation.name_fi, organisation.name_sv, organisation.name_en = fact.name.fi, fact.name.sv, fact.name.en
        db.session.add(organisation)
    db.session.flush()


def _note(person: Person, kind: str, payload: dict[str, str], by: Actor | None, now: datetime) -> None:
    db.session.add(
        AccountEvent(person_id=person.id, kind=kind, payload=payload, recorded_at=now, recorded_by_id=by.id if by else None)
    )
