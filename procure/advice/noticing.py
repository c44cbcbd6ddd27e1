"""Whether a page of the case has to say that the advice has changed: one row is read, the rules are asked only when it has."""

from datetime import date

from procure.advice import asking, pages, queries, service
from procure.advice.asking import NotAdvisable
from procure.advice.pages import ChangedAdvice
from procure.cases.models import Case
from procure.domain.questions import Answers


def changed_advice(case: Case, answers: Answers, today: date, language: str) -> ChangedAdvice | None:
    """What has changed since the city chose; None when nothing has, in one query then."""
    state = queries.state_of(case)
    if state is None or not state.differs or not case.stage:
        return None
    try:
        asked = asking.ask(case, answers, today, timed=False)
    except NotAdvisable:
        return None
    return pages.changed_advice(case, asked, queries.last_choice(case), service.gist_now(case, asked), language)
