"""Tables of checklists: what somebody has ticked or waived in a case, and the points that a city has added."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain.gates import LONGEST_POINT
from procure.infra.db import Base, Moment


class GateMark(Base):
    """A tick or a waiver, as the case's log gives it: one that is taken back has no row any more."""

    __tablename__ = "gate_marks"
    __table_args__ = (UniqueConstraint("case_id", "visit", "point", "kind", name="uq_gate_marks_case_id_visit_point_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    visit: Mapped[int]
    """The number of the stay in the stage, from 1 (`domain.gates.visit_number`)."""
    stage: Mapped[str] = mapped_column(String(40))
    point: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    """`tick` or `waiver`."""
    given_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    given_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    """What was written with a tick; why a point is waived."""
    sequence: Mapped[int]
    """The event that gave it, and so its version: whoever takes it back says which one was on the screen."""
    over: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """The stage has been left since: it counts no longer."""


class CityGatePoint(Base):
    """A point that a city has added to a stage. Never edited: a change ends one row and begins another."""

    __tablename__ = "city_gate_points"
    __table_args__ = (Index("ix_city_gate_points_stage", "organisation_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    stage: Mapped[str] = mapped_column(String(40))
    procedure: Mapped[str] = mapped_column(String(40))
    """"" for every procedure that has the stage."""
    text_fi: Mapped[str] = mapped_column(String(LONGEST_POINT))
    text_sv: Mapped[str] = mapped_column(String(LONGEST_POINT))
    text_en: Mapped[str] = mapped_column(String(LONGEST_POINT))
    """At least one of the three is given; the others may be ""."""
    required: Mapped[bool]
    """False: advice, which holds no stage."""
    way: Mapped[str] = mapped_column(String(10))
    """One of domain.gates.WAYS."""
    what: Mapped[str] = mapped_column(String(60))
    """The question, the kind of document or the rule of the deadline; "" for a person or an approval."""
    valid_from: Mapped[date]
    until: Mapped[date | None]
    """The first day on which it no longer holds."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    @property
    def texts(self) -> dict[str, str]:
        return {"fi": self.text_fi, "sv": self.text_sv, "en": self.text_en}
