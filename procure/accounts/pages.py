"""Words for roles, and what an administrator may choose from."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.accounts.models import Organisation
from procure.domain.permissions import Actor, manageable_roles
from procure.web.language import language

ROLE_NAMES: Final[dict[str, Any]] = {
    "officer": _l("Officer"),
    "manager": _l("Manager"),
    "city_admin": _l("Administrator of the city"),
    "expert": _l("Expert"),
    "coordinator": _l("Coordinator of the network"),
    "system_admin": _l("System administrator"),
}


def roles_to_give(by: Actor) -> list[tuple[str, Any]]:
    """(role, name) of the roles that `by` may give."""
    return [(role, ROLE_NAMES[role]) for role in manageable_roles(by.role, True)]


def organisations_to_choose(by: Actor, organisations: list[Organisation]) -> list[tuple[str, str]]:
    """(code, name) of the organisations to which `by` may add people: the own one, or all for the system administrator."""
    if by.role != "system_admin":
        return [(by.organisation_code, by.organisation_names[language()])]
    return sorted(((o.code, o.names[language()]) for o in organisations), key=lambda choice: choice[1])
