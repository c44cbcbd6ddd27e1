"""Orders the demo's reports, and lets its cities share their figures."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from procure.catalogue import demo_reports as catalogue
from procure.domain.permissions import Actor
from procure.domain.reports import Rule
from procure.infra.db import db
from procure.reports import service as reports
from procure.reports.models import ReportSchedule
from procure.reports.service import Wish
from procure.shared_figures import service as shared_figures
from procure.shared_figures.models import FigureConsentAct


def load(
    actor: Callable[[str], Actor], day: Callable[[int, date], date], at: Callable[[date], datetime], today: date, now: datetime
) -> None:
    """Do what has not been done yet: a city that has ordered or decided anything itself stays as it is. The parameters as for the
    articles."""
    for report in catalogue.reports():
        by = actor(report.by)
        if _none(ReportSchedule, by.organisation_id):
            rule, receiver = Rule(report.cadence), actor(report.receiver)
            wish = Wish(report.name, report.kind, {}, report.language, report.formats, rule, receiver.id, at_once=True)
            reports.add(by, wish, today, now)
    for share in catalogue.shares():
        by = actor(share.by)
        if _none(FigureConsentAct, by.organisation_id):
            shared_figures.choose(by, share.choice, at(day(share.ago, today)))


def _none(table: type[ReportSchedule] | type[FigureConsentAct], organisation_id: int) -> bool:
    return db.session.scalar(select(table.id).where(table.organisation_id == organisation_id).limit(1)) is None
