"""What the pages of results show, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from flask_babel import gettext as _

from procure.catalogue import figures
from procure.catalogue import results as catalogue
from procure.catalogue.results import Word
from procure.domain import reviews
from procure.domain.language import LOCALES, pick
from procure.domain.results import CO2, OTHER, SAVINGS, WHOLE, Aim, Count, Effect
from procure.domain.reviews import Review
from procure.results.models import ReviewWords
from procure.results.service import Standing
from procure.web import filters
from procure.web.language import language

COLOURS: Final = {reviews.ENDED: "grey", reviews.REJECTED: "green", reviews.UPHELD: "red"}
TONNES: Final = "t CO2e"


@dataclass(frozen=True, slots=True)
class Column:
    """What was counted of a lot in a round. `numbers`: as many as there are rows; None for what is not known."""

    heading: str
    lot: int
    round: int
    numbers: tuple[int | None, ...]
    stale: bool


@dataclass(frozen=True, slots=True)
class TendersTable:
    """`rows`: name of what is counted, and its code in eForms. `missing`: heading, lot and round of what can be counted and is not."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    missing: tuple[tuple[str, int, int], ...]
    closed: bool
    """Something may be said of what came in."""


def tenders_table(standing: Standing, lots: Sequence[Mapping[str, Any]], language: str) -> TendersTable:
    """In the running language, which is to be `language`."""
    counts = standing.results.counts
    rounds, several = standing.closed.tenders, standing.closed.tenders > 1 or any(count.round > 1 for count in counts)
    shown = [word for word in catalogue.catalogue().submissions.values() if any(word.id in count.numbers for count in counts)]
    columns = tuple(
        Column(
            heading(count.lot, count.round, lots, several, language), count.lot, count.round,
            tuple(count.numbers.get(word.id) for word in shown), count.stale,
        )
        for count in counts
    )  # fmt: skip
    closed = bool(rounds or standing.closed.requests)
    known = {(count.lot, count.round) for count in counts}
    open_ = [
        (heading(lot, round_, lots, rounds > 1, language), lot, round_)
        for lot in range(len(lots) + 1)
        for round_ in range(1, max(rounds, 1) + 1)
        if (lot, round_) not in known
    ]
    return TendersTable(
        tuple((word.name[language], word.code) for word in shown), columns, tuple(open_) if closed else (), closed
    )


def heading(lot: int, round_: int, lots: Sequence[Mapping[str, Any]], several: bool, language: str) -> str:
    """ "Lot 2: Sensors, round 1"."""
    if lot == WHOLE:
        words = _("The whole procurement")
    elif lot <= len(lots):
        words = _("Lot %(number)s: %(title)s", number=lot, title=_title(lots[lot - 1], language))
    else:
        words = _("Lot %(number)s", number=lot)
    return _("%(what)s, round %(number)s", what=words, number=round_) if several else words


def _title(lot: Mapping[str, Any], language: str) -> str:
    title = lot.get("title", "")
    return pick(title, language) if isinstance(title, dict) else str(title)


def name(word: Word) -> str:
    return word.name[language()]


def cited(word: Word) -> str:
    """The section behind a value, and that it has not been read where that is so."""
    return f"{word.citation} ({_('recalled, not read: check the Act')})" if word.recalled else word.citation


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review. `words`: what is tender material, for those to whom it is open; `sealed`: there is something, and it is not open."""

    number: int
    kind: str
    citation: str
    facts: tuple[tuple[str, str], ...]
    state: str
    colour: str
    holds: bool
    supplier: str
    demands: str
    sealed: bool
    open: bool


def review_lines(standing: Standing, words: Mapping[int, ReviewWords] | None) -> tuple[ReviewLine, ...]:
    """`words` None: the tender material is not open to whoever reads."""
    held = {review.number for review in standing.holding}
    return tuple(_review(review, review.number in held, words) for review in standing.results.reviews)


def _review(review: Review, holds: bool, words: Mapping[int, ReviewWords] | None) -> ReviewLine:
    kind, decision = catalogue.catalogue().reviews[review.said.kind], review.decision
    written = words.get(review.number) if words is not None else None
    state = _("Pending") if decision is None else _outcomes(review)
    colour = "yellow" if decision is None else COLOURS[decision.group]
    return ReviewLine(
        review.number, name(kind), cited(kind), _facts(review), state, colour, holds, written.supplier if written else "",
        written.text if written else "", words is None and review.words > 0, review.open,
    )  # fmt: skip


def _outcomes(review: Review) -> str:
    assert review.decision is not None
    words = catalogue.catalogue().outcomes
    return ", ".join(name(words[outcome]) for outcome in review.decision.outcomes)


def _facts(review: Review) -> tuple[tuple[str, str], ...]:
    said, decision, words = review.said, review.decision, catalogue.catalogue()
    rows = [
        (_("Filed, demanded or begun"), filters.day(said.filed_on)),
        (_("The city was told"), filters.day(said.served_on)),
        (_("Diary number"), said.diary),
        (_("By whom"), name(words.parties[said.party]) if said.party else ""),
        (_("About"), name(words.subjects[said.subject]) if said.subject else ""),
    ]
    if said.kind in reviews.COURTS:
        rows.append((_("The contract"), name(words.stays[said.stay]) if said.stay else ""))
    if decision is not None:
        outcome = "; ".join(
            f"{name(words.outcomes[one])} ({cited(words.outcomes[one])})"
            if words.outcomes[one].citation
            else name(words.outcomes[one])
            for one in decision.outcomes
        )
        rows += [(_("Outcome"), outcome), (_("Day of the outcome"), filters.day(decision.decided_on))]
        if review.days is not None:
            rows.append((_("Days from filing to the outcome"), str(review.days)))
        rows.append((_("What follows"), decision.follows))
    return tuple((label, value or _("not known")) for label, value in rows)


@dataclass(frozen=True, slots=True)
class CaseReview:
    """A review as the page of the case tells of it."""

    number: int
    kind: str
    filed_on: date | None
    state: str
    colour: str
    open: bool
    holds: bool


def case_reviews(standing: Standing) -> tuple[CaseReview, ...]:
    held = {review.number for review in standing.holding}
    return tuple(
        CaseReview(
            review.number, name(catalogue.catalogue().reviews[review.said.kind]), review.said.filed_on,
            _("Pending") if review.open else _outcomes(review), "yellow" if review.decision is None else COLOURS[review.decision.group],
            review.open, review.number in held,
        )
        for review in standing.results.reviews
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    on: date
    value: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One effect. `measured`: the newest day first; the first one counts."""

    number: int
    heading: str
    expected: str
    achieved: str
    facts: tuple[tuple[str, str], ...]
    measured: tuple[MeasuredLine, ...]


def effect_lines(effects: Sequence[Effect], language: str) -> tuple[EffectLine, ...]:
    """In the running language, which is to be `language`."""
    return tuple(_effect(effect, language) for effect in effects)


def _effect(effect: Effect, language: str) -> EffectLine:
    aim, last = effect.aim, effect.achieved

    def said(value: Decimal | None) -> str:
        return amount(aim, value, language) or _("not known")

    rows = [
        (_("Counted against"), aim.reference),
        (_("Worked out"), aim.method),
        (_("Source of the expectation"), aim.source),
    ]
    if aim.kind == OTHER:
        rows.insert(0, (_("Baseline"), amount(aim, aim.baseline, language)))
    measured = sorted(effect.measured, key=lambda one: (one.on, one.sequence), reverse=True)
    return EffectLine(
        effect.number, effect_name(aim, language), said(aim.expected), said(last.value if last else None),
        tuple((label, value or _("not known")) for label, value in rows),
        tuple(MeasuredLine(one.on, said(one.value), one.source, one.note) for one in measured),
    )  # fmt: skip


def effect_name(aim: Aim, language: str) -> str:
    """ "Savings: energy of lighting, a year"."""
    words = catalogue.catalogue()
    kind = words.effects[aim.kind].name[language]
    called = aim.indicator if aim.kind == OTHER else f"{kind}: {aim.indicator}" if aim.indicator else kind
    span = words.spans[aim.span].name[language] if aim.span else ""
    return f"{called}, {span[:1].lower()}{span[1:]}" if span else called


def amount(aim: Aim, value: Decimal | None, language: str) -> str:
    """The number with its unit; "" for what is not known."""
    if value is None:
        return ""
    if aim.kind == SAVINGS:
        return figures.money(value, language)
    unit = TONNES if aim.kind == CO2 else aim.unit
    text = format_decimal(value, "#,##0.###", locale=LOCALES[language])
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def count_of(standing: Standing, lot: int, round_: int) -> Count:
    """As it stands; one without numbers where nothing was counted yet."""
    return standing.results.count(lot, round_) or Count(lot, round_, {})
