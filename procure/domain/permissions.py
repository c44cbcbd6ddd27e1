"""Who may do what: one table to read.

Roles say what a person does; the second half of access, whose case it is, is in every query (`queries.py`, always for a given user).
"""

from dataclasses import dataclass
from typing import Final

from procure.domain.language import Trilingual

ROLES: Final = ("officer", "manager", "city_admin", "expert", "coordinator", "system_admin")

CITY_ROLES: Final = ("officer", "manager", "city_admin")
NETWORK_ROLES: Final = ("expert", "coordinator")

ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "account.own": ROLES,  # own language, password, sign-out
    "desk.read": ROLES,
    "case.list": CITY_ROLES,
    "case.read": CITY_ROLES,
    "case.open": ("officer", "manager"),
    "case.edit": ("officer", "manager"),
    "gate.waive": ("manager",),
    "case.export": CITY_ROLES,
    "interest.declare": CITY_ROLES,
    "interest.decide": ("manager",),
    "document.read": CITY_ROLES,
    "document.write": ("officer", "manager"),
    "document.issue": ("officer", "manager"),
    "dossier.make": CITY_ROLES,
    "attachment.read": CITY_ROLES,
    "attachment.edit": ("officer", "manager"),
    "approval.ask": ("officer", "manager"),
    "approval.answer": CITY_ROLES,  # whoever is named; which request it is, the rules say
    "support.list": ("officer", "manager", "city_admin", "expert", "coordinator"),
    "support.ask": ("officer", "manager"),
    "support.read": ("officer", "manager", "city_admin", "expert", "coordinator"),
    "support.reply": ("officer", "manager", "expert"),
    "support.take": ("expert",),
    "support.answer": ("expert",),
    "support.second_read": NETWORK_ROLES,
    "support.triage": ("coordinator",),
    "network.read": ROLES,
    "network.edit": ("coordinator",),
    "network.profile": ("expert",),
    "communications.write": ("expert",),  # of a request whose material they see; a city's people write with case.edit
    "knowledge.read": (*CITY_ROLES, *NETWORK_ROLES),
    "knowledge.write": NETWORK_ROLES,
    "support.desk": NETWORK_ROLES,
    "figures.read": ("coordinator",),
    "portfolio.read": CITY_ROLES,
    "report.read": CITY_ROLES,
    "report.schedule": ("manager", "city_admin"),
    "figures.share": ("manager", "city_admin"),
    "figures.network": ("coordinator",),
    "city.calendar.read": CITY_ROLES,
    "city.calendar.edit": ("city_admin",),
    "city.gates.read": CITY_ROLES,
    "city.gates.edit": ("city_admin",),
    "city.papers.read": CITY_ROLES,  # letterhead and standard clauses
    "city.papers.edit": ("city_admin",),
    "people.list": ("city_admin", "coordinator", "system_admin"),
    "people.manage": ("city_admin", "coordinator", "system_admin"),
}


def may(role: str, action: str) -> bool:
    """Whether a person of that role may do it at all. KeyError for an action that is not in the table."""
    return role in ACTIONS[action]


def manageable_roles(role: str, own_organisation: bool) -> tuple[str, ...]:
    """The roles that a person of `role` may give: a city administrator within the city, a coordinator within the network,
    a system administrator administrators everywhere (and so never a seat at a city's cases by himself)."""
    if role == "city_admin" and own_organisation:
        return CITY_ROLES
    if role == "coordinator" and own_organisation:
        return NETWORK_ROLES
    if role == "system_admin":
        return ("city_admin", "coordinator", "system_admin")
    return ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as every service and query needs to know them. Made from the session at each request."""

    id: int
    name: str
    email: str
    role: str
    organisation_id: int
    organisation_code: str
    organisation_names: Trilingual
    language: str

    def may(self, action: str) -> bool:
        return may(self.role, action)
