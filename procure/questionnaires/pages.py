"""What the pages of questions show, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.cases.models import Case
from procure.catalogue import cpv, organisations
from procure.catalogue import questions as catalogue
from procure.domain.language import pick
from procure.domain.questions import (
    Answer,
    Answers,
    Page,
    Question,
    Questionnaire,
    Section,
    has_value,
    is_answered,
    is_shown,
    section_state,
    unanswered,
)
from procure.questionnaires.coaching import RemarkLine, is_coached, remark_lines
from procure.questionnaires.service import Clash

GROUPS: Final = (
    (_l("The need"), ("need", "users", "ecosystem")),
    (_l("The market and the object"), ("market", "object", "value")),
    (_l("What is new, and the risks"), ("novelty", "risks")),
    (_l("Carrying it out"), ("funding", "timetable", "team")),
)
"""The headings of the task list; a section that none of them names comes under the last one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of questions and where it stands."""

    section: Section
    page: Page
    number: int
    """Among the pages of the section that are asked, from 1."""
    of: int
    asked: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    title: str
    hint: str
    state: str
    page: str
    """The page to go to: the first that still needs something."""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    title: Any
    tasks: tuple[Task, ...]


def questionnaire_of(case: Case) -> Questionnaire:
    """The edition that the case keeps."""
    return catalogue.catalogue().get(case.questionnaire_edition)


def places(questionnaire: Questionnaire, answers: Answers) -> list[Place]:
    """Every page that asks something in this case, in order."""
    found = []
    for section in questionnaire.sections:
        asked = [(page, tuple(q for q in page.questions if is_shown(q, answers))) for page in section.pages]
        asked = [(page, questions) for page, questions in asked if questions]
        found += [Place(section, page, at, len(asked), questions) for at, (page, questions) in enumerate(asked, start=1)]
    return found


def place(questionnaire: Questionnaire, answers: Answers, section: str, page: str) -> Place | None:
    """The page of those ids; None when there is none or when it asks nothing in this case."""
    return next((p for p in places(questionnaire, answers) if (p.section.id, p.page.id) == (section, page)), None)


def following(questionnaire: Questionnaire, answers: Answers, section: str, page: str) -> Place | None:
    """The page after that one; None after the last."""
    order = places(questionnaire, answers)
    here = next((at for at, p in enumerate(order) if (p.section.id, p.page.id) == (section, page)), len(order))
    return order[here + 1] if here + 1 < len(order) else None


def task_groups(questionnaire: Questionnaire, answers: Answers, language: str) -> tuple[TaskGroup, ...]:
    """The sections under their headings, each with its state."""
    order = places(questionnaire, answers)
    named = {section for _title, sections in GROUPS for section in sections}
    rest = tuple(section.id for section in questionnaire.sections if section.id not in named)
    groups = []
    for title, sections in (*GROUPS[:-1], (GROUPS[-1][0], GROUPS[-1][1] + rest)):
        tasks = tuple(_task(s, order, answers, language) for s in questionnaire.sections if s.id in sections)
        groups.append(TaskGroup(title, tasks))
    return tuple(group for group in groups if group.tasks)


def _task(section: Section, order: Sequence[Place], answers: Answers, language: str) -> Task:
    own = [p for p in order if p.section.id == section.id]
    state = section_state(section, answers)
    needing = [p for p in own if unanswered(p.asked, answers) or not any(is_answered(q, answers) for q in p.asked)]
    target = (needing if state == "in_progress" and needing else own)[0]
    return Task(section.id, section.title[language], section.hint[language], state, target.page.id)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question and its answer as words. `kind` says how `value` is to be drawn: see `value_of`."""

    question: str
    page: str
    label: str
    state: str
    """`answered`, `unknown` (not known yet), `missing` (required) or `open`."""
    kind: str
    value: Any
    missing: str


@dataclass(frozen=True, slots=True)
class SectionLines:
    id: str
    title: str
    lines: tuple[AnswerLine, ...]


def section_lines(questionnaire: Questionnaire, answers: Answers, language: str, own_city: str) -> tuple[SectionLines, ...]:
    """Every question that is asked, with its answer in words."""
    found = []
    for section in questionnaire.sections:
        lines = [_line(questionnaire, q, p.page.id, answers, language) for p in places(questionnaire, answers)
                 if p.section.id == section.id for q in p.asked]  # fmt: skip
        if lines:
            found.append(SectionLines(section.id, section.title[language], tuple(lines)))
    return tuple(found)


def _line(questionnaire: Questionnaire, question: Question, page: str, answers: Answers, language: str) -> AnswerLine:
    answer = answers.get(question.id)
    if answer is not None and has_value(question.id, answers):
        state = "answered"
    elif is_answered(question, answers):
        state = "unknown"
    else:
        state = "missing" if question.required else "open"
    value = value_of(questionnaire, question, answer, language) if answer and state == "answered" else None
    return AnswerLine(question.id, page, question.label[language], state, question.kind, value, question.missing[language])


def value_of(questionnaire: Questionnaire, question: Question, answer: Answer, language: str) -> Any:
    """The answer with every code turned into words: a text for words and a choice, a list of texts for choices, CPV codes and cities, of
    (title, euros, kind) for lots, of (source, euros, day) for funding; money, dates, numbers and bools as they are."""
    value = answer.value
    labels = {choice.id: choice.label[language] for choice in question.choices}
    if question.kind in ("line", "text"):
        return pick(value, language)
    if question.kind == "choice":
        return labels.get(value, value)
    if question.kind == "choices":
        return [labels.get(item, item) for item in value]
    if question.kind == "cpv":
        return [code_text(code, language) for code in value]
    if question.kind == "municipalities":
        names = {organisation.code: organisation.name[language] for organisation in organisations.catalogue().all}
        return [names.get(code, code) for code in value]
    if question.kind == "lots":
        kinds = {choice.id: choice.label[language] for choice in questionnaire.question("contract_kind").choices}
        return [(pick(lot["title"], language), lot["value"], kinds.get(lot.get("kind", ""), "")) for lot in value]
    if question.kind == "funding":
        return [(labels.get(row["source"], row["source"]), row.get("amount"), row.get("decision_date")) for row in value]
    return value


def code_text(code: str, language: str) -> str:
    """A CPV code with its name, as far as the list knows them: the name of the nearest code above it otherwise."""
    known = cpv.load()
    entry = known.codes.get(code)
    if entry:
        return f"{entry.written} {entry.name[language]}"
    nearest = known.nearest(code)
    return f"{code} ({nearest.name[language]})" if nearest else code


def suggestions(case_city: str, question: Question, language: str) -> tuple[str, ...]:
    """Ready texts for a field: the priorities of the city's ecosystem agreement."""
    if question.key != "priority":
        return ()
    return tuple(priority.in_(language) for priority in organisations.catalogue().get(case_city).priorities)


MOST_SUGGESTED: Final = 600
"""More would make the page heavier than a telephone likes; every code can be typed all the same."""


def cpv_options(language: str) -> list[tuple[str, str]]:
    """Codes with their names, for a field that suggests while one types: all that ship, of a longer list divisions and groups."""
    codes = cpv.load().codes.values()
    offered = codes if len(codes) <= MOST_SUGGESTED else [entry for entry in codes if entry.code.endswith("00000")]
    return [(entry.written, entry.name[language]) for entry in offered]


@dataclass(frozen=True, slots=True)
class PageView:
    """What stands around and beside the fields of a page."""

    title: str
    section: str
    intro: str
    suggestions: Mapping[str, tuple[str, ...]]
    cpv_options: Sequence[tuple[str, str]]
    clashes: Mapping[str, Clash]
    theirs: Mapping[str, Any]
    """The other person's answers in words, where they say something."""
    coached: bool
    """Whether the page has a text that the coach looks at."""
    remarks: Mapping[str, tuple[RemarkLine, ...]]
    """What the coach says of what stands in the fields, by question."""
    text_language: str
    language: str

    def code_text(self, code: str) -> str:
        return code_text(code, self.language)

    def hints(self, question: Question) -> list[dict[str, Any]]:
        return choice_hints(question, self.language)


def page_view(case: Case, here: Place, words: Mapping[str, str], clashes: Mapping[str, Clash], language: str) -> PageView:
    """`words`: what stands in the fields of words, saved or just typed."""
    questionnaire = questionnaire_of(case)
    theirs = {
        question: value_of(questionnaire, questionnaire.question(question), clash.theirs, case.language)
        for question, clash in clashes.items()
        if clash.theirs.known and clash.theirs.value is not None
    }
    return PageView(
        title=here.page.title[language], section=here.section.title[language], intro=here.page.intro[language],
        suggestions={question.id: suggestions(case.organisation.code, question, language) for question in here.asked},
        cpv_options=cpv_options(language) if any(question.kind == "cpv" for question in here.asked) else [],
        clashes=clashes, theirs=theirs, coached=is_coached(here.asked), remarks=remark_lines(words, case.language, language),
        text_language=case.language, language=language,
    )  # fmt: skip


def choice_hints(question: Question, language: str) -> list[dict[str, Any]]:
    """For the widget, in the order of the choices: what stands under each."""
    return [{"hint": {"text": choice.hint[language]}} if choice.hint else {} for choice in question.choices]
