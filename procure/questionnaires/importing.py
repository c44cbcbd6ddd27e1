"""In whose name a case file becomes a case when nobody is signed in."""

from datetime import datetime
from typing import Final

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.accounts.models import Organisation, Person
from procure.catalogue import organisations
from procure.domain.permissions import Actor, may

ROLES: Final = ("officer", "manager")
NAME: Final = "Procure import"


def person_for(city: Organisation, email: str, now: datetime) -> Actor | None:
    """The person of that address, when they may open cases in the city; without an address the city's first officer, else manager,
    else an account made for this that nobody can sign in with. None: the address is nobody's who may."""
    if email:
        person = account_queries.person_by_email(email)
        fits = person is not None and person.active and person.organisation_id == city.id and may(person.role, "case.open")
        return account_queries.actor(person.id) if person and fits else None
    for role in ROLES:
        for person in account_queries.people_with_role(city.id, role):
            return account_queries.actor(person.id)
    return _as_actor(_importer(city, now), city)


def _importer(city: Organisation, now: datetime) -> Person:
    address = f"import@{city.letters.lower()}.example"
    known = account_queries.person_by_email(address)
    if known is not None:
        return known
    language = organisations.catalogue().get(city.code).language
    made = accounts.add_person(address, NAME, "officer", city, language, None, now)
    made.active = False
    return made


def _as_actor(person: Person, city: Organisation) -> Actor:
    return Actor(person.id, person.name, person.email, person.role, city.id, city.code, city.names, person.language)
