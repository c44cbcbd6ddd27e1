"""Messages are written in the transaction of the act they tell about, and sent afterwards by the worker.

So no letter leaves about something that was rolled back, and none is lost when the mail server is away.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment, db

MOST_TRIES: Final = 10


class OutboxMessage(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What the message is about: the same act never puts two of them here."""
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
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


def put(key: str, recipient: str, subject: str, body: str, language: str, now: datetime) -> None:
    """Put a message into the running transaction. A key that is there already adds nothing."""
    if db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return
    one_line = " ".join(subject.split())[:300]
    db.session.add(
        OutboxMessage(
            key=key, recipient=recipient, subject=one_line, body=body, language=language, created_at=now, next_try_at=now
        )
    )


def due(now: datetime, limit: int = 50) -> list[OutboxMessage]:
    """Messages whose time has come, oldest first, locked against other workers where the database can."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.next_try_at <= now)
            .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    message.sent_at, message.next_try_at, message.problem = now, None, ""
    message.tries += 1


def mark_failed(message: OutboxMessage, problem: str, now: datetime) -> None:
    """Try again after 1, 2, 4 … minutes; after ten tries the message is parked, in sight of `procure doctor`."""
    message.tries += 1
    message.problem = problem[:500]
    message.next_try_at = None if message.tries >= MOST_TRIES else now + timedelta(minutes=2 ** (message.tries - 1))
