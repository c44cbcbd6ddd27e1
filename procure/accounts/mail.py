"""Letters about accounts."""

from datetime import datetime

from procure.accounts.models import Person
from procure.infra import outbox
from procure.infra.mail import render


def password_link(person: Person, token: str, key: str, expires_at: datetime, now: datetime) -> None:
    """To the person: the link that sets a password. `key` names the link without opening it."""
    letter = render("password_link", person.language, path=f"/password/{token}", until=expires_at)
    outbox.put(f"password-link:{key}", person.email, letter.subject, letter.body, person.language, now, letter.html)
