"""What may be told of a procurement in public, and from when: by its stage and procedure. Filled from `catalogue/publicity.toml`.

The statutes behind it: the Act on Public Procurement (1397/2016), and the Act on the Openness of Government Activities (621/1999), whose
sections are recalled and have to be checked before anybody relies on them (domain facts E.5).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import PREPARATION as PREPARING
from procure.domain.procedures import Procedure, Statement

PREPARATION, DIALOGUE, NOTICE, TENDERING, EVALUATION = "preparation", "dialogue", "notice", "tendering", "evaluation"
DECISION, NOTIFIED, CONTRACT, CANCELLED = "decision", "notified", "contract", "cancelled"
PHASES: Final = (PREPARATION, DIALOGUE, NOTICE, TENDERING, EVALUATION, DECISION, NOTIFIED, CONTRACT, CANCELLED)
"""In the order in which a procurement goes through them; a cancelled one has left the order."""
ORDERED: Final = PHASES[:-1]

CONTENTS: Final = ("need", "dialogue", "notice", "decision", "tenders", "contract", "results")
"""What something told in public can be about."""

OPEN, EXPECTED, UNKNOWN, NEVER = "open", "expected", "unknown", "never"
STATES: Final = (OPEN, EXPECTED, UNKNOWN, NEVER)

AMOUNT: Final = re.compile(r"\d[\d\s.,\u00a0\u202f]*\s*(?:€|eur\b|euro|milj|mn\b|miljon|million)|[€]\s*\d", re.IGNORECASE)
"""An amount of money as people write it, in the three languages."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A time with the same rules of publicity. `speaker`: who tells."""

    id: str
    name: Trilingual
    speaker: Trilingual
    may: tuple[Statement, ...]
    may_not: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Something to tell. `opens`: the phase from which it is public; `later`: another one in some procedures, by id."""

    id: str
    name: Trilingual
    hint: Trilingual
    opens: str
    citation: str
    confidence: str
    amounts: bool
    """Whether amounts of money may stand in it."""
    after_cancelling: bool
    later: Mapping[str, str] = field(default_factory=dict)

    def opens_in(self, procedure: str) -> str:
        """The phase from which it is public in that procedure."""
        return self.later.get(procedure, self.opens)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a key message, with {facts} to be put in. `phases`: when it is true; () for always."""

    contents: tuple[str, ...]
    phases: tuple[str, ...]
    text: Trilingual


@dataclass(frozen=True, slots=True)
class Rules:
    """One edition. `stages`: stage -> phase; `elsewhere`: (procedure, stage) -> phase, where a procedure has it otherwise."""

    edition: str
    valid_from: date
    phases: tuple[Phase, ...]
    contents: tuple[Content, ...]
    stages: Mapping[str, str]
    elsewhere: Mapping[tuple[str, str], str]
    sentences: tuple[Sentence, ...]

    def phase(self, phase: str) -> Phase:
        """KeyError for one that is not in PHASES."""
        return {known.id: known for known in self.phases}[phase]

    def content(self, content: str) -> Content:
        """KeyError for one that is not in CONTENTS."""
        return {known.id: known for known in self.contents}[content]

    def phase_of(self, procedure: str, stage: str) -> str:
        """The phase of a stage. KeyError for a stage that no procedure has."""
        return self.elsewhere.get((procedure, stage)) or self.stages[stage]


@dataclass(frozen=True, slots=True)
class Floor:
    """The law lets a phase begin no sooner than that day."""

    on: date
    citation: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a case is. `begun`: phase -> the day since which the case has been in it or past it; for CANCELLED the day of that.
    `dialogue_since`: when the market was first consulted; `ahead`: phase -> the first day on which it is expected by the present
    timetable; `floors`: phase -> not before."""

    procedure: str
    phase: str
    begun: Mapping[str, date] = field(default_factory=dict)
    dialogue_since: date | None = None
    ahead: Mapping[str, date] = field(default_factory=dict)
    floors: Mapping[str, Floor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """From when something may be told. `on`: None where that is not known. `phase` opens it."""

    state: str
    on: date | None
    phase: str
    citation: str


def phase_now(rules: Rules, procedure: Procedure, stage: str, cancelled: bool) -> str:
    """The phase of a case that is in `stage`; "" for one that is over."""
    if cancelled:
        return CANCELLED
    if stage:
        return rules.phase_of(procedure.id, stage)
    last = rules.phase_of(procedure.id, procedure.stages[-1].id)
    return NOTIFIED if last == DECISION else last


def begun(rules: Rules, procedure: Procedure, stays: Iterable[tuple[str, date]]) -> dict[str, date]:
    """Phase -> the day since which a case has been in it or past it, from its stays (stage, first day) in their order. Going back takes
    back what had begun since."""
    found: dict[str, date] = {}
    for stage, day in stays:
        place = _place(rules.phase_of(procedure.id, stage))
        found = {phase: since for phase, since in found.items() if _place(phase) <= place}
        found |= {phase: day for phase in ORDERED[: place + 1] if phase not in found}
    return found


def expected(rules: Rules, procedure: str, first_days: Mapping[str, date]) -> dict[str, date]:
    """Phase -> its first expected day, from the first days of the stages ahead (stage -> day) in the timetable. While no procedure has
    been chosen they are those of the one that the timetable counts with."""
    found: dict[str, date] = {}
    for stage, day in first_days.items():
        phase = rules.phase_of(procedure, stage)
        if phase not in found or day < found[phase]:
            found[phase] = day
    return found


def opening(content: Content, at: Situation) -> Opening:
    """From when that may be told in the case."""
    wanted = content.opens_in(at.procedure)
    if at.phase == CANCELLED:
        return _after_cancelling(content, at, wanted)
    if wanted == DIALOGUE and at.dialogue_since is not None:
        return Opening(OPEN, at.dialogue_since, wanted, content.citation)
    if _place(at.phase) >= _place(wanted) and wanted != DIALOGUE:
        return Opening(OPEN, at.begun.get(wanted), wanted, content.citation)
    if wanted == DIALOGUE and _place(at.phase) > _place(DIALOGUE):
        return Opening(NEVER, None, wanted, content.citation)  # the procedure runs, and nobody was consulted before it
    return _ahead(content, at, wanted)


def _after_cancelling(content: Content, at: Situation, wanted: str) -> Opening:
    """What was public stays so, apart from what the end has made untrue; the decision to cancel is one to tell of."""
    since = at.dialogue_since if wanted == DIALOGUE else at.begun.get(wanted)
    if content.id == "decision":
        since = since or at.begun.get(CANCELLED)
    is_open = content.after_cancelling and since is not None
    return Opening(OPEN if is_open else NEVER, since if is_open else None, wanted, content.citation)


def _ahead(content: Content, at: Situation, wanted: str) -> Opening:
    first = min((day for phase, day in at.ahead.items() if phase in ORDERED and _place(phase) >= _place(wanted)), default=None)
    if wanted == DIALOGUE:
        first = at.ahead.get(DIALOGUE)
    floors = [floor for phase, floor in at.floors.items() if _place(phase) <= _place(wanted)]
    last = max(floors, key=lambda floor: floor.on, default=None)
    if last is not None and (first is None or last.on > first):
        return Opening(EXPECTED, last.on, wanted, last.citation)
    return Opening(UNKNOWN if first is None else EXPECTED, first, wanted, content.citation)


def _place(phase: str) -> int:
    return ORDERED.index(phase)


def check_planned(content: Content, planned_on: date, at: Situation, today: date) -> None:
    """Something may be planned for a day on which it will be public, as far as the timetable tells. Raises Refusal with the section."""
    found = opening(content, at)
    if found.state == NEVER:
        raise Refusal(Reason("communication_never", citation=found.citation, target="content"))
    if found.state == EXPECTED and found.on is not None and planned_on < found.on:
        raise Refusal(
            Reason("communication_too_early", {"first_on": found.on.isoformat()}, citation=found.citation, target="planned_on")
        )
    if found.state in (EXPECTED, UNKNOWN) and planned_on <= today:
        raise Refusal(Reason("communication_not_public", citation=found.citation, target="planned_on"))


def check_public(content: Content, at: Situation) -> None:
    """Something is told only once it is public. Raises Refusal with the section."""
    found = opening(content, at)
    if found.state != OPEN:
        raise Refusal(Reason("communication_not_public", citation=found.citation))


def next_phase(at: Situation, procedure: Procedure, stage: str, rules: Rules) -> str:
    """The phase that follows the present one on the way of the procedure; "" for none. What follows the preparation while no procedure
    has been chosen is a notice."""
    ids = [known.id for known in procedure.stages]
    behind = ids[ids.index(stage) + 1 :] if stage in ids else []
    found = next((phase for known in behind if (phase := rules.phase_of(procedure.id, known)) != at.phase), "")
    return found or (NOTICE if stage and procedure.id == PREPARING else "")


# drafting


def names_amount(text: str) -> bool:
    """Whether the text names an amount of money, as far as it can be told from its signs."""
    return AMOUNT.search(text) is not None


def draft(rules: Rules, content: Content, phase: str, facts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """A neutral message in each language of LANGUAGES, from the facts (language -> name -> words) that there are.

    A sentence whose facts are not there in the language is left out, and so is one that names money where the content may not. Facts
    of suppliers or of the value are never put in: there is no sentence for them.
    """
    chosen = [one for one in rules.sentences if content.id in one.contents and (not one.phases or phase in one.phases)]
    return {language: _message(chosen, content, facts.get(language, {}), language) for language in LANGUAGES}


def _message(chosen: Sequence[Sentence], content: Content, facts: Mapping[str, str], language: str) -> str:
    known = {name: words.strip() for name, words in facts.items() if words.strip()}
    if not content.amounts:
        known = {name: words for name, words in known.items() if not names_amount(words)}
    texts = (one.text[language] for one in chosen)
    return "\n\n".join(_put(text, known) for text in texts if placeholders(text) <= known.keys())


def _put(text: str, facts: Mapping[str, str]) -> str:
    """The facts in their places; a full stop that the fact brings along itself is not doubled."""
    filled = re.sub(r"\{(\w+)\}", lambda found: facts[found.group(1)], text)
    return re.sub(r"([.!?…])\.(?=\s|$)", r"\1", filled)


def placeholders(text: str) -> frozenset[str]:
    """The facts that a sentence needs."""
    return frozenset(re.findall(r"\{(\w+)\}", text))
