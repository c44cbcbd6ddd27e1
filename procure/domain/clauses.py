"""Standard clauses of a city: short texts that stand in every composed document of a kind, each in dated editions.

A clause belongs to a part of the document, or to none: then it stands at the end. An edition is never changed; the last one of a clause
may say that the clause has ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from procure.domain.compositions import Composition
from procure.domain.language import LANGUAGES
from procure.domain.letterheads import holding as latest
from procure.domain.outcomes import Reason, Refusal

LEFT_OUT: Final = "clauses_left_out"
"""Among the words of a document: the numbers of the clauses that it goes without."""
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 2000
"""Characters in one language."""
MOST_CLAUSES: Final = 200
"""Of one city, those that have ended too."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One edition. `number` is the clause's own within its city and stays; `part` "": the end of the document."""

    number: int
    edition: int
    kind: str
    part: str
    subject: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    valid_from: date
    ended: bool


def in_force(editions: Iterable[Clause], day: date) -> tuple[Clause, ...]:
    """The editions that hold on the day, by number; without the clauses that have ended."""
    ordered = sorted(editions, key=lambda one: one.number)
    found = (latest(group, day) for _number, group in groupby(ordered, key=lambda one: one.number))
    return tuple(one for one in found if one is not None and not one.ended)


def of_document(editions: Iterable[Clause], composition: Composition, day: date) -> tuple[Clause, ...]:
    """Those in force that stand in that kind of document."""
    return tuple(one for one in in_force(editions, day) if one.kind == composition.document)


def at_end(clauses: Iterable[Clause], composition: Composition) -> tuple[Clause, ...]:
    """Those of no part, or of a part that the document no longer has."""
    parts = {part.id for part in composition.parts}
    return tuple(one for one in clauses if one.part not in parts)


def numbers_left_out(fields: Mapping[str, Any]) -> frozenset[int]:
    return frozenset(number for number in fields.get(LEFT_OUT) or () if isinstance(number, int))


def choice(before: Iterable[int], shown: Iterable[int], ticked: Iterable[int]) -> list[int]:
    """What the document goes without now: what was ticked of the clauses on the form, and of the others what was chosen before."""
    on_form = set(shown)
    return sorted((set(ticked) & on_form) | (set(before) - on_form))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clause as its city wants it from `valid_from` on."""

    kind: str
    part: str
    subject: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    valid_from: date

    @property
    def tidy(self) -> tuple[dict[str, str], dict[str, str]]:
        """Titles and texts, those given only, in one fixed order."""
        titles = {code: " ".join(text.split()) for code in LANGUAGES if (text := self.titles.get(code, "")).strip()}
        texts = {code: text.replace("\r\n", "\n").strip() for code in LANGUAGES if (text := self.texts.get(code, "")).strip()}
        return titles, texts


def check(wanted: Wanted, parts: Mapping[str, Sequence[str]], today: date) -> None:
    """`parts`: the parts of each composed kind of document. A title for each text. Raises Refusal with every reason."""
    titles, texts = wanted.tidy
    reasons = []
    if wanted.kind not in parts or wanted.part not in ("", *parts[wanted.kind]):
        reasons.append(Reason("clause_place_unknown", target="part"))
    if not texts:
        reasons.append(Reason("clause_text_missing", target="text_fi"))
    reasons += [Reason("clause_title_missing", target=f"title_{code}") for code in texts if code not in titles]
    reasons += [Reason("clause_text_missing", target=f"text_{code}") for code in titles if code not in texts and texts]
    reasons += check_day(wanted.valid_from, today)
    if reasons:
        raise Refusal(*reasons)


def check_day(valid_from: date, today: date) -> list[Reason]:
    """A first day lies not in the past: what a document has said stays explained."""
    past = Reason("edition_day_past", {"today": today.isoformat()}, target="valid_from")
    return [past] if valid_from < today else []
