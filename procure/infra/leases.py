"""Rows that stand for work done apart from the request: claimed for a while, so that another process takes over from one that died."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain.leases import ASKED, FAILED, MAKING
from procure.infra.db import Moment, db


class Leased:
    """The columns of such a table."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    """One of domain.leases.STATES."""
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When a process may take it on; None when there is nothing more to do."""
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(60), default="")
    """Why the last try failed; "" otherwise."""


Row = TypeVar("Row", bound=Leased)


def take(table: type[Row], number: int, now: datetime, lease: timedelta, most_tries: int) -> Row | None:
    """The row, for this process alone while the lease lasts; None when another was quicker. Its state is FAILED when it has been left
    behind so often that the processes must have died of it. The transaction writes, and the caller ends it."""
    statement = select(table).where(table.id == number, table.due_at <= now).with_for_update(skip_locked=True)
    row = db.session.scalar(statement.execution_options(populate_existing=True))
    if row is not None:
        row.tries += 1
        gone = row.tries > most_tries
        row.state, row.due_at = (FAILED, None) if gone else (MAKING, now + lease)
    return row


def again(row: Leased, trouble: str, now: datetime, after: timedelta, most_tries: int) -> None:
    """It is due once more after a while, unless it has been tried often enough: then its state is FAILED."""
    over = row.tries >= most_tries
    row.trouble, row.state = trouble, FAILED if over else ASKED
    row.due_at = None if over else now + after
