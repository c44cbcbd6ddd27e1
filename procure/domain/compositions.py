"""Documents that are composed of parts: which words each part holds, what the law asks for, and what is still missing.

Filled from `catalogue/compositions`, one file a kind of document (domain facts F). A part takes answers of the case, words that are
written for this document alone, and sentences that are always there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from procure.domain.language import Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.questions import Answers, has_value

FIELD_KINDS: Final = ("line", "text", "date", "money", "number", "yes_no", "table")
COLUMN_KINDS: Final = ("line", "text", "date", "money", "number")
SHOWN: Final = ("tenders", "effects")
"""What a part may show of the results that are recorded in the case."""
REPEATS: Final = ("meeting", "phase", "round", "period", "modification")
"""Of what a case has several, each with a document of the kind."""
LONGEST: Final = {"line": 300, "text": 20_000}
LONGEST_NAME: Final = 120
"""Characters."""
MOST_OF_KIND: Final = 200
"""Documents of one kind in a case."""
MOST_ROWS: Final = 200
MOST_WORDS: Final = 400_000
"""Characters in one document."""

Fields = Mapping[str, Any]
"""Field id -> value: text, plain decimal (money, number), ISO day, bool, or a list of rows (column id -> value)."""


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    kind: str
    label: Trilingual


@dataclass(frozen=True, slots=True)
class Field:
    """Words for this document alone. `hint`: what belongs there; None where the label says it."""

    id: str
    kind: str
    label: Trilingual
    hint: Trilingual | None
    needed: bool
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One heading. `answers` must have a value for the document to be complete, `more` show when they have one; with `unless`
    nothing here is missing as soon as one of those answers is there. `says`: sentences that always stand there. `shows`: results of the
    case, where there are any. `signatures`: in which role people sign here by hand."""

    id: str
    heading: Trilingual
    citation: str
    answers: tuple[str, ...]
    more: tuple[str, ...]
    unless: tuple[str, ...]
    says: tuple[Trilingual, ...]
    fields: tuple[Field, ...]
    signatures: tuple[Trilingual, ...] = ()
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composition:
    """`outside`: goes to people outside the city, so that nothing but its own words may stand in the file. `repeats`: one of REPEATS
    where a case may have several; `apart`: the label of what tells them apart, `apart_hint` an example."""

    document: str
    edition: str
    issued_by: tuple[str, ...]
    outside: bool
    lead: Trilingual | None
    parts: tuple[Part, ...]
    repeats: str = ""
    apart: Trilingual | None = None
    apart_hint: Trilingual | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for part in self.parts for field in part.fields)

    def field(self, field_id: str) -> Field:
        """KeyError when there is none."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise KeyError(field_id)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a part lacks: an answer of the case, or a field of the document."""

    part: str
    question: str = ""
    field: str = ""


def is_given(value: Any) -> bool:
    """Whether a field says something; False and 0 do."""
    return value is not None and value != "" and value != []


def missing(composition: Composition, answers: Answers, fields: Fields) -> tuple[Missing, ...]:
    """Everything that keeps the document a draft, in its order."""
    found: list[Missing] = []
    for part in composition.parts:
        if any(has_value(question, answers) for question in part.unless):
            continue
        found += [Missing(part.id, question=question) for question in part.answers if not has_value(question, answers)]
        found += [
            Missing(part.id, field=field.id) for field in part.fields if field.needed and not is_given(fields.get(field.id))
        ]
    return tuple(found)


def changes(before: Fields, after: Fields) -> dict[str, dict[str, Any]]:
    """Field id -> old and new value, for those that are another now; null where there was or is nothing."""
    found = {}
    for field in dict.fromkeys((*before, *after)):
        old, new = _plain(before.get(field)), _plain(after.get(field))
        if old != new:
            found[field] = {"old": old, "new": new}
    return found


def applied(before: Fields, changed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The fields after `changed`; those that say nothing are left out. ValueError when an old value is another one."""
    found = {field: value for field, value in before.items() if is_given(value)}
    for field, change in changed.items():
        if _plain(found.get(field)) != change["old"]:
            raise ValueError(field)
        found.pop(field, None)
        if is_given(change["new"]):
            found[field] = change["new"]
    return found


def seal_of(about: str, fields: Fields, salt: str) -> str:
    """What the log keeps in place of words that show tender material: whoever has the words can prove them by it, and nobody else can
    guess them, since `salt` stands with the words alone. SHA-256 in hexadecimal."""
    said = {"about": about, "fields": {field: value for field, value in fields.items() if is_given(value)}, "salt": salt}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value if is_given(value) else None


def check_size(fields: Fields) -> None:
    """A document has an end. Raises Refusal."""
    rows = [value for value in fields.values() if isinstance(value, list)]
    words = sum(len(str(value)) for value in fields.values())
    if words > MOST_WORDS or any(len(row) > MOST_ROWS for row in rows):
        raise Refusal(Reason("document_long", {"rows": str(MOST_ROWS)}))


@dataclass(frozen=True, slots=True)
class Change:
    """Something that an issued document says otherwise than the case does now. `place`: heading and label; "" where it had or has
    nothing."""

    place: str
    old: str
    new: str


def differences(issued: Mapping[str, str], now: Mapping[str, str]) -> tuple[Change, ...]:
    """What has changed since a document was issued: place -> text then and now. Places keep the order of today's document."""
    places = dict.fromkeys((*now, *issued))
    return tuple(
        Change(place, issued.get(place, ""), now.get(place, ""))
        for place in places
        if issued.get(place, "") != now.get(place, "")
    )
