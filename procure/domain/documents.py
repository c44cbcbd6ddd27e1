"""The kinds of documents that a procurement has: which are made here, and what each needs. Filled from `catalogue/documents`."""

from dataclasses import dataclass
from typing import Final

from procure.domain.language import Trilingual

WRITTEN: Final = "document_written"
ISSUED: Final = "document_issued"
SET_ASIDE: Final = "document_set_aside"
"""The events of a document made here."""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. `requires` are ids of questions that must have a value before a document made here is complete.

    `citation` is "" where no section of law asks for the document; `stage` is "" where it belongs to no single stage. `working`: a text on
    which people go on in a word processor, not a decision, a record or an instruction whose words must stay what was issued.
    """

    id: str
    name: Trilingual
    citation: str
    made_here: bool
    stage: str
    requires: tuple[str, ...]
    working: bool = False


def document_number(reference: str, number: int) -> str:
    """`TRE-2026-0042/D3`: how an issued document of a case is spoken of."""
    return f"{reference}/D{number}"


def subject_of(of: int) -> str:
    """How an issued document says which of its kind it is: "" for the first, as a case could have only one before it had several."""
    return "" if of == 1 else str(of)


def which(subject: str) -> int:
    """The other way round: 1 for ""."""
    return int(subject or 1)
