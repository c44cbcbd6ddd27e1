"""What tests of the history share: acts that leave entries, and a log that can be tampered with."""

from datetime import date
from typing import Any

from sqlalchemy import text

from procure.accounts.models import Person
from procure.cases import queries, service, verifying
from procure.cases.models import Case
from procure.cases.verifying import Found
from procure.catalogue import questions as question_catalogue
from procure.domain.questions import Answer
from procure.infra import clock
from procure.infra.db import db
from procure.questionnaires import queries as answer_queries
from procure.questionnaires import service as questionnaires
from procure.questionnaires.answers import Seen
from tests import factories


def save(case: Case, person: Person, **answers: Any) -> None:
    """Answer as on the pages: an entry a page. None says "not known yet", "" takes an answer back."""
    catalogue = question_catalogue.catalogue().get(case.questionnaire_edition)
    versions = {question: row.version for question, row in answer_queries.answer_rows(case).items()}
    for section in catalogue.sections:
        for page in section.pages:
            ids = [question.id for question in page.questions if question.id in answers]
            given = {name: _given(answers[name]) for name in ids}
            seen = {name: Seen(versions.get(name, 0), "") for name in ids}
            if given:
                actor = factories.actor_of(person)
                questionnaires.save_page(case, page, given, seen, actor, clock.today(), clock.now())
    db.session.commit()


def _given(value: Any) -> Answer:
    if isinstance(value, dict):  # a page gives the words of the case's own language
        value = value["en"]
    return Answer(value or None, known=value is not None)


def complete(case: Case, person: Person, day: date, note: str = "") -> None:
    factories.approve_award(case, person)
    confirmed = frozenset(point.id for point in service.procedure_of(case).stage(case.stage).gate if point.by_person)
    service.complete_stage(case, case.stage, day, confirmed, note, factories.actor_of(person), clock.today(), clock.now())
    db.session.commit()


def last_sequence(case: Case, kind: str) -> int:
    """The number of the newest entry of that kind."""
    return max(event.sequence for event in queries.events_of(case) if event.kind == kind)


def tamper(statement: str, **values: Any) -> None:
    """Change rows behind the service's back, as somebody could who holds the whole database: without the log's triggers."""
    if db.session.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER IF EXISTS case_events_no_{act}"))
    else:
        db.session.execute(text("DROP TRIGGER IF EXISTS case_events_only_grows ON case_events"))
    db.session.flush()
    assert db.session.execute(text(statement), values).rowcount  # type: ignore[attr-defined]
    db.session.expire_all()


def first_break(case: Case) -> tuple[int, str] | None:
    """The entry and kind of the first thing that does not hold."""
    found = breaks(case)
    return (found[0].broken.sequence, found[0].broken.what) if found else None


def breaks(case: Case) -> tuple[Found, ...]:
    db.session.flush()
    return verifying.check_case(db.session.connection(), case.id).broken
