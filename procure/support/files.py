"""The files of a case as requests share them. The attachments, which know this package, give them from the start of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from procure.cases.models import Case
from procure.domain.support import FILE


@dataclass(frozen=True, slots=True)
class SharedFile:
    """The newest version of an attachment that is no tender material. `number`: within the case."""

    number: int
    title: str
    version: int
    file_name: str

    @property
    def what(self) -> str:
        """As it stands in the list of what is shared."""
        return f"{FILE}{self.number}"

    @property
    def seen_as(self) -> str:
        """As it stands among what has been seen: a new version is not the file that somebody saw."""
        return f"{FILE}{self.number}:{self.version}"


SOURCES: Final[dict[str, Callable[[Case], list[SharedFile]]]] = {}
"""By feature: the files of a case that may be shared, the newest first. Never tender material, nothing removed or infected."""


def of_case(case: Case | None) -> list[SharedFile]:
    """Every file of the case that may be shared; none for an idea that has no case."""
    return [file for source in SOURCES.values() for file in source(case)] if case else []
