"""The history as it is read: each entry in words, with what it changed and what was set right later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _

from procure.cases import history_queries, history_results, history_values, history_words
from procure.cases.history_queries import LAST, Wanted
from procure.cases.history_service import Undoable
from procure.cases.history_values import Change, shown
from procure.cases.models import Case
from procure.cases.pages import question_places, stage_choices
from procure.cases.verifying import Checked
from procure.catalogue import deadlines as deadline_catalogue
from procure.catalogue import documents as document_catalogue
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain import corrections, history, stages
from procure.domain.language import pick
from procure.infra.clock import FINLAND
from procure.web.fields import number_in

PRINT_SIZE: Final = 500


@dataclass(frozen=True, slots=True)
class HistoryFilters:
    """What a person asked to see; `first` and `last` are days on which something happened, both included."""

    group: str = ""
    person: int = 0
    first: date | None = None
    last: date | None = None
    text: str = ""

    @property
    def searches(self) -> bool:
        """Whether entries must be read to know if they are wanted."""
        return bool(self.text or self.first or self.last)


def filters_from(arguments: Mapping[str, str]) -> HistoryFilters:
    """The filters that an address asks for; what cannot be meant is ignored, never an error."""
    group, person = arguments.get("group", ""), arguments.get("person", "")
    return HistoryFilters(
        group=group if group in history_words.GROUPS else "",
        person=number_in(person) or 0,
        first=_day(arguments.get("first", "")),
        last=_day(arguments.get("last", "")),
        text=arguments.get("q", "").strip()[:200],
    )


def before_from(arguments: Mapping[str, str]) -> int:
    """The sequence before which the page begins; the newest page for anything that is no such number."""
    return number_in(arguments.get("before")) or LAST


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry. `happened_on`: as corrected last; `first_on`: as recorded, when that differs. `apart`: it was recorded on another
    day than it happened."""

    sequence: int
    kind: str
    what: str
    subject: str
    link: tuple[str, dict[str, Any]] | None
    happened_on: date
    first_on: date | None
    apart: bool
    recorded_at: datetime
    by: str
    role: str
    reason: str
    first_reason: str
    corrected_by: int
    corrects: int
    undoes: int
    correction: tuple[Change, ...]
    changes: tuple[Change, ...]
    moved: tuple[Change, ...]
    """Stages whose days a saved timetable moved."""
    notes: tuple[str, ...]
    may_correct: bool
    may_undo: bool

    @property
    def all_changes(self) -> tuple[Change, ...]:
        return self.changes + self.correction + self.moved

    @property
    def words(self) -> str:
        """All that a search for words looks at."""
        changed = [
            text for change in self.changes + self.correction for text in (change.label, change.before or "", change.after)
        ]
        return " ".join(
            [self.what, self.subject, self.by, self.role, self.reason, self.first_reason, *self.notes, *changed]
        ).casefold()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`before`: where the next page begins, 0 when there is none. `searched`: the page ended because so many entries were read."""

    lines: tuple[HistoryLine, ...]
    before: int
    searched: bool
    last_act: int = 0
    """The stage's last act, which going back undoes: on the newest page of everything only."""


def page_of(case: Case, wanted: HistoryFilters, before: int, size: int, language: str) -> HistoryPage:
    """The newest entries that are wanted, before that sequence."""
    limit = history_queries.MOST_SEARCHED if wanted.searches else size
    events, all_corrections = history_queries.events(case, _wanted(wanted, before), limit + 1)
    latest = by_corrected(all_corrections)
    found: list[HistoryLine] = []
    for event in events[:limit]:
        line = line_of(case, event, latest.get(event.sequence, ()), language)
        if not _fits(line, wanted):
            continue
        if len(found) == size:
            return HistoryPage(tuple(found), found[-1].sequence, False)
        found.append(line)
    further = len(events) > limit
    last_act = _last_act(found) if before == LAST and wanted == HistoryFilters() else 0
    return HistoryPage(tuple(found), events[limit - 1].sequence if further else 0, further and wanted.searches, last_act)


def _last_act(lines: Sequence[HistoryLine]) -> int:
    newest = next((line for line in lines if line.kind in stages.STAGE_EVENTS), None)
    return newest.sequence if newest and newest.kind in (stages.COMPLETED, stages.SKIPPED) else 0


def by_corrected(found: Sequence[Any]) -> dict[int, list[Any]]:
    """Corrections by the sequence of the event that they set right, in the order given."""
    latest: dict[int, list[Any]] = {}
    for correction in found:
        latest.setdefault(correction.payload["corrects"], []).append(correction)
    return latest


def _wanted(filters: HistoryFilters, before: int) -> Wanted:
    if filters.group == history.OTHER:
        return Wanted(history.KNOWN, True, filters.person, before)
    return Wanted(history.GROUPS.get(filters.group, ()), False, filters.person, before)


def _fits(line: HistoryLine, wanted: HistoryFilters) -> bool:
    if wanted.first and line.happened_on < wanted.first:
        return False
    if wanted.last and line.happened_on > wanted.last:
        return False
    return not wanted.text or wanted.text.casefold() in line.words


def line_of(case: Case, event: Any, corrected: Sequence[Any], language: str) -> HistoryLine:
    """`corrected`: the corrections of this event, the newest first."""
    payload = event.payload
    day, reason = event.happened_on, _text(payload.get("reason", ""))
    for correction in reversed(corrected):
        new = correction.payload["new"]
        day = date.fromisoformat(new["happened_on"]) if "happened_on" in new else day
        reason = new.get("reason", reason)
    subject, link = _about(case, event.kind, payload, language)
    undoes = payload.get("undoes", 0)
    is_answers = event.kind == "answers_saved"
    return HistoryLine(
        sequence=event.sequence, kind=event.kind, what=_what(event.kind, undoes), subject=subject, link=link,
        happened_on=day, first_on=event.happened_on if day != event.happened_on else None,
        apart=day != event.recorded_at.astimezone(FINLAND).date(), recorded_at=event.recorded_at, by=event.recorded_by,
        role=role_name(event.role), reason=reason, first_reason=_text(payload.get("reason", "")) if corrected else "",
        corrected_by=corrected[0].sequence if corrected else 0, corrects=payload.get("corrects", 0), undoes=undoes,
        correction=history_values.corrected(payload) if event.kind == stages.CORRECTED else (),
        changes=history_values.answers_changed(case, payload, language), moved=history_values.stages_moved(payload, language),
        notes=(*history_values.notes(payload, language), *history_results.notes(payload, language)),
        may_correct=event.kind in corrections.DATED, may_undo=is_answers and bool(payload.get("changes")),
    )  # fmt: skip


def _what(kind: str, undoes: int) -> str:
    if undoes:
        return str(history_words.UNDONE)
    return str(history_words.KINDS.get(kind) or kind.replace("_", " ").capitalize())


def role_name(role: str) -> str:
    """The role in words, lower-case for use after a name; a role that is no longer known as it was written."""
    names = {
        "officer": _("officer"), "manager": _("manager"), "city_admin": _("administrator of the city"), "expert": _("expert"),
        "coordinator": _("coordinator of the network"), "system_admin": _("system administrator"),
    }  # fmt: skip
    return names.get(role, role)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _about(case: Case, kind: str, payload: Mapping[str, Any], language: str) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    if any(key in payload for key in history_results.KEYS):
        return history_results.subject(payload, language), ("results.index", {"reference": case.reference})
    return _subject(case, kind, payload, language)


def _subject(case: Case, kind: str, payload: Mapping[str, Any], language: str) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    """What the entry is about, in words, and the page where that is now."""
    if "document" in payload:
        return _document_name(payload, language), ("documents.index", {"reference": case.reference})
    return _other_subject(case, kind, payload, language)


def _other_subject(
    case: Case, kind: str, payload: Mapping[str, Any], language: str
) -> tuple[str, tuple[str, dict[str, Any]] | None]:  # fmt: skip
    if "request" in payload:
        number = str(payload["request"])
        return number, ("support.of_case", {"reference": case.reference})
    if "approval" in payload:
        address = {"reference": case.reference, "approval_number": payload["approval"]}
        return _("Approval %(number)s", number=payload["approval"]), ("approvals.approval", address)
    if "communication" in payload:
        address = {"reference": case.reference, "item_number": payload["communication"]}
        return _text(payload.get("title")), ("communications.item", address)
    if kind in ("case_opened", "case_imported"):
        return "", None
    if "gate" in payload:
        return pick(payload.get("text"), language) or str(payload["gate"]), ("gates.gate", {"reference": case.reference})
    if "attachment" in payload:
        # the log has no names of tender material: they open only after a declaration of interests
        title = _("a file of tender material") if payload.get("tender_material") else _text(payload.get("title"))
        return title, ("attachments.index", {"reference": case.reference})
    if "declaration" in payload:
        return _interest(payload), ("declarations.declaration", {"reference": case.reference})
    if "deadline" in payload:
        return _deadline_name(payload, language), None
    if "procedure" in payload:
        return _procedure_name(payload, language), ("cases.procedures", {"reference": case.reference})
    if stage := payload.get("stage") or payload.get("at"):
        return dict(stage_choices(language)).get(stage, stage), None
    if "page" in payload and payload.get("changes"):
        return _page_of_answers(case, payload, language)
    return next((payload[key] for key in ("title", "name", "subject", "document") if _text(payload.get(key))), ""), None


def _interest(payload: Mapping[str, Any]) -> str:
    """What was declared, or what was decided on it; what was written stands in the declaration only."""
    if "opens" not in payload:
        return _("no conflict of interest") if payload.get("outcome") == "none" else _("has or may have a conflict of interest")
    if payload["opens"]:
        return _("the tender material opens to %(name)s", name=payload.get("name", ""))
    return _("the tender material stays closed to %(name)s", name=payload.get("name", ""))


def _deadline_name(payload: Mapping[str, Any], language: str) -> str:
    try:
        return deadline_catalogue.catalogue().of(payload["deadline"], date.fromisoformat(payload["last_day"])).name[language]
    except (KeyError, ValueError):
        return str(payload["deadline"])


def _procedure_name(payload: Mapping[str, Any], language: str) -> str:
    try:
        return procedure_catalogue.catalogue().get(payload["procedure"], payload.get("edition", "")).name[language]
    except KeyError:
        return str(payload["procedure"])


def _document_name(payload: Mapping[str, Any], language: str) -> str:
    """Its kind, and which of the kind: by what tells it apart, or by its number where the log may not say that."""
    try:
        name = document_catalogue.catalogue().get(payload["document"]).name[language]
    except KeyError:
        name = str(payload["document"])
    if _text(payload.get("about")):
        return f"{name}: {payload['about']}"
    return f"{name} {payload['of']}" if payload.get("of", 1) != 1 else name


def _page_of_answers(case: Case, payload: Mapping[str, Any], language: str) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    places = question_places(case.questionnaire_edition)
    for question in payload["changes"]:
        if question in places:
            section, page, _record = places[question]
            address = {"reference": case.reference, "section": section, "page": page}
            return _page_titles(case.questionnaire_edition, language).get(page, ""), ("questionnaires.page", address)
    return "", None


@cache
def _page_titles(edition: str, language: str) -> dict[str, str]:
    catalogue = question_catalogue.catalogue().get(edition)
    return {page.id: page.title[language] for section in catalogue.sections for page in section.pages}


def person_choices(people: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(number), name) for number, name in people.items())


def group_choices() -> tuple[tuple[str, str], ...]:
    return tuple((group, str(words)) for group, words in history_words.GROUPS.items())


def break_sentence(what: str) -> str:
    """What does not hold, in words."""
    return str(history_words.BREAKS.get(what, history_words.STATE))


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a check of the case's chain has found. `sentence`: what does not hold, "" when everything does."""

    events: int
    sequence: int
    sentence: str


def chain_state(checked: Checked) -> ChainState:
    if not checked.broken:
        return ChainState(checked.events, 0, "")
    broken = checked.broken[0].broken
    return ChainState(checked.events, broken.sequence, break_sentence(broken.what))


@dataclass(frozen=True, slots=True)
class UndoLine:
    """One answer that may get its earlier content back. `last` False: it has been changed since."""

    question: str
    label: str
    earlier: str
    now: str
    last: bool


def undo_lines(case: Case, offered: Sequence[Undoable], language: str) -> list[UndoLine]:
    places = question_places(case.questionnaire_edition)
    found = []
    for change in offered:
        question = places[change.question][2] if change.question in places else None
        label = question.label[language] if question else change.question
        earlier, now = shown(question, change.earlier, language), shown(question, change.now, language)
        found.append(UndoLine(change.question, label, earlier, now, change.last))
    return found
