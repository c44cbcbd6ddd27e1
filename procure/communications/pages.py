"""What the pages of communications show, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.communications.models import CommunicationItem, CommunicationVersion
from procure.communications.service import Standing
from procure.domain import communications as rules
from procure.domain import publicity
from procure.domain.communications import APPROVED, DRAFT, EDITABLE, FOR_APPROVAL, PUBLISHED, WITHDRAWN
from procure.domain.language import LANGUAGES, LOCALES
from procure.domain.procedures import Statement
from procure.domain.publicity import EXPECTED, NEVER, OPEN, UNKNOWN, Opening
from procure.domain.support import RUNNING, shown_number
from procure.support.models import SupportRequest
from procure.support.pages import STATES as REQUEST_STATES
from procure.web.filters import day
from procure.web.language import NAMES

STATE_NAMES: Final[dict[str, tuple[Any, str]]] = {
    DRAFT: (_l("Draft"), "grey"),
    FOR_APPROVAL: (_l("Waits for approval"), "yellow"),
    APPROVED: (_l("Approved"), "green"),
    PUBLISHED: (_l("Published"), ""),
    WITHDRAWN: (_l("Withdrawn"), "grey"),
}
"""Words and colour of each state: the colour only repeats the words."""
CHANNEL_NAMES: Final[dict[str, Any]] = {
    "website": _l("The city’s website"),
    "release": _l("Press release"),
    "social": _l("Social media"),
    "event": _l("Event"),
    "newsletter": _l("Newsletter"),
    "hilma": _l("Hilma"),
    "staff": _l("The city’s own staff"),
    "other": _l("Other channel"),
}
ACT_NAMES: Final[dict[str, Any]] = {
    "write": _l("Written"),
    "submit": _l("Sent for approval"),
    "approve": _l("Approved"),
    "send_back": _l("Sent back for changes"),
    "publish": _l("Published"),
    "withdraw": _l("Withdrawn"),
}
ACT_TITLES: Final[dict[str, Any]] = {
    "submit": _l("Send for approval"),
    "approve": _l("Approve"),
    "send_back": _l("Send back for changes"),
    "publish": _l("Mark as published"),
    "withdraw": _l("Withdraw"),
}
ACT_INTROS: Final[dict[str, Any]] = {
    "submit": _l("The person responsible for the case gets an e-mail. The city approves before anything is published."),
    "approve": _l(
        "You approve the words as they stand in this version. When somebody writes them anew, they need a new approval."
    ),
    "send_back": _l("It is a draft again. Who wrote it gets an e-mail, and your words show beside the text."),
    "publish": _l("Say when it was published. From then on its words stay as they are."),
    "withdraw": _l("It stays in the plan, marked as withdrawn, with your reason."),
}
NEEDS_CHECK: Final = "recalled"


Told = tuple[str, str, str]
"""A rule in words, its section, and how sure it is (domain.procedures.CONFIDENCES)."""


@dataclass(frozen=True, slots=True)
class PhaseView:
    """What may be told in a phase. `on`: when it begins; None for the present one and where it is not known."""

    name: str
    speaker: str
    may: tuple[Told, ...]
    may_not: tuple[Told, ...]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Something to tell, and from when it is public."""

    id: str
    name: str
    hint: str
    state: str
    words: str
    colour: str
    on: date | None
    citation: str
    check: bool


@dataclass(frozen=True, slots=True)
class Publicity:
    now: PhaseView
    following: PhaseView | None
    openings: tuple[OpeningLine, ...]
    edition: str


def publicity_of(standing: Standing, stage: str, language: str) -> Publicity:
    """What may be told of the case now, and next."""
    found, at = standing.rules, standing.situation
    after = publicity.next_phase(at, standing.procedure, stage, found)
    following = _phase(found.phase(after), language, at.ahead.get(after)) if after else None
    openings = tuple(_opening(content, publicity.opening(content, at), language) for content in found.contents)
    return Publicity(_phase(found.phase(at.phase), language), following, openings, found.edition)


def _phase(phase: publicity.Phase, language: str, on: date | None = None) -> PhaseView:
    return PhaseView(
        phase.name[language], phase.speaker[language], _told(phase.may, language), _told(phase.may_not, language), on
    )  # fmt: skip


def _told(statements: Sequence[Statement], language: str) -> tuple[Told, ...]:
    return tuple((one.text[language], one.citation, one.confidence) for one in statements)


def _opening(content: publicity.Content, found: Opening, language: str) -> OpeningLine:
    words, colour = {
        OPEN: (_("Yes"), "green"),
        EXPECTED: (_("Not yet"), "yellow"),
        UNKNOWN: (_("Not yet"), "yellow"),
        NEVER: (_("No"), "grey"),
    }[found.state]
    return OpeningLine(
        content.id, content.name[language], content.hint[language], found.state, words, colour, found.on, found.citation,
        content.confidence == NEEDS_CHECK,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of the plan. `not_public`: what it tells is not public now, though its day has come or it is approved."""

    number: int
    title: str
    content: str
    audience: str
    channel: str
    planned_on: date
    published_on: date | None
    state: str
    words: str
    colour: str
    late: bool
    not_public: bool
    languages: tuple[str, ...]
    """Those in which it has its message."""


def line(item: CommunicationItem, standing: Standing, language: str, today: date) -> ItemLine:
    words, colour = STATE_NAMES[item.state]
    content = standing.rules.content(item.content)
    opening = publicity.opening(content, standing.situation)
    live = item.state in EDITABLE
    return ItemLine(
        number=item.number, title=item.title, content=content.name[language], audience=item.audience,
        channel=str(CHANNEL_NAMES[item.channel]), planned_on=item.planned_on, published_on=item.published_on, state=item.state,
        words=str(words), colour=colour, late=live and item.planned_on < today,
        not_public=live and opening.state != OPEN and (item.planned_on <= today or _too_early(item, opening)),
        languages=tuple(code for code in LANGUAGES if item.messages.get(code, "").strip()),
    )  # fmt: skip


def _too_early(item: CommunicationItem, opening: Opening) -> bool:
    return opening.state == NEVER or (opening.on is not None and item.planned_on < opening.on)


def lines(items: Sequence[CommunicationItem], standing: Standing, language: str, today: date) -> list[ItemLine]:
    return [line(item, standing, language, today) for item in items]


@dataclass(frozen=True, slots=True)
class MessageView:
    """`amount`: it names money, which what it is about may not."""

    language: str
    name: str
    paragraphs: tuple[str, ...]
    amount: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: int
    what: str
    by: str
    at: datetime
    note: str
    messages: tuple[MessageView, ...]
    """Of an earlier version; empty for the present one and for acts."""


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`acts`: what the reader may do, with its words."""

    line: ItemLine
    messages: tuple[MessageView, ...]
    lacking: tuple[str, ...]
    """Languages without a message, by name."""
    citation: str
    opens_on: date | None
    open_now: bool
    author: str
    version: int
    approved_by: str
    approved_on: date | None
    acts: tuple[tuple[str, str], ...]
    may_edit: bool
    history: tuple[VersionLine, ...]


def item_page(
    item: CommunicationItem, versions: Sequence[CommunicationVersion], standing: Standing, party: str, language: str, today: date
) -> ItemPage:
    """`party`: one of domain.communications.PARTIES, "" for whoever only reads."""
    content = standing.rules.content(item.content)
    opening = publicity.opening(content, standing.situation)
    shown = line(item, standing, language, today)
    acts = tuple((act, str(ACT_TITLES[act])) for act in (rules.allowed(party, item.state) if party else ()))
    return ItemPage(
        line=shown, messages=_messages(item.messages, content.amounts),
        lacking=tuple(NAMES[code] for code in LANGUAGES if code not in shown.languages), citation=opening.citation,
        opens_on=opening.on if opening.state != OPEN else None, open_now=opening.state == OPEN, author=item.author,
        version=item.version, approved_by=item.approved_by, approved_on=item.approved_on, acts=acts,
        may_edit=bool(party) and item.state in EDITABLE,
        history=tuple(_version(one, item, content.amounts) for one in versions),
    )  # fmt: skip


def _version(one: CommunicationVersion, item: CommunicationItem, amounts: bool) -> VersionLine:
    earlier = one.act == "write" and one.version != item.version
    messages = _messages(one.messages, amounts) if earlier else ()
    return VersionLine(one.version, str(ACT_NAMES[one.act]), one.by, one.at, one.note, messages)


def _messages(messages: dict[str, str], amounts: bool) -> tuple[MessageView, ...]:
    return tuple(
        MessageView(code, NAMES[code], paragraphs(text), not amounts and publicity.names_amount(text))
        for code in LANGUAGES if (text := messages.get(code, "")).strip()
    )  # fmt: skip


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    lines: tuple[ItemLine, ...]


def months(found: Sequence[ItemLine], language: str) -> list[Month]:
    """The plan by months, in the order of the days; what is withdrawn is left out."""
    live = [one for one in found if one.state != WITHDRAWN]
    grouped = groupby(live, key=lambda one: one.planned_on.replace(day=1))
    return [Month(format_date(first, "LLLL y", locale=LOCALES[language]).capitalize(), tuple(group)) for first, group in grouped]


@dataclass(frozen=True, slots=True)
class RequestLine:
    number: int
    shown: str
    words: str
    expert: str
    open: bool


def request_lines(requests: Sequence[SupportRequest]) -> list[RequestLine]:
    return [
        RequestLine(
            one.id, shown_number(one.id), str(REQUEST_STATES[one.state]), one.expert.name if one.expert else "", one.state in RUNNING
        )
        for one in requests
    ]  # fmt: skip


def calendar_words() -> dict[str, Any]:
    """What channels and states are called in a calendar."""
    return CHANNEL_NAMES | {state: words for state, (words, _colour) in STATE_NAMES.items()}


def channel_choices() -> list[tuple[str, Any]]:
    return list(CHANNEL_NAMES.items())


def content_choices(standing: Standing, language: str) -> list[tuple[str, str, str]]:
    """What can be told in the case (id, name, when); what is never told in it is left out."""
    at = standing.situation
    found = (_opening(one, publicity.opening(one, at), language) for one in standing.rules.contents)
    return [(one.id, one.name, _when(one)) for one in found if one.state != NEVER]


def _when(one: OpeningLine) -> str:
    if one.state == OPEN:
        return f"{one.hint}. {_('May be told now.')}"
    when = _("Expected to be public from %(day)s", day=day(one.on)) if one.on else _("Not public yet")
    return f"{one.hint}. {when} ({one.citation})."


def wanted_text(audience: str, channels: Sequence[str], question: str, language: str) -> str:
    """What the city asks for as one text, in the language of the request."""
    with force_locale(LOCALES[language]):
        named = ", ".join(str(CHANNEL_NAMES[channel]) for channel in channels if channel in CHANNEL_NAMES)
        head = [_("To reach: %(audience)s", audience=audience.strip())]
        head += [_("Channels: %(channels)s", channels=named)] if named else []
    return "\n".join([*head, "", question.strip()])
