"""Issuing as a job of the printing: all that is issued travels in the job, so that any process can print it and write it down.

It is written down only if nothing has changed since it was asked for, and only once: the job's row is locked, then the case.
"""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Final

from procure.accounts import queries as accounts
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.documents import issuing_service
from procure.documents.issuing_service import Prepared, Printed
from procure.domain.letterheads import Logo
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.clock import FINLAND
from procure.printing import queries as printing
from procure.printing import sources
from procure.printing.models import DocumentJob
from procure.printing.service import Places, Wanted, Work

WORK: Final = "issue"


def wanted(prepared: Prepared, case: Case, by: Actor, back: str) -> Wanted:
    """The job of issuing it. The same form sent twice is the same job."""
    source = as_source(prepared)
    told = (prepared.html, prepared.language, prepared.window_title, str(prepared.at_sequence), str(prepared.at_version))
    digest = sources.digest(
        WORK, case.reference, str(by.id), str(prepared.number), prepared.on.isoformat(), prepared.kind, str(prepared.of), *told
    )
    return Wanted(WORK, digest, source, prepared.language, prepared.window_title, "", back, case.id)


def as_source(prepared: Prepared) -> bytes:
    values: dict[str, Any] = {one.name: getattr(prepared, one.name) for one in fields(prepared)}
    values["attachments"] = sources.attachments(prepared.attachments)
    values["logo"] = asdict(prepared.logo) if prepared.logo else None
    return sources.packed(values | {"on": prepared.on.isoformat()})


def prepared_of(source: bytes) -> Prepared:
    values = sources.unpacked(source)
    values["attachments"] = sources.attachments_of(values["attachments"])
    values["logo"] = Logo(**values["logo"]) if values["logo"] else None
    return Prepared(**values | {"on": date.fromisoformat(values["on"])})


def _make(source: bytes, places: Places) -> Printed:
    return issuing_service.print_out(prepared_of(source), places.lasting)


def _settle(job: DocumentJob, printed: Printed, now: datetime) -> None:
    """Raises Refusal: the case has changed, or the person who asked may not issue it any more."""
    by = accounts.actor(job.asked_by_id)
    case = cases.case_to_change(by, printing.reference_of(job)) if by is not None else None
    if case is None or by is None:
        raise Refusal(Reason("document_not_yours"))
    issuing_service.check_issuer(printed.prepared.kind, by)
    made = issuing_service.issue(case, printed, by, now.astimezone(FINLAND).date(), now)
    job.number, job.size = made.number, made.size


ISSUING: Final = Work(_make, _settle)
