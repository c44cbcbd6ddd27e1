"""Made-up cases as rows of the tables: the same total, cities and people give the same rows, whoever makes which block.

The rows carry texts that both databases read (dates as ISO, moments in UTC without a zone, JSON), so that a million of them
go in without passing through objects one by one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

from procure.cases import texts
from procure.catalogue import demo, procedures, questions
from procure.desk.made_up_results import Brought
from procure.domain import dates, stages
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.procedures import PREPARATION, Procedure, Stage
from procure.domain.questions import Answer
from procure.domain.references import chained, event_row, reference

FIRST_DAY: Final = date(2017, 1, 2)
LAST_DAY: Final = date(2026, 11, 20)
"""Nothing made up happens later, so that the same total gives the same cases on any day."""
BLOCK: Final = 1000
GROWTH: Final = 0.35
"""Below one: more cases in later years."""
JOINT: Final = 0.01
"""The share of cases that two cities do together."""
SKIPPED: Final = 0.4
ROLE: Final = "officer"
OFFICE_HOUR: Final = time(9, 12)

CASE_COLUMNS: Final = (
    "id", "reference", "organisation_id", "language", "questionnaire_edition", "procedure", "procedure_edition", "opening_key",
    "opened_on", "opened_by_id", "responsible_id", "title_fi", "title_sv", "title_en", "contract_kind", "value_amount",
    "stage", "stage_entered_on", "state", "next_date", "next_date_kind", "sort_date", "last_sequence", "last_hash",
    "last_event_on",
)  # fmt: skip
ANSWER_COLUMNS: Final = ("case_id", "question", "value", "known", "version", "saved_at", "saved_by")
EVENT_COLUMNS: Final = (
    "case_id", "sequence", "kind", "payload", "happened_on", "recorded_at", "recorded_by_id", "recorded_by", "role", "hash",
)  # fmt: skip
PARTNER_COLUMNS: Final = ("case_id", "organisation_id", "sort_date", "procedure", "stage")
TEXT_COLUMNS: Final = ("case_id", "readers", "title", "plain", "fi", "sv", "en", "inside")

PROCEDURES: Final = {
    "small_purchase": (58, 5_000, 60_000), "national": (12, 60_000, 220_000), "challenge_competition": (9, 20_000, 200_000),
    "direct_award": (5, 20_000, 900_000), "open": (4, 221_000, 9_000_000), "light_regime": (2, 400_000, 5_000_000),
    "pcp": (2, 300_000, 6_000_000), "competitive_negotiation": (2, 250_000, 20_000_000), "design_contest": (1, 60_000, 400_000),
    "competitive_dialogue": (1, 500_000, 20_000_000), "innovation_partnership": (1, 500_000, 9_000_000), "dps": (1, 300_000, 9_000_000),
    "framework": (1, 221_000, 9_000_000), "restricted": (1, 221_000, 9_000_000), "concession": (1, 5_700_000, 30_000_000),
}  # fmt: skip
"""Procedure: how many in a hundred cases, and between which values in euros."""
KINDS: Final = {
    "light_regime": "social_health_services", "pcp": "rd_services", "design_contest": "design_contest", "concession": "concession",
}  # fmt: skip
CPV: Final = ("32440000", "34992000", "38434000", "45259000", "48000000", "50230000", "72212000", "73100000", "90720000")


@dataclass(frozen=True, slots=True)
class City:
    """`staff`: ids and names of those who open cases there."""

    id: int
    code: str
    letters: str
    language: str
    staff: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Cases `start` to `stop` (exclusive) of a batch. `taken`: the last running number before the block, by city and year."""

    total: int
    first_id: int
    start: int
    stop: int
    taken: Mapping[tuple[int, int], int]


@dataclass(slots=True)
class Rows:
    cases: list[tuple[Any, ...]] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    partners: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[tuple[Any, ...]] = field(default_factory=list)


def place_of(index: int, total: int, cities: int) -> tuple[int, date]:
    """Which city opens the case of that index, and when. Later cases are opened later, more of them in later years."""
    days = (LAST_DAY - FIRST_DAY).days
    opened_on = FIRST_DAY + timedelta(days=int(days * (index / total) ** GROWTH))
    return (index * 2_654_435_761 % 4_294_967_296) * cities >> 32, opened_on


def blocks(total: int, first_id: int, cities: int, taken: dict[tuple[int, int], int]) -> Iterator[Block]:
    """The batch in pieces. `taken` is brought up to date with the running numbers that the pieces use."""
    for start in range(0, total, BLOCK):
        stop = min(start + BLOCK, total)
        yield Block(total, first_id, start, stop, dict(taken))
        for index in range(start, stop):
            city, opened_on = place_of(index, total, cities)
            taken[city, opened_on.year] = taken.get((city, opened_on.year), 0) + 1


def rows_of(block: Block, cities: tuple[City, ...]) -> Rows:
    """Every row of the block's cases."""
    chance = Random(block.total * 1_000_003 + block.start)  # noqa: S311 - made-up cases are to come out the same
    taken, rows = dict(block.taken), Rows()
    for index in range(block.start, block.stop):
        at, opened_on = place_of(index, block.total, len(cities))
        number = taken[at, opened_on.year] = taken.get((at, opened_on.year), 0) + 1
        city = cities[at]
        mark = mark_of(block.total) if index == block.total - 1 else None
        story = Story(chance, city, opened_on, reference(city.letters, opened_on.year, number))
        story.tell(cities)
        story.put_into(rows, block.first_id + index, mark)
    return rows


def mark_of(total: int) -> str:
    """Kept with the last case of a batch: a batch that has it is complete."""
    return f"made-up-{total}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The moment at which what happened on a day was recorded, as the rules, the hash and the databases read it."""

    moment: datetime
    iso: str
    sql: str
    """In UTC without a zone; PostgreSQL must be told that the session's zone is UTC."""


@lru_cache(4096)
def _stamp(day: date) -> Stamp:
    moment = datetime.combine(day, OFFICE_HOUR, UTC)
    return Stamp(moment, moment.isoformat(), moment.strftime("%Y-%m-%d %H:%M:%S.000000"))


class Story:
    """One case from its opening to LAST_DAY."""

    def __init__(self, chance: Random, city: City, opened_on: date, name: str) -> None:
        self.chance, self.city, self.opened_on, self.name = chance, city, opened_on, name
        self.person_id, self.person = self._one_of(city.staff)
        self.procedure = procedures.catalogue().preparation
        self.answers: dict[str, Any] = {}
        self.answered: list[tuple[str, Any, date]] = []
        self.events: list[tuple[str, dict[str, Any], date]] = []
        self.stage_events: list[tuple[stages.StageEvent, Procedure]] = []
        self.partners: list[int] = []
        self.brought: Brought | None = None

    def _one_of(self, things: Any) -> Any:
        return things[int(self.chance.random() * len(things))]

    def _words(self, text: Trilingual) -> dict[str, str]:
        return {self.city.language: text[self.city.language]}

    def tell(self, cities: tuple[City, ...]) -> None:
        self.aim, (_, least, most) = _chosen(self.chance.random())
        self._open(least, most)
        if self.chance.random() < JOINT:
            self._join(cities)
        day, position = self.opened_on, 0
        if self.aim == "small_purchase":
            self._choose(day)
        while position < len(self.procedure.stages):
            stage = self.procedure.stages[position]
            if stage.id == "plan" and self.procedure.id == PREPARATION:
                self._choose(day)
                position = [known.id for known in self.procedure.stages].index("plan")
            skipped = stage.optional and self.chance.random() < SKIPPED
            left_on = day + timedelta(days=1 if skipped else self._days(stage))
            if left_on > LAST_DAY:
                return
            if stage.id == "need":
                self._describe(day)
            self._leave(stage, left_on, skipped)
            day, position = left_on, position + 1

    def _days(self, stage: Stage) -> int:
        """Calendar days in a stage: some are quicker than usual, some slower."""
        return int(stage.usual_days * 1.4 * (0.5 + self.chance.random()))

    def _note(self, kind: str, payload: dict[str, Any], day: date) -> None:
        self.events.append((kind, payload, day))
        if kind in stages.STAGE_EVENTS:
            stage, reason = payload.get("stage", ""), payload.get("reason", "")
            event = stages.StageEvent(kind, day, _stamp(day).moment, self.person, stage, reason)
            self.stage_events.append((event, self.procedure))

    def _answer(self, answers: dict[str, Any], day: date) -> None:
        self.answers |= answers
        self.answered += [(question, value, day) for question, value in answers.items()]

    def _open(self, least: int, most: int) -> None:
        words, edition = demo.words(), self.procedure.edition
        thing, target, place = self._one_of(words.thing), self._one_of(words.target), self._one_of(words.place)
        value = int(least * (most / least) ** self.chance.random()) // 500 * 500
        first = {
            "title": {code: f"{thing[code]} {target[code]}, {place[code]}" for code in LANGUAGES},
            "contract_kind": KINDS.get(self.aim) or self._one_of(("services", "services", "goods", "works")),
            "value_amount": str(value),
        }
        self.brought = Brought(self.name, value, self.city.language)
        self._answer(first, self.opened_on)
        self._note(stages.OPENED, {"procedure": PREPARATION, "edition": edition, "answers": first}, self.opened_on)

    def _join(self, cities: tuple[City, ...]) -> None:
        """A joint procurement with one other city."""
        other = self._one_of([city for city in cities if city.id != self.city.id])
        self.partners.append(other.id)
        self._save({"partners": [other.code]}, self.opened_on)

    def _save(self, answers: dict[str, Any], day: date) -> None:
        self._answer(answers, day)
        changes = {question: {"new": value} for question, value in answers.items()}
        self._note("answers_saved", {"changes": changes}, day)

    def _describe(self, day: date) -> None:
        words = demo.words()
        answers: dict[str, Any] = {
            question: self._words(self._one_of(choices))
            for question, choices in (
                ("need", words.need), ("desired_outcome", words.outcome), ("users", words.users), ("owner", words.owner),
            )
        }  # fmt: skip
        answers["cpv"] = [self._one_of(CPV)]
        if self.chance.random() < 0.4:
            needed_by = self.opened_on + timedelta(days=300 + int(500 * self.chance.random()))
            answers["contract_needed_by"] = needed_by.isoformat()
        self._save(answers, day)

    def _choose(self, day: date) -> None:
        procedure = procedures.catalogue().latest(self.aim, day)
        reason = demo.words().choice[0][self.city.language]
        payload = {"procedure": procedure.id, "edition": procedure.edition, "old": self.procedure.id, "reason": reason}
        self.procedure = procedure
        self._note(stages.PROCEDURE_CHOSEN, payload, day)

    def _leave(self, stage: Stage, day: date, skipped: bool) -> None:
        if skipped:
            self._note(stages.SKIPPED, {"stage": stage.id, "reason": demo.words().skip[0][self.city.language]}, day)
            return
        assert self.brought is not None  # the case has been opened
        for found in self.brought.before(stage.id, day):
            self._note(*found)
        self._note(stages.COMPLETED, _completion(self.procedure, stage), day)
        for found in self.brought.after(stage.id, day):
            self._note(*found)

    def put_into(self, rows: Rows, case_id: int, mark: str | None) -> None:
        previous = ""
        for sequence, (kind, payload, day) in enumerate(self.events, start=1):
            at = _stamp(day)
            row = event_row(self.name, sequence, kind, payload, day.isoformat(), at.iso, self.person_id, self.person, ROLE)
            previous = chained(previous, row)
            rows.events.append(
                (
                    case_id,
                    sequence,
                    kind,
                    _text(kind, payload),
                    day.isoformat(),
                    at.sql,
                    self.person_id,
                    self.person,
                    ROLE,
                    previous,
                )
            )
        for question, value, day in self.answered:
            rows.answers.append((case_id, question, _json(value), 1, 1, _stamp(day).sql, self.person))
        columns = self._columns(mark)
        case = dict(zip(CASE_COLUMNS[1:], columns, strict=False))
        kept = (case["sort_date"], case["procedure"], case["stage"])
        rows.partners.extend((case_id, partner, *kept) for partner in self.partners)
        rows.cases.append((case_id, *columns, len(self.events), previous, self.events[-1][2].isoformat()))
        rows.texts.append((case_id, *self._texts()))

    def _texts(self) -> tuple[str, ...]:
        """What the case is found by, from the rule that `cases.service.refresh` follows."""
        answers = {question: Answer(value) for question, value in self.answers.items()}
        readers, edition = [self.city.id, *self.partners], questions.catalogue().latest.edition
        return astuple(texts.texts_of(self.name, self.city.language, edition, readers, answers))

    def _columns(self, mark: str | None) -> tuple[Any, ...]:
        """What `cases.service.refresh` derives, from the same rules."""
        progress = stages.replay(self.stage_events)
        current, titles = progress.current, self.answers["title"]
        upcoming = dates.next_date(progress, self.procedure, None, _day(self.answers.get("contract_needed_by")))
        next_date = upcoming.on.isoformat() if upcoming else None
        return (
            self.name, self.city.id, self.city.language, questions.catalogue().latest.edition, self.procedure.id, self.procedure.edition,
            mark, self.opened_on.isoformat(), self.person_id, self.person_id, titles["fi"], titles["sv"], titles["en"],
            self.answers["contract_kind"], int(self.answers["value_amount"]) * 100, current.stage if current else "",
            str(progress.stands_since), progress.state, next_date, upcoming.kind if upcoming else "", next_date or "9999-12-31",
        )  # fmt: skip


def _chosen(position: float) -> tuple[str, tuple[int, int, int]]:
    """The procedure in which `position`, from 0 to 1, falls."""
    left = position * sum(share for share, _, _ in PROCEDURES.values())
    for name, facts in PROCEDURES.items():
        left -= facts[0]
        if left < 0:
            return name, facts
    raise ValueError(position)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _completion(procedure: Procedure, stage: Stage) -> dict[str, Any]:
    """What the log says of a completed stage: the same for every case, so made once."""
    key = procedure.id, procedure.edition, stage.id
    if key not in _completions:
        confirmed = sorted(point.id for point in stage.gate if point.by_person)
        _completions[key] = {"stage": stage.id, "confirmed": confirmed, "reason": ""}
    return _completions[key]


_completions: dict[tuple[str, str, str], dict[str, Any]] = {}
_json: Final = json.JSONEncoder().encode


def _text(kind: str, payload: dict[str, Any]) -> str:
    if kind != stages.COMPLETED:
        return _json(payload)
    return _completed_text(payload["stage"], tuple(payload["confirmed"]))


@lru_cache(1024)
def _completed_text(stage: str, confirmed: tuple[str, ...]) -> str:
    return _json({"stage": stage, "confirmed": confirmed, "reason": ""})
