"""The case file, format procure-case/1: strict reading of bytes or of a plain dict, typed records, and the way back."""

from procure.domain.casefile.document import KEYS, from_document, to_document
from procure.domain.casefile.errors import CaseFileError
from procure.domain.casefile.records import (
    FORMAT,
    CaseFile,
    Estimate,
    Funding,
    Lot,
    Market,
    Novelty,
    ResearchTerms,
    Specification,
    Text,
)
from procure.domain.casefile.source import LARGEST, read, write

__all__ = [
    "FORMAT", "KEYS", "LARGEST", "CaseFile", "CaseFileError", "Estimate", "Funding", "Lot", "Market", "Novelty",
    "ResearchTerms", "Specification", "Text", "from_document", "read", "to_document", "write",
]  # fmt: skip
