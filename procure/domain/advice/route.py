"""Which way a case goes: its procedure, else the recommended one, with the stages before the notice and the steps after it."""

from datetime import date

from procure.domain.advice import recommending, regime, value
from procure.domain.advice.advising import Rulebook, terms_of
from procure.domain.advice.records import facts_of
from procure.domain.casefile import CaseFile
from procure.domain.planning.plan import Route, Standing
from procure.domain.planning.timetable import outline
from procure.domain.procedures import PREPARATION, Procedure, Stage


def route_of(case: CaseFile, own: Procedure, stands: Standing, book: Rulebook, today: date) -> Route:
    """`own`: the edition of the procedure that the case keeps, or of the preparation while none is chosen. The rules are those of
    the planned start, else of today, as the advice takes them."""
    rules_on = case.start or today
    found = value.value_of(case)
    under = regime.regime_of(case, value.concerning(case, book.thresholds, found.compared, rules_on))
    chosen = own.id != PREPARATION
    if under.id == "unknown":
        return Route(_before_notice(own, book), None, chosen)
    procedure = own if chosen else _recommended(case, under, book)
    shown = book.timetables[procedure.id]
    notice = next(stage.id for stage in procedure.stages if stage.id in shown)
    ahead = False
    steps = []
    for stage in procedure.stages:
        ahead = ahead or stage.id == notice
        if ahead and (stage.id in shown or stage.id in stands.happened):
            steps.append(stage.id)
    plan = outline(procedure, steps, terms_of(case, under.id), book.deadlines, rules_on)
    return Route(_before_notice(own, book), plan, chosen)


def _recommended(case: CaseFile, under: regime.Regime, book: Rulebook) -> Procedure:
    verdicts = recommending.verdicts(facts_of(case), under)
    return book.procedures[next(verdict.procedure for verdict in verdicts if verdict.verdict == "recommended")]


def _before_notice(procedure: Procedure, book: Rulebook) -> tuple[Stage, ...]:
    if procedure.id == PREPARATION:
        return procedure.stages
    shown = book.timetables[procedure.id]
    position = next(number for number, stage in enumerate(procedure.stages) if stage.id in shown)
    return procedure.stages[:position]
