"""What the pages of the advice show, as frozen records: the templates decide nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.advice import words
from procure.advice.asking import Asked
from procure.advice.models import AdviceChoice
from procure.advice.words import Said, ThresholdLine
from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.cases.pages import OpenItem, ProcedureCard
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue.advice_texts import texts
from procure.domain.advice import changes
from procure.domain.advice.changes import Gist
from procure.domain.advice.records import FOR, VERDICTS, Verdict
from procure.domain.advice.warnings import FEW_SUPPLIERS
from procure.domain.advice.what_ifs import WhatIf
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION
from procure.domain.questions import Answer, Question
from procure.questionnaires import pages as question_pages

DATES: Final = ("start", "contract_needed_by", "prior_information_notice")
"""Keys of the days that a timetable is counted from or to."""
LEVELS: Final = 5

BT776: Final = {
    "rd-act": Trilingual(
        "Tutkimus- ja kehittämistoiminta", "Forsknings- och utvecklingsverksamhet", "Research and development activities"
    ),
    "mar-nov": Trilingual("Markkinoille uusi ratkaisu", "En lösning som är ny på marknaden", "The solution is new to the market"),
}
"""Our own words for the codes of eForms BT-776 that the adviser gives."""

HILMA: Final = {
    "innovationConsidered": Trilingual(
        "Uusien ratkaisujen tarve tai mahdollisuudet on kartoitettu valmistelussa",
        "Behovet av eller möjligheterna till nya lösningar har kartlagts i beredningen",
        "The need for new solutions, or the chance of them, was looked into in preparation",
    ),
    "solutionNewToBuyer": Trilingual(
        "Ratkaisu tai osa siitä on ostajalle uusi", "Lösningen eller en del av den är ny för köparen",
        "The solution, or part of it, is new to the buyer",
    ),
    "solutionNewToMarketOrIndustry": Trilingual(
        "Ratkaisu tai osa siitä on uusi markkinoilla tai toimialalla", "Lösningen eller en del av den är ny på marknaden eller i branschen",
        "The solution, or part of it, is new to the market or the industry",
    ),
}  # fmt: skip
"""The three questions of a Hilma notice about innovation, by the name of their field."""


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """One procedure: what the rules say of it, and what speaks for and against."""

    card: ProcedureCard
    verdict: str
    word: str
    pros: tuple[Said, ...]
    cons: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """One answer that a question could get, and what it would change."""

    answer: Any
    kind: str
    """How `answer` is drawn (questionnaires/_answer.html), or `few`, `many`: at most, more than so many suppliers."""
    recommended: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    regime: str
    comes: tuple[Said, ...]
    goes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that a rule would read and that has no answer."""

    item: OpenItem
    effects: tuple[AnswerEffect, ...]


@dataclass(frozen=True, slots=True)
class ChangedFact:
    label: str
    item: OpenItem
    kind: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ChangedAdvice:
    """What the advice said when the city chose, what it says now, and why. Names and words; "" where it says the same."""

    before: str
    now: str
    regime_before: str
    regime_now: str
    verdict_now: str
    """On the chosen procedure."""
    facts: tuple[ChangedFact, ...]
    edition_before: str
    edition_now: str
    rules_before: date
    rules_now: date


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """A choice that was kept with its advice."""

    procedure: str
    recommended: str
    """The recommended procedure's name when it was another one, else ""."""
    verdict: str
    confirmed: bool
    reason: str
    chosen_on: date
    chosen_by: str
    edition: str
    rules_on: date


@dataclass(frozen=True, slots=True)
class AdvicePage:
    recommended: VerdictCard | None
    groups: tuple[tuple[str, tuple[VerdictCard, ...]], ...]
    """The procedures under their verdict, the recommended one left out."""
    regime: str
    compared: Any
    value_citation: str
    value_remarks: tuple[Said, ...]
    thresholds: tuple[ThresholdLine, ...]
    warnings: tuple[Said, ...]
    open_questions: tuple[OpenQuestion, ...]
    rules_on: date
    edition: str
    undated: tuple[OpenItem, ...]
    """The days that cannot be counted with; empty when all can."""
    level: int
    level_name: str
    chosen: str
    choice: KeptChoice | None
    changed: ChangedAdvice | None


def advice_page(
    case: Case, asked: Asked, effects: Sequence[WhatIf], choice: AdviceChoice | None, now: Gist, language: str
) -> AdvicePage:
    """The whole advice on one page; makes no query."""
    advice = asked.advice
    cards = {verdict.procedure: verdict_card(case, verdict, language) for verdict in advice.verdicts}
    groups = tuple(
        (name, tuple(card for card in cards.values() if card.verdict == name)) for name in VERDICTS if name != "recommended"
    )
    return AdvicePage(
        recommended=cards.get(asked.recommended),
        groups=tuple(group for group in groups if group[1]),
        regime=texts().regime(advice.regime, language),
        compared=advice.value.compared,
        value_citation=advice.value.citation,
        value_remarks=tuple(words.remark(remark, language) for remark in advice.value.remarks),
        thresholds=tuple(words.threshold(held) for held in advice.thresholds),
        warnings=tuple(words.remark(remark, language) for remark in advice.warnings),
        open_questions=_open_questions(case, effects, language),
        rules_on=advice.rules_on,
        edition=asked.edition,
        undated=() if asked.dated else _items(case, [key for key in DATES if asked.document.get(key)], language),
        level=advice.innovation.level,
        level_name=texts().level(advice.innovation.level, language),
        chosen=chosen_name(case, language),
        choice=kept_choice(choice, language) if choice else None,
        changed=changed_advice(case, asked, choice, now, language),
    )


def chosen_name(case: Case, language: str) -> str:
    """ "" while no procedure has been chosen."""
    return "" if case.procedure == PREPARATION else words.procedure_name(case.procedure, language)


def recommended_name(asked: Asked, language: str) -> str:
    return words.procedure_name(asked.recommended, language)


def verdict_card(case: Case, verdict: Verdict, language: str) -> VerdictCard:
    known = {procedure.id: procedure for procedure in procedure_catalogue.catalogue().choosable()}
    said = [(reason.side, words.reason(reason, language)) for reason in verdict.reasons]
    return VerdictCard(
        case_pages.procedure_card(known[verdict.procedure], case, language), verdict.verdict,
        texts().verdict(verdict.verdict, language), tuple(reason for side, reason in said if side == FOR),
        tuple(reason for side, reason in said if side != FOR),
    )  # fmt: skip


def kept_choice(choice: AdviceChoice, language: str) -> KeptChoice:
    other = choice.recommended if choice.recommended != choice.procedure else ""
    return KeptChoice(
        words.procedure_name(choice.procedure, language), words.procedure_name(other, language), choice.verdict, choice.confirmed,
        choice.reason, choice.chosen_on, choice.chosen_by, choice.edition, choice.rules_on,
    )  # fmt: skip


def item_of(case: Case, key: str, language: str) -> OpenItem | None:
    """Where the fact of that key is asked, or the first one of an object; None where no question asks it."""
    by_key = words.questions_by_key(case.questionnaire_edition)
    question = by_key.get(key) or next((by_key[other] for other in by_key if other.startswith(f"{key}.")), None)
    if question is None:
        return None
    return case_pages.open_item(case_pages.question_places(case.questionnaire_edition), question.id, language)


def _items(case: Case, keys: Iterable[str], language: str) -> tuple[OpenItem, ...]:
    return tuple(item for key in keys if (item := item_of(case, key, language)) is not None)


def missing_items(case: Case, asked: Asked, language: str) -> Mapping[str, OpenItem]:
    """By key: the facts that some verdict waits for, with the page on which each is answered."""
    keys = {
        key for verdict in asked.advice.verdicts for reason in verdict.reasons if (key := reason.parameters.get("key", ""))
    }  # fmt: skip
    return {key: item for key in sorted(keys) if (item := item_of(case, key, language)) is not None}


def _open_questions(case: Case, effects: Sequence[WhatIf], language: str) -> tuple[OpenQuestion, ...]:
    found = []
    for key in dict.fromkeys(effect.key for effect in effects):
        item = item_of(case, key, language)
        if item is not None:
            shown = tuple(_effect(case, effect, language) for effect in effects if effect.key == key)
            found.append(OpenQuestion(item, shown))
    return tuple(found)


def _effect(case: Case, effect: WhatIf, language: str) -> AnswerEffect:
    question = words.questions_by_key(case.questionnaire_edition)[effect.key]
    kind = question.kind
    if kind == "number":  # the values tried are the last that is few, and the first that is not
        few = effect.value == FEW_SUPPLIERS
        answer, kind = FEW_SUPPLIERS, "few" if few else "many"
    else:
        answer = _in_words(case, question, effect.value, language)
    return AnswerEffect(
        answer, kind, words.procedure_name(effect.recommended, language), _names(effect.opens, effect, language),
        _names(effect.closes, effect, language), texts().regime(effect.regime, language) if effect.regime else "",
        tuple(words.remark(remark, language) for remark in effect.comes),
        tuple(words.remark(remark, language) for remark in effect.goes),
    )  # fmt: skip


def _names(procedures: Iterable[str], effect: WhatIf, language: str) -> tuple[str, ...]:
    """What opens and is recommended at once is said once."""
    return tuple(words.procedure_name(name, language) for name in procedures if name != effect.recommended)


def _in_words(case: Case, question: Question, value: Any, language: str) -> Any:
    """As questionnaires/_answer.html draws it; None for "not known"."""
    if value is None:
        return None
    return question_pages.value_of(question_pages.questionnaire_of(case), question, Answer(value), language)


def changed_advice(case: Case, asked: Asked, choice: AdviceChoice | None, now: Gist, language: str) -> ChangedAdvice | None:
    """None while the advice says what it said when the city chose, where nothing was kept, and once the case is finished."""
    if choice is None or not case.stage:
        return None
    then = Gist(choice.recommended, choice.regime, choice.verdict)
    if then == now:
        return None
    return ChangedAdvice(
        before=words.procedure_name(then.recommended, language) if then.recommended != now.recommended else "",
        now=words.procedure_name(now.recommended, language) if then.recommended != now.recommended else "",
        regime_before=texts().regime(then.regime, language) if then.regime != now.regime else "",
        regime_now=texts().regime(now.regime, language) if then.regime != now.regime else "",
        verdict_now=texts().verdict(now.verdict, language) if then.verdict != now.verdict else "",
        facts=_changed_facts(case, choice, asked, language),
        edition_before=choice.edition,
        edition_now=asked.edition,
        rules_before=choice.rules_on,
        rules_now=asked.advice.rules_on,
    )


def _changed_facts(case: Case, choice: AdviceChoice, asked: Asked, language: str) -> tuple[ChangedFact, ...]:
    by_key = words.questions_by_key(case.questionnaire_edition)
    found = []
    for change in changes.changed_facts(choice.facts, asked.document):
        question, item = by_key.get(change.key), item_of(case, change.key, language)
        if question is None or item is None:
            continue
        old, new = (_in_words(case, question, value, language) for value in (change.old, change.new))
        found.append(ChangedFact(question.label[language], item, question.kind, old, new))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What a notice form asks, in three languages and as its field is called there, and what to answer; None where not known."""

    field: str
    labels: Trilingual
    value: bool | None
    item: OpenItem | None


@dataclass(frozen=True, slots=True)
class InnovationPage:
    level: int
    levels: tuple[str, ...]
    """The names of all levels, the lowest first."""
    reasons: tuple[Said, ...]
    bt776: tuple[tuple[str, Trilingual], ...]
    hilma: tuple[FormAnswer, ...]


def innovation_page(case: Case, asked: Asked, language: str) -> InnovationPage:
    new = asked.advice.innovation
    answers = (
        ("innovationConsidered", "novelty.innovation_considered", new.innovation_considered),
        ("solutionNewToBuyer", "novelty.new_to_buyer", new.solution_new_to_buyer),
        ("solutionNewToMarketOrIndustry", "novelty.new_to_market", new.solution_new_to_market),
    )
    return InnovationPage(
        new.level,
        tuple(texts().level(level, language) for level in range(LEVELS)),
        tuple(words.reason(reason, language) for reason in new.reasons),
        tuple((code, BT776[code]) for code in new.bt776),
        tuple(FormAnswer(field, HILMA[field], value, item_of(case, key, language)) for field, key, value in answers),
    )


def may_choose(case: Case, by: Actor) -> bool:
    """The city's own people, as long as the case is open."""
    return case.organisation_id == by.organisation_id and by.may("case.edit") and bool(case.stage)
