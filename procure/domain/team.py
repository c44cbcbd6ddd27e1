"""Who works on a case, what they have to do and what they tell each other: the rules, without a database.

A part in a team gives no rights: what a person may do is a matter of the role (domain.permissions). The part `guest` takes some away:
a guest reads the case, whatever the role.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import may

RESPONSIBLE: Final = "responsible"
SUBSTITUTE: Final = "substitute"
MEMBER: Final = "member"
GUEST: Final = "guest"
PARTS: Final = (RESPONSIBLE, SUBSTITUTE, MEMBER, GUEST)
GIVEN_PARTS: Final = (SUBSTITUTE, MEMBER, GUEST)
"""What somebody is added as; responsible is whom the case is handed over to."""

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 4000

_LINK: Final = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
_AFTER_A_LINK: Final = ".,;:!?…*_"


def works(part: str, role: str) -> bool:
    """Whether somebody with that part and role can be given tasks and the case itself."""
    return part != GUEST and may(role, "case.edit")


def check_part(part: str, role: str, is_responsible: bool) -> None:
    """Raises Refusal when a person of that role cannot have the part: whoever is responsible, or stands in, edits the case."""
    if part not in GIVEN_PARTS:
        raise Refusal(Reason("part_unknown", target="part"))
    if is_responsible:
        raise Refusal(Reason("part_of_responsible", target="person"))
    if part == SUBSTITUTE and not works(part, role):
        raise Refusal(Reason("part_needs_editor", target="part"))


def check_from_day(from_day: date, opened_on: date, today: date) -> None:
    """A case is handed over from today or an earlier day on, but not before it was opened. Raises Refusal."""
    if from_day > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="from_day"))
    if from_day < opened_on:
        raise Refusal(Reason("handed_over_before_opened", {"opened_on": opened_on.isoformat()}, target="from_day"))


def check_task(title: str, due_on: date | None) -> None:
    """Raises Refusal naming everything that a task lacks."""
    reasons = []
    if not title.strip():
        reasons.append(Reason("task_title_missing", target="title"))
    if due_on is None:
        reasons.append(Reason("task_due_missing", target="due_on"))
    if reasons:
        raise Refusal(*reasons)


def hash_of(text: str) -> str:
    """SHA-256 of a note, which stands in the case's log: the note cannot be changed afterwards without showing."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be mentioned."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a note: `kind` is `text`, `link` (an http or https address) or `mention` (@ and a name)."""

    kind: str
    text: str


def mentioned(text: str, people: Iterable[Named]) -> tuple[int, ...]:
    """The ids of those whose `@Name` stands in the text, in any case of letters, each once, in the order of `people`."""
    people = tuple(people)
    found = {name for piece, name in _pieces(text, people) if piece.kind == "mention"}
    return tuple(person.id for person in people if person.name.casefold() in found)


def pieces(text: str, people: Iterable[Named]) -> tuple[Piece, ...]:
    """The text cut into words, links and mentions; put together again they are the text."""
    return tuple(piece for piece, _name in _pieces(text, tuple(people)))


def _pieces(text: str, people: Sequence[Named]) -> list[tuple[Piece, str]]:
    # the longest name first: "@Anna Malli" is not "@Anna" followed by a word
    names = sorted({person.name for person in people if person.name.strip()}, key=len, reverse=True)
    patterns = [_LINK.pattern]
    if names:
        patterns.append(r"(?<!\w)@(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")
    found: list[tuple[Piece, str]] = []
    at = 0
    for match in re.finditer("|".join(patterns), text, re.IGNORECASE):
        words = match.group()
        is_link = not words.startswith("@")
        words = _without_what_follows(words) if is_link else words
        if is_link and not words.partition("//")[2]:
            continue
        if match.start() > at:
            found.append((Piece("text", text[at : match.start()]), ""))
        at = match.start() + len(words)
        found.append((Piece("link" if is_link else "mention", words), "" if is_link else words[1:].casefold()))
    if at < len(text):
        found.append((Piece("text", text[at:]), ""))
    return found


def _without_what_follows(address: str) -> str:
    """An address ends before the full stop of its sentence, and before a bracket that was opened before it."""
    while address and (address[-1] in _AFTER_A_LINK or (address[-1] == ")" and address.count(")") > address.count("("))):
        address = address[:-1]
    return address


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a task that two people have changed: what was typed here, and what stands there now."""

    field: str
    yours: Any
    theirs: Any


def differences(yours: dict[str, Any], theirs: dict[str, Any]) -> tuple[Difference, ...]:
    """The fields in which a task as typed is not the task as it stands."""
    return tuple(Difference(name, value, theirs[name]) for name, value in yours.items() if value != theirs[name])
