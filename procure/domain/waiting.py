"""What waits for a person, from everywhere, in one order: what is late first, then by date.

Each kind of thing is read from its own table in its own order; `merged` makes one page of them, and a `Place` says where it ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

TASK: Final = "task"
STAGE: Final = "stage"
SUPPORT: Final = "support"
MENTION: Final = "mention"
INTEREST: Final = "interest"
APPROVAL: Final = "approval"
COMMUNICATION: Final = "communication"
KINDS: Final = (TASK, STAGE, SUPPORT, MENTION, APPROVAL, INTEREST, COMMUNICATION)
"""In the order in which they stand on the same day."""
PAGE_SIZE: Final = 25
LARGEST_NUMBER: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a thing stands in the order. `group`: 0 late, 1 not; `rank`: that of its kind; `number`: of its row."""

    group: int
    on: date
    rank: int
    number: int


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing to do. `words`: what is known of it without a language (a task's title, a stage, a request's topic …)."""

    kind: str
    on: date
    number: int
    reference: str
    title: str
    """The case's, in the reader's language."""
    words: str = ""
    detail: str = ""
    who: str = ""
    can_be_late: bool = True

    def late(self, today: date) -> bool:
        return self.can_be_late and self.on < today

    def place(self, today: date) -> Place:
        return Place(0 if self.late(today) else 1, self.on, KINDS.index(self.kind), self.number)


def bound(after: Place | None, kind: str, today: date) -> tuple[date, int]:
    """The day and number behind which the rows of that kind lie that come after the place: all of them when there is none."""
    if after is None:
        return date.min, -1
    if (
        after.group == 1 and after.on < today
    ):  # all that is late is over, and so is all that is dated before today and can be late
        return today - timedelta(days=1), LARGEST_NUMBER
    rank = KINDS.index(kind)
    number = after.number if rank == after.rank else (LARGEST_NUMBER if rank < after.rank else -1)
    return after.on, number


def merged(things: Iterable[Waits], today: date, after: Place | None = None, most: int = PAGE_SIZE) -> tuple[list[Waits], bool]:
    """The first `most` things behind `after`, and whether more follow."""
    placed = sorted((thing.place(today), index, thing) for index, thing in enumerate(things))
    behind = [thing for place, _index, thing in placed if after is None or place > after]
    return behind[:most], len(behind) > most


def written(place: Place) -> str:
    """The place as an address carries it."""
    return f"{place.group}.{place.on.isoformat()}.{place.rank}.{place.number}"


def read(text: str) -> Place | None:
    """What `written` wrote; None for anything else, which shows the first page."""
    group, _, rest = text.partition(".")
    on, _, rest = rest.partition(".")
    rank, _, number = rest.partition(".")
    try:
        place = Place(int(group), date.fromisoformat(on), int(rank), int(number))
    except ValueError:
        return None
    return place if place.group in (0, 1) and 0 <= place.rank < len(KINDS) and 0 <= place.number <= LARGEST_NUMBER else None
