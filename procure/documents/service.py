"""What a document is made from, and what it still lacks."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from procure.advice import queries as advice
from procure.advice.models import AdviceChoice
from procure.cases import deadlines as case_deadlines
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.catalogue import compositions
from procure.catalogue import documents as document_catalogue
from procure.catalogue import questions as question_catalogue
from procure.clauses import queries as clauses
from procure.communications import queries as communications
from procure.communications.models import CommunicationItem
from procure.documents import queries
from procure.documents.models import DocumentText
from procure.domain import compositions as compositions_rules
from procure.domain import stages
from procure.domain.after_events import CONTRACT, Wait
from procure.domain.clauses import Clause
from procure.domain.compositions import Composition, Fields, Missing
from procure.domain.letterheads import Letterhead
from procure.domain.permissions import Actor
from procure.domain.planning.office import Office
from procure.domain.procedures import Procedure
from procure.domain.questions import Answers, Questionnaire, has_value
from procure.domain.results import Results
from procure.domain.stages import Progress
from procure.letterheads import queries as letterheads
from procure.results import queries as result_queries
from procure.results import service as result_service
from procure.support import opinion_queries
from procure.support import queries as support
from procure.support.opinion_queries import IssuedOpinion
from procure.support.queries import OpenAdvice
from procure.timetables import queries as timetables

OPINION: Final = "expert_opinion"
MEMO: Final = "procedure_choice_memo"
TELLING: Final = "communications_plan"
MODELLED: Final = ("summary", "needs_assessment", "procurement_plan", MEMO, "market_consultation_invitation", TELLING, OPINION)
"""The documents with a page model of their own, in the order in which they are listed."""
OUTSIDE: Final = ("market_consultation_invitation",)
"""Those of them that go to people outside the city."""


def kinds() -> tuple[str, ...]:
    """Every document made here: those with a page model of their own, then the composed ones in the order of the list of kinds."""
    return (*MODELLED, *(composition.document for composition in compositions.catalogue()))


def working_kinds() -> frozenset[str]:
    """The texts on which people go on in a word processor."""
    return frozenset(kind for kind in kinds() if document_catalogue.catalogue().get(kind).working)


def composition_of(kind: str) -> Composition | None:
    """None for a document with a page model of its own."""
    return compositions.catalogue().get(kind) if kind in compositions.catalogue() else None


NO_RESULTS: Final = Results()


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice of the procedure that the case follows."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """How often the words of a composed document have been saved, when last, and by whom."""

    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a document of one case may tell."""

    case: Case
    answers: Answers
    questionnaire: Questionnaire
    procedure: Procedure
    progress: Progress
    choice: Choice | None
    advice: tuple[OpenAdvice, ...]
    opinion: IssuedOpinion | None = None
    kept: AdviceChoice | None = None
    """The choice with the advice on which it was made; None where nothing was kept."""
    contract_wait: Wait | None = None
    """Before which day the law lets no contract be made, while none has been made."""
    timetable: tuple[Office, timetables.Kept] = (Office(), timetables.Kept())
    """How the city works, and the timetable as it was last saved."""
    communications: tuple[CommunicationItem, ...] = ()
    """What is planned to be told in public."""
    results: Results = NO_RESULTS
    """Tenders received, reviews and effects; never the names of suppliers."""
    number: int = 1
    """Which of its kind the composed document is that is made."""
    about: str = ""
    """What tells it apart from the others of its kind."""
    fields: Fields = field(default_factory=dict)
    """What has been written for it."""
    written: Written = Written()
    """By whom and when, for the form."""
    letterheads: tuple[Letterhead, ...] = ()
    clauses: tuple[Clause, ...] = ()
    """Every edition of the city's letterhead, where one document is made, and of its clauses."""


def gather(case: Case, opinion: IssuedOpinion | None = None, kind: str = "", number: int = 1) -> Material:
    """The facts of a case that the person has been found to read, with what has been written for the composed document `kind`, of
    which a case may have several."""
    text = queries.text_of(case, kind, number) if composition_of(kind) else None
    logged = result_queries.events_with_stages(case)
    events = [event for event in logged if event.kind in stages.REPLAYED]
    progress = case_service.progress_of(case, events)
    made = progress.passed(CONTRACT)
    return Material(
        case=case,
        answers=cases.facts_of(cases.answers_of(case)),
        questionnaire=question_catalogue.catalogue().get(case.questionnaire_edition),
        procedure=case_service.procedure_of(case),
        progress=progress,
        choice=_choice(case, events),
        advice=support.summary_for_case(case),
        opinion=opinion,
        kept=advice.last_choice(case),
        contract_wait=None if made else case_deadlines.wait_of(CONTRACT, cases.deadlines_of(case)),
        timetable=timetables.basis_of(case),
        communications=tuple(communications.items_of(case)),
        results=result_service.standing_from(case, logged).results,
        number=number,
        about=text.about if text else "",
        fields=text.fields if text else {},
        written=written_of(text),
        letterheads=letterheads.editions_of(case.organisation_id) if kind else (),
        clauses=() if opinion else clauses.editions_of(case.organisation_id),
    )


def written_of(text: DocumentText | None) -> Written:
    """By whom and when those words were saved."""
    if text is None:
        return Written()
    return Written(text.version, text.saved_at, text.saved_by, text.set_aside_at is not None)


def repeats(kind: str) -> bool:
    """Whether a case may have several documents of that kind."""
    composition = composition_of(kind)
    return composition is not None and bool(composition.repeats)


def is_one(case: Case, kind: str, number: int) -> bool:
    """Whether the case has, or may begin to have, that document of the kind: the first always, a further one once it was begun."""
    return number == 1 or (repeats(kind) and queries.text_of(case, kind, number) is not None)


def _choice(case: Case, events: Sequence[Any]) -> Choice | None:
    chosen = [event for event in events if event.kind == stages.PROCEDURE_CHOSEN]
    if not chosen or chosen[-1].payload.get("procedure") != case.procedure:
        return None
    return Choice(chosen[-1].happened_on, str(chosen[-1].payload.get("reason", "")))


def missing(kind: str, material: Material) -> tuple[Missing, ...]:
    """Everything that keeps the document a draft: answers of the case, and what has not been written yet."""
    composition = composition_of(kind)
    if composition is not None:
        return compositions_rules.missing(composition, material.answers, material.fields)
    return tuple(Missing("", question=question) for question in lacking(kind, material.answers))


def lacking(kind: str, answers: Answers) -> tuple[str, ...]:
    """The questions whose answers the document cannot do without and that have none: the gates of the stages ask the same."""
    return tuple(question for question in document_catalogue.catalogue().get(kind).requires if not has_value(question, answers))


def opinion_of(by: Actor, case: Case, number: int | None) -> IssuedOpinion | None:
    """The opinion of that request, or the one answered last; None when there is none for this person."""
    if number is None:
        answered = [advice.number for advice in support.summary_for_case(case) if advice.state == "answered"]
        number = max(answered, default=None)
    return opinion_queries.opinion_for(by, case.reference, number) if number is not None else None


def operator(case: Case) -> Actor:
    """Who acts when a document is made from the command line: the case's own city."""
    city = case.organisation
    return Actor(0, "", "", "city_admin", city.id, city.code, city.names, case.language)


def file_name(reference: str, kind: str, language: str, number: int = 1, ending: str = "pdf") -> str:
    """`TRE-2026-0042-tiivistelma-johdolle.pdf`: the document's name in letters that every system takes; a further one of its kind
    has its number after it, and never what tells it apart: that may be tender material."""
    name = document_catalogue.catalogue().get(kind).name[language]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    which = f"-{number}" if number > 1 else ""
    return f"{reference}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}{which}.{ending}"
