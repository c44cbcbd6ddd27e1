"""What the page of a job says when a document is issued by it."""

from flask import url_for
from flask_babel import gettext as _

from procure.documents import queries
from procure.domain.documents import document_number
from procure.printing import queries as printing
from procure.printing.models import DocumentJob
from procure.printing.routes import Told


def told(job: DocumentJob) -> Told:
    reference = printing.reference_of(job)
    version = queries.version_of(job.case_id, job.number) if job.number else 0
    return Told(
        ready=_("The document has been issued"),
        text=issued_sentence(reference, job.number, version),
        href=url_for("documents.issued", reference=reference, number=job.number),
        link=_("Open the issued document"),
        failed=_("The document has not been issued"),
        nothing=_("Nothing has been issued."),
    )


def issued_sentence(reference: str, number: int, version: int) -> str:
    return _("Issued as %(number)s, version %(version)s.", number=document_number(reference, number), version=version)
