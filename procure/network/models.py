"""Tables of the network."""

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.infra.db import Base


class ExpertProfile(Base):
    """What an expert knows and how much work fits. Who has none is an expert of every topic, in the language of the account."""

    __tablename__ = "expert_profiles"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topics: Mapped[list[str]] = mapped_column(JSON)
    """Ids of domain.support.TOPICS."""
    languages: Mapped[list[str]] = mapped_column(JSON)
    not_cities: Mapped[list[str]] = mapped_column(JSON)
    """Codes of municipalities whose requests the expert does not take."""
    most_open: Mapped[int]
    """Requests at a time."""
    shown: Mapped[bool]
    """Whether the network's pages may name the expert: only by the expert's own choice."""
    about: Mapped[str] = mapped_column(Text)
    version_id: Mapped[int] = mapped_column()

    person: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version_id}
