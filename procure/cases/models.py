"""Tables of cases. What a case is now stands in `cases`, what was done to it in `case_events`, which only grows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from procure.accounts.models import Organisation, Person
from procure.domain.language import Trilingual
from procure.infra.db import Base, Moment

NO_DATE = date(9999, 12, 31)
"""Sorts a case without a next date behind all others; keyset pagination needs a value there."""


LONGEST_QUERY = 600
"""Characters of a kept address of the list."""


NOTHING_WAITS: Final[tuple[tuple[str, int], ...]] = ()


class Euros(TypeDecorator[Decimal]):
    """Money without VAT, exact in both databases: kept as whole cents."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class Case(Base):
    """One procurement. The columns from `title_fi` to `sort_date` are derived from answers and events for the lists' sake."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_next", "organisation_id", "sort_date", "id"),
        Index("ix_cases_newest", "organisation_id", "id"),
        Index("ix_cases_stage", "organisation_id", "stage", "sort_date", "id"),
        Index("ix_cases_procedure", "organisation_id", "procedure", "sort_date", "id"),
        Index("ix_cases_stage_newest", "organisation_id", "stage", "id"),
        Index("ix_cases_procedure_newest", "organisation_id", "procedure", "id"),
        Index("ix_cases_responsible", "responsible_id", "sort_date", "id"),
        Index(
            "ix_cases_open_newest", "organisation_id", "id",
            sqlite_where=text("stage <> ''"), postgresql_where=text("stage <> ''"),
        ),
        Index(
            "ix_cases_quiet", "organisation_id", "last_event_on", "id",
            sqlite_where=text("stage <> ''"), postgresql_where=text("stage <> ''"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    language: Mapped[str] = mapped_column(String(2))
    """The language in which the case is written, unless a text exists in others too."""
    questionnaire_edition: Mapped[str] = mapped_column(String(20))
    procedure: Mapped[str] = mapped_column(String(40))
    procedure_edition: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Remarks and sources of an imported case file: kept and given back, shown nowhere as fact."""
    opening_key: Mapped[str | None] = mapped_column(String(43), unique=True)
    """One-time key of the form that opened the case: a form sent twice opens one case."""
    opened_on: Mapped[date]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    title_fi: Mapped[str] = mapped_column(String(300))
    title_sv: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    contract_kind: Mapped[str] = mapped_column(String(40))
    value_amount: Mapped[Decimal | None] = mapped_column(Euros)
    stage: Mapped[str] = mapped_column(String(40))
    """The present stage; "" once the case is over: it has passed its last stage, or was cancelled."""
    stage_entered_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """One of domain.stages.STATES. A cancelled case has no stage, so that the lists of open and of finished cases read the indexes of
    the stage; this column only says in words what else there is."""
    next_date: Mapped[date | None]
    next_date_kind: Mapped[str] = mapped_column(String(40), default="")
    sort_date: Mapped[date]
    last_sequence: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    last_event_on: Mapped[date | None]
    """The Finnish day on which the last entry of its log was recorded: since then it stands still."""

    organisation: Mapped[Organisation] = relationship()
    responsible: Mapped[Person] = relationship(foreign_keys=[responsible_id])
    partners: Mapped[list["CasePartner"]] = relationship(back_populates="case", order_by="CasePartner.organisation_id")

    only_read = False
    """Not kept: set by `queries.case_for` when the person for whom the case was read is a guest on it."""

    waiting = NOTHING_WAITS
    """Not kept: set by `queries.case_for` and `queries.case_to_change`: how many things wait for the person, by page of the case."""

    @property
    def titles(self) -> Trilingual:
        return Trilingual(self.title_fi, self.title_sv, self.title_en)


class CasePartner(Base):
    """A city that takes part in a joint procurement: its people read the case."""

    __tablename__ = "case_partners"
    __table_args__ = (
        Index("ix_case_partners_newest", "organisation_id", "case_id"),
        Index("ix_case_partners_next", "organisation_id", "sort_date", "case_id"),
        Index("ix_case_partners_stage", "organisation_id", "stage", "sort_date", "case_id"),
        Index("ix_case_partners_procedure", "organisation_id", "procedure", "sort_date", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    sort_date: Mapped[date]
    procedure: Mapped[str] = mapped_column(String(40), default="", server_default="")
    stage: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """These three are the case's (`service.refresh`): a partner's list is read in the order of an index and filtered by it, without a
    look at any case that it doesn't show."""

    case: Mapped[Case] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class CaseMember(Base):
    """Somebody's part in the team of a case, for a time. It stands with the cases, as a guest's part decides who may change them.

    Who is responsible now says `Case.responsible_id`; a row of that part says since when, once the case has been handed over.
    """

    __tablename__ = "case_members"
    __table_args__ = (
        Index(
            "uq_case_members_open", "case_id", "person_id", unique=True,
            sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL"),
        ),
        Index("ix_case_members_person", "person_id", "part"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    part: Mapped[str] = mapped_column(String(20))
    """One of domain.team.PARTS."""
    since: Mapped[date]
    until: Mapped[date | None]
    """The day from which the part is over; None while it lasts."""

    person: Mapped[Person] = relationship()


class CaseText(Base):
    """What a case is found by (`cases.texts`, `infra.fulltext`): derived from answers and partners, made anew by `procure reindex`."""

    __tablename__ = "case_texts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    readers: Mapped[str] = mapped_column(Text)
    """The cities whose people see the case, as "@12 @15": their numbers in `organisations`."""
    title: Mapped[str] = mapped_column(Text)
    """Its different titles, one a line."""
    plain: Mapped[str] = mapped_column(Text)
    """What has no language: the reference, codes, names."""
    fi: Mapped[str] = mapped_column(Text)
    sv: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    inside: Mapped[str] = mapped_column(Text)
    """What the compounds of its titles and codes may end with (`domain.words.tails`)."""


class SavedView(Base):
    """What a person keeps of the case list: filters under a name (`view`), or the columns that it shows (`columns`, without a name)."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY))
    """Of a view the filters as the list's address has them; of columns their ids, apart by commas."""


class Answer(Base):
    """The present answer to one question. Earlier ones stand in the events. `known` False: "not known yet"."""

    __tablename__ = "answers"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    known: Mapped[bool]
    version: Mapped[int]
    """Grows by one with every change: whoever saves says which version was on the screen."""
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[str] = mapped_column(String(200))


class CaseEvent(Base):
    """One thing that was done, when it happened and when it was recorded. Rows are never changed or removed (triggers)."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "sequence", name="uq_case_events_case_id_sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_by: Mapped[str] = mapped_column(String(200))
    """Name and organisation as they were then."""
    role: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the hash before it and this row: a changed row breaks the chain from there on."""


class CaseDeadline(Base):
    """A period of the law that an event of the case has started, as it was counted then. Rows are never removed: a return or a second
    notification sets them aside."""

    __tablename__ = "case_deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "sequence", "rule", name="uq_case_deadlines_case_id_sequence_rule"),
        Index(
            "ix_case_deadlines_open", "rolled_last_day", "id",
            sqlite_where=text("met_on IS NULL AND set_aside_by IS NULL"),
            postgresql_where=text("met_on IS NULL AND set_aside_by IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]
    """The event that started it."""
    stage: Mapped[str] = mapped_column(String(40))
    """The stage whose completion that was."""
    rule: Mapped[str] = mapped_column(String(60))
    edition: Mapped[date]
    """The first day of the rule's row: which length and section it was counted by."""
    citation: Mapped[str] = mapped_column(String(200))
    event_on: Mapped[date]
    sent_by: Mapped[str] = mapped_column(String(10))
    """`email` or `letter`; "" where receipt does not count."""
    counted_from: Mapped[date]
    last_day: Mapped[date]
    rolled_last_day: Mapped[date]
    safe_from: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text)
    set_aside_by: Mapped[int | None]
    """The sequence of the event after which it no longer counts; None while it does."""
    met_on: Mapped[date | None]
    """The day on which the thing to be done was done."""


class ReferenceCounter(Base):
    """The last running number of a city and year; the row is locked while a number is taken."""

    __tablename__ = "reference_counters"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
