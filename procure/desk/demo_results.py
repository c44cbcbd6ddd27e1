"""What a demo case brought: tenders counted, a review with its outcome, an effect and what was measured of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from procure.cases.models import Case
from procure.catalogue.demo import Step
from procure.domain.permissions import Actor
from procure.domain.results import Measurement, aim_of
from procure.domain.reviews import Decision, Said
from procure.results import service
from procure.results.service import Words

DOES: Final = ("tenders", "review", "outcome", "effect", "measure")


def take(step: Step, case: Case, by: Actor, day: date, at: datetime) -> None:
    """One step, done and recorded on its day; an outcome and a measurement are of the review or effect recorded last."""
    found = service.standing_of(case).results
    if step.do == "tenders":
        service.count_tenders(case, 0, step.numbers.get("round", 1), step.numbers["counted"], "", 0, by, day, at)
    elif step.do == "review":
        said = Said(step.what, day, day, step.numbers.get("diary", ""), step.numbers["party"], step.numbers["subject"])
        service.record_review(case, said, Words(), found.last_review, by, day, at)
    elif step.do == "outcome":
        decision = Decision(day, (step.what,), step.words.get("note", ""))
        service.decide_review(case, found.last_review, decision, "", found.reviews[-1].sequence, by, day, at)
    elif step.do == "effect":
        service.record_effect(case, aim_of({"kind": step.what, **step.numbers}), found.last_effect, by, day, at)
    else:
        measured = Measurement(day, Decimal(step.numbers["value"]), step.words["text"], step.words.get("note", ""))
        service.measure(case, found.last_effect, measured, found.effects[-1].sequence, by, day, at)
