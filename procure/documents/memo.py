"""The memo of the choice of procedure: what the city chose, on which facts and on which advice, as it was then (123–124 §)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from procure.advice import asking
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue.advice_texts import texts
from procure.documents.parts import Block, Fact, Facts, Paragraph, Point, Points, Prose, Section, Table
from procure.documents.writer import Writer, short
from procure.domain.advice import changes, kept
from procure.domain.advice.records import FOR, Advice, HeldAgainst, Remark, Verdict
from procure.domain.procedures import PREPARATION
from procure.domain.questions import Answer

FACTS: Final = ("contract_kind", "sector", "buyer_type")
MARKET: Final = ("market_availability", "market_consulted", "known_suppliers")
RESEARCH: Final = ("rd_benefits_exclusive", "rd_fully_paid", "rd_deployment")
SPECIFICATION: Final = ("spec_innovation", "spec_negotiation", "spec_imprecise")
GROUNDS: Final = ("previous_procedure", "single_supplier", "urgency", "prototype_only")
NOVELTY: Final = ("new_to_buyer", "new_to_market", "clear_improvement", "innovation_considered", "novelty_effect")
DAYS: Final = ("submission", "documents_open_online", "prior_information_notice", "start", "contract_needed_by")


@dataclass(frozen=True, slots=True)
class Basis:
    """What the memo is drawn from: the advice, its edition and its day."""

    advice: Advice
    edition: str
    advised_on: date


def as_it_was(writer: Writer) -> Writer:
    """A writer that knows the answers that were kept with the choice, and no later one; the present answers before a choice."""
    choice = writer.material.kept
    if choice is None:
        return writer
    found = ((q.id, changes.fact(choice.facts, q.key)) for q in writer.material.questionnaire.questions if q.key)
    answers = {question: Answer(value) for question, value in found if value is not None}
    return Writer(replace(writer.material, answers=answers), writer.language, writer.today)


def basis_of(writer: Writer) -> Basis:
    """The advice that was kept, else the one that the case would get today."""
    material = writer.material
    if material.kept is not None:
        return Basis(kept.from_document(material.kept.advice), material.kept.edition, material.kept.advised_on)
    asked = asking.ask(material.case, material.answers, writer.today, timed=False)
    return Basis(asked.advice, asked.edition, writer.today)


def sections(writer: Writer) -> tuple[Section, ...]:
    word, basis = writer.word, basis_of(writer)
    advice = basis.advice
    found = (
        Section(word("memo_choice"), _choice(writer, advice)),
        Section(word("memo_value"), _value(writer, advice)),
        Section(word("memo_facts"), _answers(writer)),
        Section(word("memo_verdicts"), tuple(_verdict(writer, verdict) for verdict in advice.verdicts)),
        Section(word("memo_warnings"), _remarks(writer, advice.warnings)),
        Section(word("memo_innovation"), _innovation(writer, advice)),
        Section(word("memo_rules"), _rules(writer, basis)),
    )
    return tuple(section for section in found if section.blocks)


def _name(procedure: str, language: str) -> str:
    return next(found.name[language] for found in procedure_catalogue.catalogue().choosable() if found.id == procedure)


def _fact(writer: Writer, label: str, value: str, citation: str = "") -> Fact:
    return Fact(writer.word(label), writer.plain(value), short(citation))


def _choice(writer: Writer, advice: Advice) -> tuple[Block, ...]:
    word, material, language = writer.word, writer.material, writer.language
    best = advice.recommended
    recommended = _fact(writer, "memo_recommended", _name(best.procedure, language) if best else word("memo_none"))
    choice = material.kept
    if choice is None:
        chosen = material.case.procedure
        if chosen == PREPARATION:
            return (Paragraph(word("memo_draft"), strong=True), Facts((recommended,)))
        procedure = _fact(writer, "procedure", _name(chosen, language))
        return (Paragraph(word("memo_not_kept"), strong=True), Facts((procedure, recommended)))
    on = "memo_confirmed_on" if choice.confirmed else "memo_chosen_on"
    rows = (
        _fact(writer, "procedure", _name(choice.procedure, language), ", ".join(material.procedure.sections)),
        recommended,
        _fact(writer, "memo_verdict", texts().verdict(choice.verdict, language)),
        _fact(writer, on, writer.day(choice.chosen_on)),
        _fact(writer, "memo_chosen_by", choice.chosen_by),
    )
    reason = writer.typed(choice.reason) if choice.reason else writer.plain(word("memo_no_reason"))
    return (Facts(rows), Prose(Fact(word("memo_reason"), reason)), Paragraph(word("memo_kept")))


def _value(writer: Writer, advice: Advice) -> tuple[Block, ...]:
    word, value = writer.word, advice.value
    facts = Facts(
        (
            _fact(writer, "memo_compared", f"{writer.money(value.compared)}, {word('without_vat')}", value.citation),
            _fact(writer, "memo_regime", texts().regime(advice.regime, writer.language)),
        )
    )
    blocks: list[Block] = [facts]
    if advice.thresholds:
        columns = ("memo_threshold", "memo_amount", "memo_reached", "memo_in_force", "memo_basis")
        rows = tuple(_threshold(writer, held) for held in advice.thresholds)
        blocks.append(Table("", tuple(word(column) for column in columns), rows, numeric=(1,)))
    return (*blocks, *_remarks(writer, value.remarks))


def _threshold(writer: Writer, held: HeldAgainst) -> tuple[str, ...]:
    row, word = held.threshold, writer.word
    until = f"{writer.short_day(row.valid_from)}–{writer.short_day(row.valid_to)}" if row.valid_to else ""
    since = until or word("memo_from", date=writer.short_day(row.valid_from))
    basis = short(row.citation) + (f" ({word('recalled')})" if row.confidence == "recalled" else "")
    reached = word("yes" if held.reached else "no")
    return (word(f"memo_threshold_{row.level}"), writer.money(row.amount), reached, since, basis)


def _answers(writer: Writer) -> tuple[Block, ...]:
    research = RESEARCH if writer.value("contract_kind") == "rd_services" else ()
    wanted = (*FACTS, *MARKET, *SPECIFICATION, *research, "value_amount", "value_date", "value_options")
    return writer.answers(*wanted, optional=(*GROUNDS, *NOVELTY, *DAYS))


def _verdict(writer: Writer, verdict: Verdict) -> Points:
    word, language = writer.word, writer.language
    notes = {"recalled": word("recalled"), "practice": word("practice")}
    points = tuple(
        Point(
            word("memo_for" if reason.side == FOR else "memo_against", text=texts().reason(reason, language)),
            short(reason.citation), notes.get(reason.confidence, ""),
        )
        for reason in verdict.reasons
    )  # fmt: skip
    return Points(f"{_name(verdict.procedure, language)}: {texts().verdict(verdict.verdict, language).lower()}", points)


def _remarks(writer: Writer, remarks: Iterable[Remark]) -> tuple[Block, ...]:
    points = tuple(Point(texts().remark(remark, writer.language), short(remark.citation)) for remark in remarks)
    return (Points("", points),) if points else ()


def _innovation(writer: Writer, advice: Advice) -> tuple[Block, ...]:
    new, language = advice.innovation, writer.language
    rows = [_fact(writer, "memo_level", f"{new.level}: {texts().level(new.level, language)}")]
    if new.bt776:
        rows.append(_fact(writer, "memo_bt776", ", ".join(new.bt776)))
    points = tuple(Point(texts().reason(reason, language), short(reason.citation)) for reason in new.reasons)
    return (Facts(tuple(rows)), Points("", points))


def _rules(writer: Writer, basis: Basis) -> tuple[Block, ...]:
    return (
        Facts(
            (
                _fact(writer, "memo_edition", basis.edition),
                _fact(writer, "memo_rules_on", writer.day(basis.advice.rules_on)),
                _fact(writer, "memo_advised_on", writer.day(basis.advised_on)),
            )
        ),
    )
