"""What the pages of dossiers need, as frozen records."""

from dataclasses import dataclass
from datetime import datetime

from procure.cases.models import Case
from procure.documents.dossier_models import Dossier
from procure.domain.dossiers import shown
from procure.domain.leases import ASKED, FAILED, MAKING, READY
from procure.web.filters import size_text


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One dossier. `closed`: it holds tender material, which this person has not declared for."""

    number: int
    state: str
    asked_at: datetime
    asked_by: str
    made_at: datetime | None
    done: int
    steps: int
    trouble: str
    files: int
    left_out: int
    events: int
    pages: int
    zip_name: str
    zip_size: str
    zip_sha256: str
    pdf_name: str
    pdf_size: str
    pdf_sha256: str
    seal_level: str
    sealed_by: str
    sealed_at: datetime | None
    tender_material: bool
    closed: bool

    @property
    def waits(self) -> bool:
        return self.state in (ASKED, MAKING)

    @property
    def ready(self) -> bool:
        return self.state == READY

    @property
    def failed(self) -> bool:
        return self.state == FAILED


def names(case: Case, dossier: Dossier) -> tuple[str, str]:
    """`TRE-2026-0042-dossier-1.zip` and the PDF beside it."""
    stem = shown(case.reference, dossier.number)
    return f"{stem}.zip", f"{stem}.pdf"


def line(case: Case, one: Dossier, opens: bool) -> DossierLine:
    zip_name, pdf_name = names(case, one)
    return DossierLine(
        number=one.number, state=one.state, asked_at=one.asked_at, asked_by=one.asked_by, made_at=one.made_at, done=one.done,
        steps=max(one.steps, one.done, 1), trouble=one.trouble, files=one.files, left_out=one.left_out, events=one.at_sequence,
        pages=one.pdf_pages, zip_name=zip_name, zip_size=size_text(one.zip_size), zip_sha256=one.zip_sha256, pdf_name=pdf_name,
        pdf_size=size_text(one.pdf_size), pdf_sha256=one.pdf_sha256, seal_level=one.seal_level,
        sealed_by=one.sealed_by, sealed_at=one.sealed_at, tender_material=one.tender_material,
        closed=one.tender_material and not opens,
    )  # fmt: skip
