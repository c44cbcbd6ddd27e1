"""Made-up requests to the experts as rows of the tables: the same total, cities, experts and cases give the same rows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

from procure.catalogue import calendar, triage
from procure.desk.made_up import BLOCK, LAST_DAY, City, place_of
from procure.domain.support import TOPICS
from procure.domain.triage import days_of

REQUEST_COLUMNS: Final = (
    "id", "case_id", "idea_title", "organisation_id", "kind", "product", "product_edition", "details", "asked_by_id", "topic",
    "section", "stage", "question", "urgency", "shares", "language", "state", "expert_id", "asked_at", "answer_by", "first_answer_at",
    "priority", "passed_on_to", "taken_at", "answered_at", "read_at", "form_key", "version_id",
)  # fmt: skip
MESSAGE_COLUMNS: Final = ("request_id", "kind", "act", "author_id", "author", "role", "text", "at")
DECLARATION_COLUMNS: Final = ("request_id", "person_id", "conflict", "text", "at")
OPINION_COLUMNS: Final = (
    "request_id", "question", "facts_used", "opinion", "alternatives_and_risks", "limits", "conflict_statement", "expert",
    "issued_at", "language",
)  # fmt: skip
REVIEW_COLUMNS: Final = ("request_id", "version", "outcome", "because", "useful", "clear", "in_time", "by_id", "by", "at")

PRODUCTS: Final = (
    "", "sparring", "need_clarification", "market_dialogue", "procedure_law_review", "criteria_lcc_review", "ipr_contract_review",
    "pilot_design", "impact_plan", "joint_procurement",
)  # fmt: skip
QUESTION: Final = {
    "fi": "Miten tässä kannattaa edetä?", "sv": "Hur lönar det sig att gå vidare här?", "en": "How should we go on from here?",
}  # fmt: skip
TEXT: Final = "Made up, so that there is something to measure."
CONFLICT: Final = 0.02
HANDED_BACK: Final = 0.03
ASKED_BACK: Final = 0.35
WITHDRAWN: Final = 0.05
READ: Final = 0.9
REVIEWED: Final = 0.6
WITHOUT_CASE: Final = 0.15
OFFICE_HOUR: Final = time(8, 30)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Expert:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the requests are made from. `cases`: ids of cases of each city, by its id; a city may have none."""

    total: int
    first_id: int
    cities: tuple[City, ...]
    experts: tuple[Expert, ...]
    cases: Mapping[int, tuple[int, ...]]


@dataclass(slots=True)
class Rows:
    requests: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    declarations: list[tuple[Any, ...]] = field(default_factory=list)
    opinions: list[tuple[Any, ...]] = field(default_factory=list)
    reviews: list[tuple[Any, ...]] = field(default_factory=list)


def mark_of(total: int) -> str:
    """The form's key of the last request of a batch: a batch that has it is complete."""
    return f"made-up-requests-{total}"


def blocks(setting: Setting) -> Iterator[tuple[int, Rows]]:
    """Every row, a thousand requests at a time, with how many requests are done then."""
    for start in range(0, setting.total, BLOCK):
        stop, rows = min(start + BLOCK, setting.total), Rows()
        chance = Random(setting.total * 7_919 + start)  # noqa: S311 - made-up requests are to come out the same
        for index in range(start, stop):
            _Story(setting, chance, index).put_into(rows)
        yield stop, rows


@lru_cache(8192)
def _moment(day: date) -> str:
    """In UTC without a zone; PostgreSQL must be told that the session's zone is UTC."""
    return datetime.combine(day, OFFICE_HOUR, UTC).strftime("%Y-%m-%d %H:%M:%S.000000")


@lru_cache(8192)
def _workday(day: date) -> date:
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())


class _Story:
    """One request, from the question to the city's review or as far as it has come by LAST_DAY."""

    def __init__(self, setting: Setting, chance: Random, index: int) -> None:
        at, asked_on = place_of(index, setting.total, len(setting.cities))
        self.setting, self.chance, self.number = setting, chance, setting.first_id + index
        self.key = mark_of(setting.total) if index == setting.total - 1 else f"made-up-request-{setting.total}-{index}"
        self.city = setting.cities[at]
        self.asker, self.asker_name = self._one_of(self.city.staff)
        self.asked_on = _workday(asked_on)
        self.urgency = self._one_of(("normal", "normal", "normal", "soon", "urgent"))
        self.topic = TOPICS[int(chance.random() ** 1.6 * len(TOPICS))]  # some are asked about much more than others
        self.expert = self._one_of(setting.experts)

    def _one_of(self, things: Any) -> Any:
        return things[int(self.chance.random() * len(things))]

    def _later(self, day: date, most: int) -> date:
        """A working day up to so many days later: mostly soon, now and then late."""
        return _workday(day + timedelta(days=int(self.chance.random() ** 2 * (most + 1))))

    def put_into(self, rows: Rows) -> None:
        state, days = self._events(rows)
        cases = self.setting.cases.get(self.city.id, ())
        case = self._one_of(cases) if cases and self.chance.random() >= WITHOUT_CASE else None
        held = state in ("taken", "asked_back", "answered")
        moments = [_moment(days[name]) if name in days else None for name in ("first", "taken", "answered", "read")]
        first, taken, answered, read = moments
        rows.requests.append(
            (
                self.number, case, "" if case else "An idea", self.city.id,
                "communications" if self.topic == "communications" else "advice", self._one_of(PRODUCTS), "", "{}", self.asker,
                self.topic, "", "", QUESTION[self.city.language], self.urgency, json.dumps(["need"]), self.city.language, state,
                self.expert.id if held else None, _moment(self.asked_on), _answer_by(self.asked_on, self.urgency).isoformat(), first,
                "normal", "", taken if held else None, answered, read, self.key, 1,
            )
        )  # fmt: skip

    def _events(self, rows: Rows) -> tuple[str, dict[str, date]]:
        """The state that the request has come to, and the days of what has happened."""
        days: dict[str, date] = {}
        if self.chance.random() < WITHDRAWN:
            day = self._later(self.asked_on, 10)
            if day > LAST_DAY:
                return "open", days
            self._say(rows, "system", "withdraw", False, TEXT, day)
            return "withdrawn", days
        taken_on = self._let_go(rows, self._later(self.asked_on, 5))
        if taken_on > LAST_DAY:
            return "open", days
        days["taken"] = taken_on
        self._declare(rows, self.expert, False, taken_on)
        self._say(rows, "system", "take", True, "", taken_on)
        day = taken_on
        if self.chance.random() < ASKED_BACK:
            day = self._later(day, 4)
            if day > LAST_DAY:
                return "taken", days
            days["first"] = day
            self._say(rows, "question", "ask_back", True, TEXT, day)
            day = self._later(day, 6)
            if day > LAST_DAY:
                return "asked_back", days
            self._say(rows, "reply", "reply", False, TEXT, day)
        day = self._later(day, 2 * triage.catalogue().on(day).targets[self.urgency].answer)
        if day > LAST_DAY:
            return "taken", days
        self._answer(rows, days, day)
        return "answered", days

    def _let_go(self, rows: Rows, day: date) -> date:
        """Some are let go by an expert before another one takes them; the day on which it is taken."""
        chance, other = self.chance.random(), self._one_of(self.setting.experts)
        if chance >= CONFLICT + HANDED_BACK or day > LAST_DAY or other.id == self.expert.id:
            return day
        conflict = chance < CONFLICT
        self._declare(rows, other, conflict, day)
        rows.messages.append(
            (self.number, "system", "conflict" if conflict else "hand_back", other.id, other.name, "expert", TEXT, _moment(day))
        )
        return self._later(day, 4)

    def _answer(self, rows: Rows, days: dict[str, date], day: date) -> None:
        days["answered"] = day
        days.setdefault("first", day)
        self._say(rows, "system", "answer", True, "", day)
        rows.opinions.append(
            (
                self.number,
                QUESTION[self.city.language],
                *[TEXT] * 5,
                self.expert.name,
                _moment(day),
                self.city.language,
            )
        )
        read_on = self._later(day, 7)
        if read_on <= LAST_DAY and self.chance.random() < READ:
            days["read"] = read_on
            if self.chance.random() < REVIEWED:
                self._review(rows, read_on)

    def _review(self, rows: Rows, day: date) -> None:
        outcome = self._one_of(("followed", "followed", "followed", "partly", "not_followed"))
        marks = [self._one_of((None, 2, 3, 4, 4, 5, 5)) for _mark in range(3)]
        rows.reviews.append((self.number, 1, outcome, TEXT, *marks, self.asker, self.asker_name, _moment(day)))

    def _declare(self, rows: Rows, expert: Expert, conflict: bool, day: date) -> None:
        rows.declarations.append((self.number, expert.id, int(conflict), TEXT, _moment(day)))

    def _say(self, rows: Rows, kind: str, act: str, expert: bool, text: str, day: date) -> None:
        who = (self.expert.id, self.expert.name, "expert") if expert else (self.asker, self.asker_name, "officer")
        rows.messages.append((self.number, kind, act, *who, text, _moment(day)))


def _answer_by(asked_on: date, urgency: str) -> date:
    """As `support.targets.usual` gives it to a city that is closed on no other day."""
    return days_of(asked_on, triage.catalogue().on(asked_on).targets[urgency], calendar.finnish()).answer_by
