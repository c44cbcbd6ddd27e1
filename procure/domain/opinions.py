"""An expert's opinion from draft to what the city made of it: parts, second reader, numbers, versions and reviews. Practice, not law."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import OPINION_PARTS, Opinion

CONFIDENCES: Final = ("low", "medium", "high")
OUTCOMES: Final = ("followed", "partly", "not_followed")
MARKS: Final = ("useful", "clear", "in_time")
LOWEST_MARK: Final = 1
HIGHEST_MARK: Final = 5
LETTERS: Final = "AL"
"""Of *asiantuntijalausunto*; the same in every language, as a number is for finding."""

EMPTY: Final = Opinion("", "", "", "", "", "")
"""Nothing written yet."""

READING_ACTS: Final = ("asked", "declared", "declined", "agreed", "returned")


@dataclass(frozen=True, slots=True)
class Content:
    """What an opinion says. `citations`: ids of the citation catalogue; `changed` and `why` only of a correction."""

    parts: Opinion = EMPTY
    citations: tuple[str, ...] = ()
    confidence: str = ""
    confidence_reason: str = ""
    changed: str = ""
    why: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything in it: the same for the same words."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def tidy(content: Content) -> Content:
    """The same without space at the ends and with one kind of line ends: what a form gives back is what was kept."""
    parts = Opinion(*(_tidy(getattr(content.parts, part)) for part in OPINION_PARTS))
    texts = {name: _tidy(getattr(content, name)) for name in ("confidence_reason", "changed", "why")}
    return replace(content, parts=parts, citations=tuple(sorted(set(content.citations))), **texts)


def _tidy(text: str) -> str:
    return "\n".join(text.strip().splitlines())


def shown(year: int, number: int, version: int | None = None) -> str:
    """`AL-2026-0012`, or `AL-2026-0012/1` with the version."""
    name = f"{LETTERS}-{year}-{number:04d}"
    return name if version is None else with_version(name, version)


def with_version(name: str, version: int) -> str:
    """`AL-2026-0012` and 1 -> `AL-2026-0012/1`."""
    return f"{name}/{version}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One act of a second reading. `fingerprint`: of the draft that was before the reader's eyes; "" where none was."""

    act: str
    asked_by: int
    reader: int
    reader_name: str = ""
    fingerprint: str = ""
    text: str = ""


READING_STATES: Final = ("none", "asked", "reading", "declined", "returned", "stale", "agreed")


@dataclass(frozen=True, slots=True)
class SecondReading:
    """How it stands: `none` asked, `asked` and not yet declared, `reading`, `declined` for a conflict of interest, `returned` with
    remarks, `stale`: agreed, but to other words than those of now, or `agreed`."""

    state: str = "none"
    reader: int = 0
    reader_name: str = ""
    remarks: str = ""


def second_reading(readings: Sequence[Reading], expert: int, fingerprint: str) -> SecondReading:
    """How the expert's draft with that fingerprint stands with its last reader. What an earlier expert asked for counts no more."""
    asked = max((place for place, reading in enumerate(readings) if reading.act == "asked"), default=-1)
    if asked < 0 or readings[asked].asked_by != expert:
        return SecondReading()
    last = readings[-1]
    state = "reading" if last.act == "declared" or (last.act == "asked" and _has_declared(readings, last)) else last.act
    if state == "agreed" and (last.fingerprint != fingerprint or last.reader == expert):
        state = "stale"
    return SecondReading(state, last.reader, last.reader_name, last.text)


def _has_declared(readings: Sequence[Reading], asked: Reading) -> bool:
    """Whether that reader has declared to have no conflict in this request before: asked again, the draft opens at once."""
    return any(reading.act == "declared" and reading.reader == asked.reader for reading in readings)


def may_be_asked(reader: int, expert: int, conflicts: frozenset[int]) -> bool:
    """Whether that person may be the second reader: never the expert, and nobody who has declared a conflict of interest."""
    return reader != expert and reader not in conflicts


def check_reader(reader: int, expert: int, people: frozenset[int], conflicts: frozenset[int]) -> None:
    """The reader is one of the network's other active people, without a conflict of interest. Raises Refusal."""
    if reader == expert:
        raise Refusal(Reason("opinion_reader_self", target="reader"))
    if reader not in people or not may_be_asked(reader, expert, conflicts):
        raise Refusal(Reason("opinion_reader_unknown", target="reader"))


def check_content(content: Content, known: frozenset[str], citations_wanted: bool, correction: bool) -> None:
    """Everything that an opinion needs. `known`: ids of the citation catalogue. Raises Refusal with every reason at once."""
    lacking = [
        Reason(f"opinion_{part}_missing", target=part) for part in OPINION_PARTS if not getattr(content.parts, part).strip()
    ]
    if content.confidence not in CONFIDENCES:
        lacking.append(Reason("opinion_confidence_missing", target="confidence"))
    if not content.confidence_reason.strip():
        lacking.append(Reason("opinion_confidence_reason_missing", target="confidence_reason"))
    if not set(content.citations) <= known:
        lacking.append(Reason("opinion_citation_unknown", target="citations"))
    if citations_wanted and not content.citations:
        lacking.append(Reason("opinion_citations_missing", target="citations"))
    if correction:
        lacking += [
            Reason(f"opinion_{part}_missing", target=part) for part in ("changed", "why") if not getattr(content, part).strip()
        ]
    if lacking:
        raise Refusal(*lacking)


def check_reading(reading: SecondReading) -> None:
    """The second reader has agreed to these very words. Raises Refusal naming what is missing."""
    if reading.state != "agreed":
        raise Refusal(Reason(f"opinion_reader_{reading.state}", {"reader": reading.reader_name}))


@dataclass(frozen=True, slots=True)
class Review:
    """What a city made of an opinion. Marks from 1 to 5, None where nothing was said."""

    outcome: str
    because: str = ""
    marks: Mapping[str, int | None] = field(default_factory=dict)


def check_review(review: Review) -> None:
    """An outcome is named, with the reason when it is not "followed"; marks are 1 to 5. Raises Refusal."""
    reasons = []
    if review.outcome not in OUTCOMES:
        reasons.append(Reason("review_outcome_missing", target="outcome"))
    elif review.outcome != "followed" and not review.because.strip():
        reasons.append(Reason("review_because_missing", target="because"))
    for mark in MARKS:
        value = review.marks.get(mark)
        if value is not None and not LOWEST_MARK <= value <= HIGHEST_MARK:
            reasons.append(Reason("review_mark_outside", target=mark))
    if reasons:
        raise Refusal(*reasons)


def sees_because(party: str, own_city: bool) -> bool:
    """Whether somebody of that party to the request reads why an opinion was not followed: the city itself, its expert and the
    coordinator; no other city."""
    return party in ("city", "own_expert", "coordinator") or own_city


def current_outcome(reviews: Sequence[tuple[int, str]], version: int) -> str:
    """What the last of the (version, outcome) pairs says of that version; "" when it has not been marked yet."""
    return reviews[-1][1] if reviews and reviews[-1][0] == version else ""
