"""The table of tries: how often files have been checked from where, so that nobody keeps the service busy with it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class VerificationTry(Base):
    """A file that was sent to be checked. Nothing of the file is kept; the row goes after a quarter of an hour."""

    __tablename__ = "verification_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the network address: the table needs to count them, not to know them."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)
