"""Addresses at which an answer by mail is read: signed, for one person in one request, and good for sixty days."""

from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import BadSignature, TimestampSigner

from procure.config import Settings

GOOD_FOR: Final = timedelta(days=60)
PREFIX: Final = "reply+"


def address(settings: Settings, person_id: int, request_id: int) -> str:
    """`reply+<token>@domain` for that person in that request; "" when no answers by mail are read (REPLY_DOMAIN)."""
    if not settings.reply_domain:
        return ""
    token = _signer(settings).sign(f"{person_id}-{request_id}").decode("ascii")
    return f"{PREFIX}{token}@{settings.reply_domain}"


class TokenBad(Exception):
    """The address was not made here, or is older than sixty days: `why` is `token_forged` or `token_expired`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(settings: Settings, recipient: str, now: datetime) -> tuple[int, int]:
    """Person and request of such an address. Raises TokenBad."""
    token = recipient.rpartition("@")[0].removeprefix(PREFIX)
    try:
        text, made_at = _signer(settings).unsign(token, return_timestamp=True)
        person, _, request = text.decode("ascii").partition("-")
        known = int(person), int(request)
    except (BadSignature, ValueError) as error:
        raise TokenBad("token_forged") from error
    if now - made_at.astimezone(UTC) > GOOD_FOR:
        raise TokenBad("token_expired")
    return known


def is_ours(settings: Settings, recipient: str) -> bool:
    """Whether the address has the form of one that is read here."""
    local, _, domain = recipient.rpartition("@")
    return bool(settings.reply_domain) and domain.casefold() == settings.reply_domain.casefold() and local.startswith(PREFIX)


def _signer(settings: Settings) -> TimestampSigner:
    return TimestampSigner(settings.secret_key, salt="support-reply")
