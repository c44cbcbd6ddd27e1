"""What can be done with an opinion: draft, second reading, issue, correction, and what the city made of it.

The request is locked with its case (`queries.request_to_change`, `opinion_queries.to_read`).
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime

from procure.accounts.models import Person
from procure.catalogue import citations
from procure.domain import opinions, support
from procure.domain.opinions import Content, Review
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.support import logbook, mail, opinion_queries, opinion_versions, queries, rows, service
from procure.support.models import SupportDeclaration, SupportRequest, SupportReview
from procure.support.opinion_models import OpinionDraft, OpinionReading, OpinionVersion

Press = Callable[[SupportRequest, OpinionVersion], tuple[str, int]]
"""Gives the SHA-256 and the size of the PDF of a version that is about to be issued. What it raises ends the issuing: nothing has been
issued then."""


def act_of(request: SupportRequest) -> str:
    """What issuing is now: `answer` the request, or `correct` what was issued."""
    return "correct" if request.state == "answered" else "answer"


def save_draft(request: SupportRequest, content: Content, seen: int, by: Actor, now: datetime) -> OpinionDraft:
    """Keep what the expert has written, whole or not. `seen`: the draft's version that was before the expert's eyes, 0 for none.

    Raises Refusal when the draft was saved from another window meanwhile, or the request is not the expert's to answer now.
    """
    support.move(act_of(request), queries.party(request, by) or "", request.state)
    draft, content = opinion_queries.draft_of(request, by.id), opinions.tidy(content)
    if draft is not None and opinion_queries.content_of(draft) == content:
        return draft
    if (draft.version_id if draft else 0) != seen:
        raise Refusal(Reason("opinion_draft_changed"))
    values = asdict(content)
    values |= values.pop("parts") | {"citations": list(content.citations), "saved_at": now}
    if draft is None:
        draft = OpinionDraft(request_id=request.id, author_id=by.id, **values)
        db.session.add(draft)
    for name, value in values.items():
        setattr(draft, name, value)
    db.session.flush()
    return draft


def needs_reader(request: SupportRequest) -> bool:
    """Whether the topic is one of law."""
    return request.topic in citations.catalogue().law_topics


def check(request: SupportRequest, content: Content) -> None:
    """Whether these words are whole enough to be read by a second person or issued. Raises Refusal with every reason."""
    known = citations.catalogue().ids
    opinions.check_content(content, known, needs_reader(request), act_of(request) == "correct")


def ask_reader(request: SupportRequest, reader: int, by: Actor, today: date, now: datetime) -> None:
    """The expert asks another person of the network to read the draft before it goes out. Raises Refusal."""
    support.move(act_of(request), queries.party(request, by) or "", request.state)
    draft = opinion_queries.draft_of(request, by.id)
    if draft is None:
        raise Refusal(Reason("opinion_draft_missing"))
    content = opinion_queries.content_of(draft)
    check(request, content)
    now_with = opinion_queries.second_reading(request, content)
    if now_with.state in ("asked", "reading") and now_with.reader == reader:
        return
    people = {person.id: person for person in opinion_queries.possible_readers(request)}
    opinions.check_reader(reader, by.id, frozenset(people), opinion_queries.conflicts_in(request))
    row = _read(request, "asked", people[reader], by.id, "", "", now)
    rows.say(request, "system", "ask_reader", "", by, now)
    logbook.record(request, "support_second_reading", today, by, now, act="asked")
    mail.reader_asked(request, row.id, people[reader], now)


def declare(wanted: opinion_queries.ToRead, conflict: bool, text: str, by: Actor, today: date, now: datetime) -> None:
    """The second reader declares interests before the draft opens; a conflict shuts the request for good. Raises Refusal."""
    if wanted.reading.state == "reading" and not conflict:
        return
    _expect(wanted, ("asked",))
    if conflict:
        support.check_text(text, "text")
    request = wanted.request
    db.session.add(SupportDeclaration(request_id=request.id, person_id=by.id, conflict=conflict, text=text, at=now))
    act = "declined" if conflict else "declared"
    row = _read(request, act, db.session.get_one(Person, by.id), wanted.draft.author_id, "", "", now)
    if conflict:
        _tell(request, row, "reader_declines", by, today, now)


def agree(wanted: opinion_queries.ToRead, seen: str, by: Actor, today: date, now: datetime) -> None:
    """The second reader agrees to the words read. `seen`: their fingerprint. Raises Refusal when they have changed meanwhile."""
    content = opinion_queries.content_of(wanted.draft)
    if wanted.reading.state == "agreed":
        return
    _expect(wanted, ("reading", "stale", "returned"))
    if content.fingerprint != seen:
        raise Refusal(Reason("opinion_read_changed"))
    check(wanted.request, content)
    row = _read(wanted.request, "agreed", db.session.get_one(Person, by.id), wanted.draft.author_id, seen, "", now)
    _tell(wanted.request, row, "reader_agrees", by, today, now)


def give_back(wanted: opinion_queries.ToRead, remarks: str, by: Actor, today: date, now: datetime) -> None:
    """The second reader returns the draft with remarks, which only the expert sees. Raises Refusal."""
    if wanted.reading.state == "returned" and wanted.reading.remarks == remarks:
        return
    support.check_text(remarks, "remarks")
    _expect(wanted, ("reading", "stale", "returned", "agreed"))
    fingerprint = opinion_queries.content_of(wanted.draft).fingerprint
    reader = db.session.get_one(Person, by.id)
    row = _read(wanted.request, "returned", reader, wanted.draft.author_id, fingerprint, remarks, now)
    _tell(wanted.request, row, "reader_returns", by, today, now)


def _expect(wanted: opinion_queries.ToRead, states: tuple[str, ...]) -> None:
    if wanted.reading.state not in states:
        raise Refusal(Reason("support_moved_on"))


def _read(
    request: SupportRequest, act: str, reader: Person, asked_by: int, fingerprint: str, text: str, now: datetime
) -> OpinionReading:  # fmt: skip
    row = OpinionReading(
        request_id=request.id, act=act, asked_by_id=asked_by, reader_id=reader.id, reader=reader.name, fingerprint=fingerprint,
        text=text, at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _tell(request: SupportRequest, row: OpinionReading, act: str, by: Actor, today: date, now: datetime) -> None:
    rows.say(request, "system", act, "", by, now)
    logbook.record(request, "support_second_reading", today, by, now, act=row.act)
    mail.reader_said(request, row.id, row.act, row.reader, now)


def issue(
    request: SupportRequest, content: Content, seen: int, by: Actor, today: date, now: datetime, press: Press
) -> OpinionVersion:  # fmt: skip
    """The expert issues the opinion under its number, or the next version of it. Raises Refusal naming all that is missing: a part,
    the confidence, and on a topic of law the second reader's agreement to these very words."""
    support.move(act_of(request), queries.party(request, by) or "", request.state)
    content = opinions.tidy(content)
    issued = opinion_queries.versions_of(request)
    if issued and opinion_queries.content_of(issued[-1]) == content:
        return issued[-1]  # a form sent twice issues once
    check(request, content)
    save_draft(request, content, seen, by, now)
    reading = opinion_queries.second_reading(request, content)
    if needs_reader(request):
        opinions.check_reading(reading)
    read_by = reading.reader_name if reading.state == "agreed" else ""
    version = opinion_versions.numbered(request, content, by, now, read_by)
    version.sha256, version.size = press(request, version)
    if act_of(request) == "answer":
        service.answer(request, content.parts, by, today, now, version=version)
    else:
        _correct(request, version, by, today, now)
    db.session.delete(opinion_queries.draft_of(request, by.id))
    db.session.flush()
    return version


def _correct(request: SupportRequest, version: OpinionVersion, by: Actor, today: date, now: datetime) -> None:
    request.read_at = None  # the city has not read these words yet
    db.session.add(version)
    message = rows.say(request, "system", "correct", "", by, now)
    logbook.record(request, "support_corrected", today, by, now, version=version.version, **opinion_versions.told(version))
    mail.corrected(request, message, now)


def review(request: SupportRequest, said: Review, version: int, by: Actor, today: date, now: datetime) -> SupportReview:
    """The city accepts the opinion and says what it made of it; said again, the last counts. `version`: the one that was read.

    Raises Refusal: no outcome, no reason for not following, a mark outside 1 to 5, or a newer version was issued meanwhile.
    """
    support.move("review", queries.party(request, by) or "", request.state)
    opinions.check_review(said)
    versions = opinion_queries.versions_of(request)
    if not versions or versions[-1].version != version:
        raise Refusal(Reason("review_version_changed"))
    row = SupportReview(
        request_id=request.id, version=version, outcome=said.outcome, because=said.because.strip(), by_id=by.id, by=by.name, at=now,
        **{mark: said.marks.get(mark) for mark in opinions.MARKS},
    )  # fmt: skip
    before = opinion_queries.reviews_of(request)
    if before and _same(before[-1], row):
        return before[-1]
    service.mark_read(request, by, today, now)
    db.session.add(row)
    db.session.flush()
    rows.say(request, "system", "review", "", by, now)
    logbook.record(request, "support_reviewed", today, by, now, outcome=said.outcome, version=version)
    mail.reviewed(request, row.id, now)
    return row


def _same(one: SupportReview, other: SupportReview) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("version", "outcome", "because", "by_id", *opinions.MARKS))
