"""What the pages of a case need, as frozen records."""

from dataclasses import dataclass

from procure.cases.models import Case
from procure.cases.service import procedure_of
from procure.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The top and the side navigation of every page of a case."""

    reference: str
    title: str
    city: str
    stage: str
    """The present stage's name; "" once the case has passed its last stage."""
    may_edit: bool
    """The city's own officers and managers; a partner city's people read."""


def head(case: Case, by: Actor, language: str) -> CaseHead:
    stage = procedure_of(case).stage(case.stage).name[language] if case.stage else ""
    may_edit = case.organisation_id == by.organisation_id and by.may("case.edit")
    return CaseHead(case.reference, case.titles[language], case.organisation.names[language], stage, may_edit)
