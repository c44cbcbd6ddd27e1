"""The communications plan as a document: what may be told and from when, what is planned, and the messages."""

from collections.abc import Mapping
from datetime import date

from flask_babel import force_locale

from procure.communications import pages as communications
from procure.communications import service
from procure.communications.models import CommunicationItem
from procure.communications.service import Standing
from procure.documents import timetable
from procure.documents.parts import Block, Fact, Paragraph, Points, Prose, Section, Table
from procure.documents.writer import Writer, short
from procure.domain import publicity
from procure.domain.communications import WITHDRAWN
from procure.domain.language import LOCALES
from procure.domain.planning.plan import PLANNED
from procure.domain.publicity import EXPECTED, NEVER, OPEN


def sections(writer: Writer) -> tuple[Section, ...]:
    word, standing = writer.word, standing_of(writer)
    items = tuple(item for item in writer.material.communications if item.state != WITHDRAWN)
    found = [
        Section(word("telling_now"), _now(writer, standing)),
        Section(word("telling_from"), (_openings(writer, standing),)),
        Section(word("telling_plan"), (_plan(writer, items, standing) if items else Paragraph(word("telling_none")),)),
    ]
    messages = tuple(_message(writer, item) for item in items if any(item.messages.values()))
    return (*found, Section(word("telling_messages"), messages)) if messages else tuple(found)


def standing_of(writer: Writer) -> Standing:
    """Where the case is on the day of the document, from its material: no question to the database."""
    material = writer.material
    counted = timetable.counted(writer)
    days: Mapping[str, date] = {}
    if counted is not None:
        days = {line.stage.id: line.first for line in counted.plan.lines if line.state == PLANNED}
    return service.standing_from(material.case, material.progress, material.answers, material.contract_wait, days)


def _now(writer: Writer, standing: Standing) -> tuple[Block, ...]:
    phase = standing.rules.phase(standing.situation.phase)
    return (
        Paragraph(f"{phase.name[writer.language]}. {phase.speaker[writer.language]}"),
        Points(writer.word("telling_may"), writer.points(phase.may)),
        Points(writer.word("telling_may_not"), writer.points(phase.may_not)),
    )


def _openings(writer: Writer, standing: Standing) -> Table:
    word = writer.word
    head = (word("telling_what"), word("telling_since"), word("telling_basis"))
    return Table("", head, tuple(_opening(writer, content, standing) for content in standing.rules.contents))


def _opening(writer: Writer, content: publicity.Content, standing: Standing) -> tuple[str, ...]:
    word, found = writer.word, publicity.opening(content, standing.situation)
    if found.state == OPEN:
        when = word("telling_open")
    elif found.state == NEVER:
        when = word("telling_never")
    elif found.state == EXPECTED and found.on is not None:
        when = word("telling_expected", date=writer.short_day(found.on))
    else:
        when = word("telling_later")
    checked = f" ({word('recalled')})" if content.confidence == "recalled" else ""
    return content.name[writer.language], when, short(found.citation) + checked


def _plan(writer: Writer, items: tuple[CommunicationItem, ...], standing: Standing) -> Table:
    word = writer.word
    with force_locale(LOCALES[writer.language]):
        rows = tuple(
            (
                item.title, writer.short_day(item.published_on or item.planned_on),
                standing.rules.content(item.content).name[writer.language], item.audience,
                str(communications.CHANNEL_NAMES[item.channel]), str(communications.STATE_NAMES[item.state][0]),
            )
            for item in items
        )  # fmt: skip
    head = ("telling_what", "telling_day", "telling_about", "telling_audience", "telling_channel", "label_status")
    return Table("", tuple(word(name) for name in head), rows)


def _message(writer: Writer, item: CommunicationItem) -> Prose:
    day = writer.short_day(item.published_on or item.planned_on)
    return Prose(Fact(f"{item.title}, {day}", writer.typed(item.messages)))
