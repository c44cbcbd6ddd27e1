"""What stands in the log, as words: answers before and after, what a correction set right, and what else an entry tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _

from procure.cases import history_words
from procure.cases.models import Case
from procure.cases.pages import procedure_choices, question_places, stage_choices
from procure.catalogue import cancelling, organisations
from procure.domain.approvals import PROCEDURE_FACT
from procure.domain.clauses import LEFT_OUT
from procure.domain.differences import Part, differences, shortened
from procure.domain.language import pick
from procure.domain.questions import Question
from procure.web import filters as formats

LONG_TEXT: Final = 60
"""Characters from which on two texts are compared word by word instead of standing one after the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One answer before and after. `before` None: there was none. `parts`: both texts as one, for a long text that was edited."""

    label: str
    before: str | None
    after: str
    parts: tuple[Part, ...] = ()


def corrected(payload: Mapping[str, Any]) -> tuple[Change, ...]:
    """What a correction set right: the day, the words, or both."""
    found = []
    for key, label in (("happened_on", _("Day")), ("reason", _("Reason or note"))):
        if key in payload["new"]:
            old, new = payload["old"][key], payload["new"][key]
            if key == "happened_on":
                old, new = formats.day(old), formats.day(new)
            found.append(_change(label, old, new))
    return tuple(found)


def answers_changed(case: Case, payload: Mapping[str, Any], language: str) -> tuple[Change, ...]:
    """The answers that an entry gave or changed, with their questions' labels; first answers have nothing before them."""
    places = question_places(case.questionnaire_edition)
    told: dict[str, Any] = {question: {"new": answer} for question, answer in _mapping(payload.get("answers")).items()}
    told |= {name: change for name, change in _mapping(payload.get("changes")).items() if isinstance(change, Mapping)}
    found = []
    for name, change in told.items():
        if "new" not in change:
            continue
        question = places[name][2] if name in places else None
        if question is None and name == PROCEDURE_FACT:
            then, now = (fact_shown(case, name, change[key], language) for key in ("old", "new"))
            found.append(_change(fact_name(case, name, language), then, now))
            continue
        label = question.label[language] if question else _("City’s clauses left out") if name == LEFT_OUT else name
        before = shown(question, change["old"], language) if "old" in change else None
        found.append(_change(label, before, shown(question, change["new"], language)))
    return tuple(found)


def fact_name(case: Case, fact: str, language: str) -> str:
    """The label of a material fact: a question's, or the procedure."""
    places = question_places(case.questionnaire_edition)
    if fact == PROCEDURE_FACT:
        return _("Procedure")
    return places[fact][2].label[language] if fact in places else fact


def fact_shown(case: Case, fact: str, value: Any, language: str) -> str:
    """A material fact as one text; None: nothing was known."""
    if value is None:
        return _("nothing yet")
    if fact == PROCEDURE_FACT and isinstance(value, Mapping):
        name = dict(procedure_choices(language)).get(value.get("id", ""), value.get("id", ""))
        return _("%(procedure)s, edition %(edition)s", procedure=name, edition=value.get("edition", ""))
    places = question_places(case.questionnaire_edition)
    return shown(places[fact][2] if fact in places else None, value, language)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _change(label: str, before: str | None, after: str) -> Change:
    if before and after and max(len(before), len(after)) >= LONG_TEXT:
        parts = differences(before, after)
        if any(part.kind == "same" and part.text.strip() for part in parts):
            return Change(label, before, after, shortened(parts))
    return Change(label, before, after)


def shown(question: Question | None, value: Any, language: str) -> str:
    """An answer of the log as one text, its codes turned into words."""
    if value is None:
        return _("not known yet")
    if value == "":
        return _("no answer")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    kind = question.kind if question else ""
    labels = {choice.id: choice.label[language] for choice in question.choices} if question else {}
    if kind == "municipalities":
        labels = _city_names(language)
    if kind == "money":
        return formats.money(value)
    if kind == "date":
        return formats.day(value)
    if isinstance(value, Mapping):
        return _of_languages(value)
    if isinstance(value, list):
        return "; ".join(_item(item, labels, language) for item in value)
    return labels.get(value, str(value))


def _of_languages(value: Mapping[str, Any]) -> str:
    """A text in one language as it is, in several with the language before each."""
    texts = {code: str(text) for code, text in value.items() if text}
    if len(texts) < 2:
        return "".join(texts.values())
    return "\n".join(f"{code}: {text}" for code, text in texts.items())


def _item(item: Any, labels: Mapping[str, str], language: str) -> str:
    if not isinstance(item, Mapping):
        return labels.get(item, str(item))
    parts = []
    for key, value in item.items():
        if isinstance(value, Mapping):
            value = pick(dict(value), language)
        if key in ("value", "amount"):
            value = formats.money(value)
        parts.append(labels.get(value, str(value)))
    return ", ".join(parts)


@cache
def _city_names(language: str) -> dict[str, str]:
    return {organisation.code: organisation.name[language] for organisation in organisations.catalogue().all}


def notes(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What else an entry tells, a sentence each: what was recommended, how a decision was sent and what shows it, and the exception
    under which a standstill was not waited out."""
    found = []
    advice, exception = _mapping(payload.get("advice")), _mapping(payload.get("exception"))
    if advice.get("edition"):
        rules = _("rules of edition %(edition)s", edition=advice["edition"])
        name = dict(procedure_choices(language)).get(advice.get("recommended", ""), "")
        found.append(f"{_('Recommended then: %(procedure)s', procedure=name)} · {rules}" if name else rules)
    if payload.get("sent_by"):
        found.append(_("Sent by letter") if payload["sent_by"] == "letter" else _("Sent electronically"))
    if payload.get("tenders_due_on"):
        found.append(_("Last day for tenders: %(day)s", day=formats.day(payload["tenders_due_on"])))
    if payload.get("evidence"):
        found.append(_("Evidence: %(evidence)s", evidence=payload["evidence"]))
    if "approval" in payload:
        found += _of_approval(payload)
    if exception:
        name = str(history_words.EXCEPTIONS.get(exception.get("id", ""), exception.get("id", "")))
        found.append(f"{_('Without waiting for the end of the standstill:')} {name} ({exception.get('citation', '')})")
        if exception.get("reason") != payload.get("reason"):
            found.append(str(exception.get("reason", "")))
    return (*found, *_halted(payload, language))


def _halted(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What is told of a round, of a hold and of a cancelled procurement."""
    found = []
    if payload.get("round"):
        found.append(_("Round %(number)s", number=payload["round"]))
    if payload.get("expected_on"):
        found.append(_("Expected to go on: %(day)s", day=formats.day(payload["expected_on"])))
    if payload.get("ground"):
        ground = cancelling.catalogue().get(payload["ground"])
        found.append(f"{ground[language] if ground else payload['ground']} ({payload.get('citation', '')})")
        found.append(_("A notice had been published") if payload.get("published") else _("No notice had been published"))
    return tuple(found)


def _of_approval(payload: Mapping[str, Any]) -> list[str]:
    """Whom a request names and by when, or whose sign-off was given or handed on."""
    found = []
    if payload.get("people"):
        found.append(_("Asked of: %(names)s", names=", ".join(person["name"] for person in payload["people"])))
        found.append(_("Due on %(day)s", day=formats.day(payload["due_on"])))
    if payload.get("to_name"):
        found.append(_("From %(name)s to %(to)s", name=payload["name"], to=payload["to_name"]))
    elif payload.get("name"):
        found.append(_("As asked of %(name)s", name=payload["name"]))
    return found


def stages_moved(payload: Mapping[str, Any], language: str) -> tuple[Change, ...]:
    """The stages whose days a saved timetable moved."""
    names = dict(stage_choices(language))
    return tuple(
        Change(names.get(stage, stage), _period(move.get("old")), _period(move.get("new")) or _("no longer planned"))
        for stage, move in _mapping(payload.get("moved")).items()
    )


def _period(days: Any) -> str | None:
    return formats.period(days[0], days[1]) if days else None
