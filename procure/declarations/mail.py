"""Letters about declarations: the case's reference, what waits and a link. What was declared stands in none of them."""

from datetime import datetime

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.declarations import queries
from procure.declarations.models import InterestDeclaration
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.notifications.mail import News
from procure.notifications.service import tell, tell_all


def to_decide(case: Case, declaration: InterestDeclaration, by: Actor, now: datetime) -> None:
    """To the managers of the case's city, who decide: never to who has declared."""
    path, key = f"/cases/{case.reference}/declarations/{declaration.number}", f"interest:{case.id}:{declaration.number}"
    news = [
        News("declaration", manager, key, "interest_to_decide", path, {"reference": case.reference, "who": by.name})
        for manager in queries.managers_of(case)
        if manager.id != by.id
    ]
    tell_all(news, now)


def decided(case: Case, declaration: InterestDeclaration, opens: bool, by: Actor, now: datetime) -> None:
    """To who has declared the conflict."""
    person = db.session.get_one(Person, declaration.person_id)
    path, key = f"/cases/{case.reference}/declaration", f"interest_decided:{case.id}:{case.last_sequence}"
    tell("declaration", person, key, "interest_decided", path, now, reference=case.reference, who=by.name, opens=int(opens))
