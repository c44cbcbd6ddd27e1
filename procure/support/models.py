"""Tables of expert support. A request moves; its messages, declarations and opinion are only ever added."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Organisation, Person
from procure.cases.models import Case
from procure.domain.attachments import LONGEST_NAME
from procure.infra.db import Base, Moment


class SupportRequest(Base):
    """One question of a city to the experts. Its id is the number by which people speak of it."""

    __tablename__ = "support_requests"
    __table_args__ = (
        UniqueConstraint("case_id", "form_key", name="uq_support_requests_case_id_form_key"),
        Index("ix_support_requests_desk", "state", "answer_by", "id"),
        Index("ix_support_requests_city", "organisation_id", "state", "answer_by", "id"),
        Index("ix_support_requests_expert", "expert_id", "state", "answer_by", "id"),
        Index("ix_support_requests_asker", "asked_by_id", "state"),
        Index("ix_support_requests_second", "second_expert_id", "state"),
        Index("ix_support_requests_asked", "asked_at", "id"),
        Index("ix_support_requests_answered", "answered_at"),
        Index("ix_support_requests_newest", "state", "id"),
        Index("ix_support_requests_city_newest", "organisation_id", "id"),
        Index("ix_support_requests_expert_newest", "expert_id", "state", "id"),
        Index("ix_support_requests_unread", "organisation_id", "state", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """None for an idea that has no case yet."""
    idea_title: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """What such a request is called; "" where the case has the title."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The city that asks: the case's own, where there is one."""
    kind: Mapped[str] = mapped_column(String(20), default="advice", server_default="advice")
    """`advice` or `communications`."""
    product: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """The product of the support catalogue that is asked for, with its edition as it was then; "" for none."""
    product_edition: Mapped[str] = mapped_column(String(20), default="", server_default="")
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """The topic's first questions that were answered in the form: id of the question -> text."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    topic: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(60))
    """The part of the questionnaire from which it was asked; "" for none."""
    stage: Mapped[str] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(String(20))
    shares: Mapped[list[str]] = mapped_column(JSON)
    """What the expert sees now: ids of sections, `case` for all of them, `file:3` for the attachment with that number."""
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answer_by: Mapped[date]
    first_answer_by: Mapped[date | None]
    """The day by which the network is to have said something; None where it was not triaged."""
    first_answer_at: Mapped[datetime | None] = mapped_column(Moment)
    """When an expert or a coordinator first wrote to the city: a question, a message, the opinion, a refusal."""
    priority: Mapped[str] = mapped_column(String(10), default="normal", server_default="normal")
    """`low`, `normal` or `high`, given by the coordinator."""
    second_expert_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("support_requests.id"))
    passed_on_to: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The body outside the network that the coordinator named."""
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the city said that it has read the opinion."""
    form_key: Mapped[str] = mapped_column(String(40))
    """Made with the form: the same form sent twice asks once."""
    version_id: Mapped[int] = mapped_column()

    case: Mapped[Case | None] = relationship()
    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    expert: Mapped[Person | None] = relationship(foreign_keys=[expert_id])
    second_expert: Mapped[Person | None] = relationship(foreign_keys=[second_expert_id])

    __mapper_args__ = {"version_id_col": version_id}


class SupportMessage(Base):
    """Something said or done in a request, in order. Rows are never changed or removed."""

    __tablename__ = "support_messages"
    __table_args__ = (
        Index("ix_support_messages_mail", "request_id", "mail_key", unique=True), Index("ix_support_messages_act", "act", "at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """`message` of the city, `question` of the expert, `reply` to it, `system`: an act, named in `act`."""
    act: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    role: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("support_messages.id"))
    """The question that this answers, or that is no longer needed."""
    mail_key: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the Message-ID of the mail in which it came; None for what was written on the page."""
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Names of files that came with the mail and were not taken."""


class SupportFile(Base):
    """A file sent with a message: never changed, but for what the scanner says of it. `sha256` is of its content, `storage_key` is
    where the storage has it."""

    __tablename__ = "support_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("support_messages.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(100))
    scan: Mapped[str] = mapped_column(String(20))
    """`clean`, `not_scanned` or `infected`."""
    scanned_at: Mapped[datetime | None] = mapped_column(Moment)
    scan_due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When the worker is to ask the scanner; None when it need not."""


class SupportMeeting(Base):
    """A meeting as it stood in one version: rows are only added, the last version counts. `number` counts within the request."""

    __tablename__ = "support_meetings"
    __table_args__ = (UniqueConstraint("request_id", "number", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    number: Mapped[int]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    """`planned`, `cancelled` or `held`."""
    starts_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(500))
    people: Mapped[list[int]] = mapped_column(JSON)
    """Ids of those invited."""
    names: Mapped[list[str]] = mapped_column(JSON)
    """Their names as they were then."""
    organiser_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """Who planned the meeting: the same in each version, as calendars want it."""
    participants: Mapped[str] = mapped_column(Text)
    """Who came, in the words of who reports; "" before."""
    summary: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)


class SupportRead(Base):
    """Somebody had the thread before them when `message_id` was its last row. Rows are never changed or removed."""

    __tablename__ = "support_reads"

    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("support_messages.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class MailRefusal(Base):
    """A mail to a thread that was not taken: why, and from which domain. Nothing of what it said, nor who sent it."""

    __tablename__ = "mail_refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    why: Mapped[str] = mapped_column(String(40))
    sender_domain: Mapped[str] = mapped_column(String(255))


class SupportDeclaration(Base):
    """What an expert declared about own interests before seeing any material. Rows are never changed or removed."""

    __tablename__ = "support_declarations"
    __table_args__ = (Index("ix_support_declarations_person", "person_id", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    conflict: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class SupportOpinion(Base):
    """The expert's opinion as issued: advice, never a decision. Never changed; a correction is a new request."""

    __tablename__ = "support_opinions"

    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    facts_used: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text)
    alternatives_and_risks: Mapped[str] = mapped_column(Text)
    limits: Mapped[str] = mapped_column(Text)
    conflict_statement: Mapped[str] = mapped_column(Text)
    expert: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    language: Mapped[str] = mapped_column(String(2))


class SupportTriage(Base):
    """What the coordinator has made of a request, each time: the last row is how it stands. Rows are never changed or removed."""

    __tablename__ = "support_triages"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(10))
    first_answer_by: Mapped[date]
    answer_by: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)


class SupportProposal(Base):
    """That a request was offered to an expert, and what the expert said. What stands in `answer` is never changed again."""

    __tablename__ = "support_proposals"
    __table_args__ = (Index("ix_support_proposals_person", "person_id", "answer", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    part: Mapped[str] = mapped_column(String(10))
    """`first`: to take it; `second`: to help who has taken it."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text)
    """What the one who asks says to the expert; the city does not see it."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(10))
    """"" while it waits; `accepted`, `declined`, `conflict`, or `over`: the request went another way."""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    """Why the expert declined: for the network only."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    request: Mapped[SupportRequest] = relationship()


class SupportNote(Base):
    """A note among the network's people about a request; no city ever sees it. Rows are never changed or removed."""

    __tablename__ = "support_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    role: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class SupportReview(Base):
    """What the city says of an opinion: what it did with it, and three marks. Rows are only added; the last one counts."""

    __tablename__ = "support_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    version: Mapped[int]
    """Of the opinion."""
    outcome: Mapped[str] = mapped_column(String(20))
    """`followed`, `partly` or `not_followed`."""
    because: Mapped[str] = mapped_column(Text)
    useful: Mapped[int | None]
    """1 to 5, as the next two; None where it was not said."""
    clear: Mapped[int | None]
    in_time: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)
