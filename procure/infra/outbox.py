"""Messages are written in the transaction of the act they tell about, and sent afterwards by the worker.

So no letter leaves about something that was rolled back, and none is lost when the mail server is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment, add_new, db, writing

MOST_TRIES: Final = 10
LEASE: Final = timedelta(minutes=5)
"""How long a message belongs to who has claimed it: longer than the slowest talk with a mail server."""


class OutboxMessage(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What the message is about: the same act never puts two of them here."""
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The same letter for who reads HTML; "" for text alone."""
    language: Mapped[str] = mapped_column(String(2))
    reply_to: Mapped[str] = mapped_column(String(254), default="", server_default="")
    """Where an answer to the letter is read; "" when nobody reads one."""
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a calendar program takes from the letter (iCalendar with its METHOD); "" for none."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """None once the message has been sent, or parked after ten tries."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")

    @property
    def message_id(self) -> str:
        """The same for every try, so that a receiver can tell a repeated letter."""
        return f"<procure-{self.id}-{int(self.created_at.timestamp())}@procure.invalid>"


@dataclass(frozen=True, slots=True)
class Item:
    """A message as it goes into the outbox. `html` "": text alone."""

    key: str
    recipient: str
    subject: str
    body: str
    language: str
    html: str = ""
    reply_to: str = ""
    calendar: str = ""


def put(key: str, recipient: str, subject: str, body: str, language: str, now: datetime, html: str = "") -> None:
    """Put a message into the running transaction. A key that is there already adds nothing."""
    put_all([Item(key, recipient, subject, body, language, html)], now)


def put_all(items: Sequence[Item], now: datetime) -> int:
    """As `put`, for many at once; says how many were new. Also when another process puts the same at the same moment."""
    rows = [
        {
            "key": item.key, "recipient": item.recipient, "subject": " ".join(item.subject.split())[:300], "body": item.body,
            "html": item.html, "reply_to": item.reply_to, "calendar": item.calendar,
            "language": item.language, "created_at": now, "next_try_at": now, "tries": 0, "problem": "",
        }
        for item in items
    ]  # fmt: skip
    return add_new(OutboxMessage, rows, "key")


def claim(now: datetime) -> OutboxMessage | None:
    """Take the oldest message that is due, and begin its next try; None when none is. Ends the transaction.

    A claimed message is nobody else's for `LEASE`: it can be handed to the mail server with no lock held. When the process dies
    meanwhile, the lease runs out and the message is due again. A message whose last try nobody ended is parked.
    """
    due = (
        select(OutboxMessage)
        .where(OutboxMessage.next_try_at <= now)
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(1)
    )
    nothing = db.session.scalar(due.with_only_columns(OutboxMessage.id)) is None
    db.session.rollback()
    if nothing:
        return None  # most rounds end here, without having asked for the right to write
    with writing():
        while (message := db.session.scalar(due.with_for_update(skip_locked=True))) is not None:
            if message.tries < MOST_TRIES:
                message.tries += 1
                message.next_try_at = now + LEASE
                break
            message.next_try_at, message.problem = None, message.problem or "the last try was broken off"
            db.session.flush()
        db.session.commit()
    if message is not None:
        db.session.expunge(message)
    return message


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    """The server has taken it. Ends the transaction."""
    _settle(message, sent_at=now, next_try_at=None, problem="")


def mark_failed(message: OutboxMessage, problem: str, now: datetime, again: bool = True) -> None:
    """Try again after 1, 2, 4 … minutes. After ten tries, or when no try can succeed, the message is parked in sight of
    `procure doctor`. Ends the transaction."""
    later = now + timedelta(minutes=2 ** (message.tries - 1)) if again and message.tries < MOST_TRIES else None
    _settle(message, next_try_at=later, problem=" ".join(problem.split())[:500])


def _settle(message: OutboxMessage, **values: datetime | str | None) -> None:
    """Only the try that still holds the message settles it: one whose lease ran out does not undo what a later one did."""
    held = (OutboxMessage.id == message.id, OutboxMessage.tries == message.tries, OutboxMessage.sent_at.is_(None))
    with writing():
        db.session.execute(update(OutboxMessage).where(*held).values(**values))
        db.session.commit()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has not left: how many messages, since when the oldest, and how many of them are parked after ten tries."""

    messages: int
    oldest: datetime | None
    parked: int


def waiting() -> Waiting:
    unsent = OutboxMessage.sent_at.is_(None)
    messages, oldest, due = db.session.execute(
        select(func.count(), func.min(OutboxMessage.created_at), func.count(OutboxMessage.next_try_at)).where(unsent)
    ).one()
    return Waiting(messages, oldest, messages - due)


def newest(limit: int = 50) -> list[OutboxMessage]:
    """The messages put here last, sent or not, the newest first."""
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)))


def message(number: int) -> OutboxMessage | None:
    return db.session.get(OutboxMessage, number)
