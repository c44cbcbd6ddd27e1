"""Answers by mail become messages of the thread. What is taken is what the person could have written on the page at that moment.

The address proves to whom the letter went; the sender has to be that person. Everything else is refused, and of what is refused only
the reason and the sender's domain are kept.
"""

import hashlib
import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Final

from procure.accounts import queries as accounts
from procure.config import Settings
from procure.domain.attachments import LONGEST_NAME, clean_name
from procure.domain.mailed_text import reply_text, text_of_html
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.domain.threads import MOST_FILES
from procure.infra.clock import FINLAND
from procure.infra.db import db, let_go, writing
from procure.support import queries, talk_files, talk_queries, talk_service, talk_tokens
from procure.support.models import MailRefusal
from procure.support.talk_files import Arrived

LARGEST_MAIL: Final = 40 * 1024 * 1024
"""Bytes as they travel: somewhat more than the files in it."""
LONGEST_TEXT: Final = 6000
"""Characters of an answer, as on the page."""
LONGEST_READ: Final = 200_000
"""Characters of a mail with all that it quotes."""
MOST_LOGGED_AN_HOUR: Final = 500
"""Refusals beyond that are only counted by whoever runs the server: strangers do not fill our disk."""

TAKEN: Final = "250 2.0.0 Taken"
TAKEN_BEFORE: Final = "250 2.0.0 Taken before"
AUTOMATIC: Final = "250 2.0.0 Automatic answers are dropped"
NO_ADDRESS: Final = "550 5.1.1 No such address here"
REFUSED: Final = {
    "token_forged": "550 5.1.1 No such address here",
    "token_expired": "550 5.1.6 This address is older than sixty days: answer on the page of the request",
    "sender_unknown": "550 5.7.1 This address takes mail only from the person to whom the letter was sent",
    "person_closed": "550 5.7.1 This address takes mail only from the person to whom the letter was sent",
    "not_yours": "550 5.7.1 Nothing can be written in this request now: look at its page",
    "nothing_written": "550 5.6.0 There is no text above the quoted letter",
    "too_long": "550 5.3.4 The text is too long: at most 6000 characters",
    "unreadable": "550 5.6.0 The mail cannot be read",
}

log = logging.getLogger("procure")


class NotTaken(Exception):
    """The mail is refused: `why` is a key of REFUSED."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Mail:
    """What of a mail is looked at."""

    authors: tuple[str, ...]
    """Addresses of the From line."""
    text: str
    key: str
    files: tuple[tuple[str, bytes], ...]


def take(content: bytes, sender: str, recipient: str, settings: Settings, now: datetime) -> str:
    """One mail to one address; what the mail server is to answer. Ends the transaction.

    The same mail again (by its Message-ID) makes nothing new. Raises what the database raises: then the mail has not been taken, and
    the other side is to try again.
    """
    try:
        if not talk_tokens.is_ours(settings, recipient):
            return NO_ADDRESS
        message = _parsed(content)
        if not sender or is_automatic(message):
            return AUTOMATIC
        by, number = _writer(recipient, settings, now)
        mail = _read(message, content)
        if sender.casefold() != by.email.casefold() or mail.authors != (by.email.casefold(),):
            raise NotTaken("sender_unknown")
        return _keep(mail, by, number, now)
    except NotTaken as refusal:
        _note(refusal.why, sender, now)
        return REFUSED[refusal.why]


def is_automatic(message: EmailMessage) -> bool:
    """Whether no person wrote the mail: an absence notice, a report of delivery, a mailing list (RFC 3834)."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().casefold()
    precedence = str(message.get("Precedence", "")).strip().casefold()
    return submitted != "no" or precedence in ("bulk", "junk", "list", "auto_reply") or "X-Autoreply" in message


def _parsed(content: bytes) -> EmailMessage:
    try:
        message = BytesParser(policy=default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        message.items()  # reads each header, and so says now what cannot be read
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError) as error:
        raise NotTaken("unreadable") from error
    return message


def _writer(recipient: str, settings: Settings, now: datetime) -> tuple[Actor, int]:
    """Who may answer at that address, and in which request."""
    try:
        person_id, number = talk_tokens.read(settings, recipient, now)
    except talk_tokens.TokenBad as error:
        raise NotTaken(error.why) from error
    by = accounts.actor(person_id)
    if by is None:
        raise NotTaken("person_closed")
    return by, number


def _read(message: EmailMessage, content: bytes) -> Mail:
    try:
        authors = tuple(address.addr_spec.casefold() for address in message["From"].addresses) if message["From"] else ()
        key = str(message.get("Message-ID", "")).strip().encode() or content
        files = tuple((part.get_filename() or "", bytes(part.get_payload(decode=True) or b"")) for part in _attached(message))
        return Mail(authors, _text(message), hashlib.sha256(key).hexdigest(), files)
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError) as error:
        raise NotTaken("unreadable") from error


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    words = str(body.get_content())[:LONGEST_READ]
    return reply_text(text_of_html(words) if body.get_content_subtype() == "html" else words)


def _attached(message: EmailMessage) -> Iterable[EmailMessage]:
    """The parts that are files: a picture inside the text, such as a logo of a signature, is none."""
    for part in message.iter_attachments():
        if isinstance(part, EmailMessage) and not part.is_multipart() and part.get_content_disposition() == "attachment":
            yield part


def _keep(mail: Mail, by: Actor, number: int, now: datetime) -> str:
    seen = talk_queries.thread_for(by, number)
    if seen is None or not by.may("support.reply"):
        raise NotTaken("not_yours")
    if talk_queries.message_of_mail(seen.request, mail.key) is not None:
        return TAKEN_BEFORE
    if not mail.text:
        raise NotTaken("nothing_written")
    if len(mail.text) > LONGEST_TEXT:
        raise NotTaken("too_long")
    files, left_out = _files(mail.files)
    let_go()
    with writing():
        try:
            return _write(mail, files, left_out, by, number, now)
        finally:
            db.session.rollback()


def _write(mail: Mail, files: Sequence[Arrived], left_out: Sequence[str], by: Actor, number: int, now: datetime) -> str:
    seen = queries.request_to_change(by, number)  # read anew and locked: looking through the files took a while
    if seen is None:
        raise NotTaken("not_yours")
    today = now.astimezone(FINLAND).date()
    try:
        new = talk_service.by_mail(seen.request, mail.text, mail.key, files, left_out, by, today, now)
    except Refusal as refusal:
        raise NotTaken("not_yours") from refusal
    db.session.commit()
    return TAKEN if new else TAKEN_BEFORE


def _files(given: Sequence[tuple[str, bytes]]) -> tuple[list[Arrived], list[str]]:
    """The files that are kept, and the names of those that are not: too many, of no kind that is taken, or infected."""
    kept: list[Arrived] = []
    left_out = []
    for name, content in given:
        try:
            if len(kept) >= MOST_FILES:
                raise Refusal
            kept.append(talk_files.receive(io.BytesIO(content), name))
        except Refusal:
            left_out.append(clean_name(name)[:LONGEST_NAME] or "?")
    return kept, left_out


def _note(why: str, sender: str, now: datetime) -> None:
    """Keep that a mail was refused: why, and the domain of who sent it."""
    let_go()
    if talk_queries.refused_since(now - timedelta(hours=1)) >= MOST_LOGGED_AN_HOUR:
        let_go()
        log.warning("mail refused %s, not kept: too many in this hour", why)
        return
    let_go()
    domain = "".join(char for char in sender.rpartition("@")[2][:255].casefold() if char.isalnum() or char in ".-")
    with writing():
        db.session.add(MailRefusal(at=now, why=why, sender_domain=domain))
        db.session.commit()
