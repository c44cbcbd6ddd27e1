"""Kinds of documents that a case has, and what one needs before it can be made. Filled from `catalogue/documents`."""

from dataclasses import dataclass

from procure.domain.language import Trilingual


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`made_here`: this service makes it; `requires`: question ids that must have a value; `stage`: where it belongs."""

    id: str
    name: Trilingual
    citation: str
    made_here: bool
    stage: str
    requires: tuple[str, ...]
