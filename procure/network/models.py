"""Tables of the network."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.domain.network import Fact, Meeting, Words
from procure.infra.db import Base, Moment


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


class ExpertProfileChange(Base):
    """A profile as somebody left it. Rows are only added."""

    __tablename__ = "expert_profile_changes"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Every part of the profile (domain.network.OWN_PART) as it was from then on."""
    changed: Mapped[list[str]] = mapped_column(JSON)
    """The parts that became different."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)


class NetworkFact(Base):
    """What the coordinator says of a subject of the network, over what the data file says. Rows are only added; the last one holds."""

    __tablename__ = "network_facts"
    __table_args__ = (UniqueConstraint("subject", "field", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    field: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    """From 1: what the data file says is version 0."""
    fi: Mapped[str] = mapped_column(Text)
    sv: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(20))
    sources: Mapped[list[str]] = mapped_column(JSON)
    restores: Mapped[int | None]
    """The version whose words were put back; None for new words."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)

    @property
    def fact(self) -> Fact:
        words = Words(self.fi, self.sv, self.en)
        return Fact(self.subject, self.field, words, self.mark, tuple(self.sources), self.version, self.by, self.at)


class NetworkMeeting(Base):
    """A meeting of the network as it stands; how it came to stand so is in its changes."""

    __tablename__ = "network_meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    title_fi: Mapped[str] = mapped_column(String(200))
    title_sv: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date] = mapped_column(index=True)
    starts: Mapped[str] = mapped_column(String(5))
    """Finnish time as 09:30; "" for a whole day."""
    ends: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(400))
    about: Mapped[str] = mapped_column(Text)
    cancelled: Mapped[bool]
    why: Mapped[str] = mapped_column(Text)
    """Why it was cancelled."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str] = mapped_column(String(40), unique=True)
    """Made with the form: the same form sent twice adds one meeting."""
    version_id: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version_id}

    @property
    def meeting(self) -> Meeting:
        title = Words(self.title_fi, self.title_sv, self.title_en)
        return Meeting(title, self.held_on, self.starts, self.ends, self.place, self.link, self.about)


class NetworkMeetingChange(Base):
    """What was done to a meeting. Rows are only added."""

    __tablename__ = "network_meeting_changes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("network_meetings.id"))
    version: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    """`added`, `changed`, `cancelled` or `restored`."""
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The meeting as it was from then on: title {fi, sv, en}, on, starts, ends, place, link, about, why."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
