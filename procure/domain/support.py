"""Asking an expert: topics, urgencies, who may move a request from which state to which, and who sees what of it. Practice, not law."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.dates import add_weekdays
from procure.domain.language import Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import CITY_ROLES

TOPICS: Final = (
    "need_strategy", "procedure_law", "market_dialogue", "prior_art_ipr", "specification", "award_criteria",
    "contract_model", "pilot", "funding", "impact", "joint_procurement", "communications",
)  # fmt: skip

URGENCIES: Final = {"normal": 10, "soon": 5, "urgent": 2}
"""Weekdays within which the city is to have its answer."""

STATES: Final = ("open", "taken", "asked_back", "answered", "withdrawn")
RUNNING: Final = ("open", "taken", "asked_back")

PARTIES: Final = ("city", "free_expert", "own_expert", "coordinator", "reader")
"""What a person is to one request: `city` an officer or manager of the city that asks, `own_expert` the expert who has taken it,
`free_expert` any other who has declared no conflict, `coordinator` of the network, `reader` whoever may read and do nothing."""


@dataclass(frozen=True, slots=True)
class Move:
    act: str
    by: str
    source: str
    target: str


MOVES: Final = (
    Move("take", "free_expert", "open", "taken"),
    Move("conflict", "free_expert", "open", "open"),
    Move("conflict", "own_expert", "taken", "open"),
    Move("conflict", "own_expert", "asked_back", "open"),
    Move("hand_back", "own_expert", "taken", "open"),
    Move("hand_back", "own_expert", "asked_back", "open"),
    Move("release", "coordinator", "taken", "open"),
    Move("release", "coordinator", "asked_back", "open"),
    Move("ask_back", "own_expert", "taken", "asked_back"),
    Move("reply", "city", "open", "open"),
    Move("reply", "city", "taken", "taken"),
    Move("reply", "city", "asked_back", "taken"),
    Move("answer", "own_expert", "taken", "answered"),
    Move("correct", "own_expert", "answered", "answered"),
    Move("read", "city", "answered", "answered"),
    Move("review", "city", "answered", "answered"),
    Move("withdraw", "city", "open", "withdrawn"),
    Move("withdraw", "city", "taken", "withdrawn"),
    Move("withdraw", "city", "asked_back", "withdrawn"),
)
"""Everything that can be done to a request. What is not here cannot be done."""

ACTS: Final = tuple(dict.fromkeys(move.act for move in MOVES))


@dataclass(frozen=True, slots=True)
class Topic:
    """What advice may be asked about. `sections`, `stages`: the parts of the questionnaire and stages from which one usually asks."""

    id: str
    name: Trilingual
    covers: Trilingual
    questions: tuple[Trilingual, ...]
    sections: tuple[str, ...]
    stages: tuple[str, ...]


def allowed(act: str, party: str, state: str) -> bool:
    """Whether that party may do it now."""
    return any(move.act == act and move.by == party and move.source == state for move in MOVES)


def move(act: str, party: str, state: str) -> str:
    """The state after the act. Raises Refusal: somebody was quicker, the request has moved on, or the act is not theirs."""
    for candidate in MOVES:
        if candidate.act == act and candidate.by == party and candidate.source == state:
            return candidate.target
    if act in ("take", "conflict") and party == "free_expert" and state in RUNNING:
        raise Refusal(Reason("support_taken_by_other"))
    if any(candidate.act == act and candidate.by == party for candidate in MOVES):
        raise Refusal(Reason("support_moved_on"))
    raise Refusal(Reason("support_not_yours"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a person's part in a request."""

    role: str
    own_city: bool
    partner_city: bool
    took_it: bool
    conflict: bool
    """Has ever declared a conflict of interest in this request: shut for good."""


def party(standing: Standing) -> str | None:
    """One of PARTIES, or None for somebody for whom the request does not exist."""
    if standing.role in CITY_ROLES:
        if standing.own_city:
            return "reader" if standing.role == "city_admin" else "city"
        return "reader" if standing.partner_city else None
    if standing.role == "coordinator":
        return "coordinator"
    if standing.role != "expert" or standing.conflict:
        return None
    return "own_expert" if standing.took_it else "free_expert"


SIGHTS: Final = ("everything", "material", "advice", "question", "row")
"""`everything`: as the city sees it. `material`: the question, the messages and the shared sections; `advice`: the same without
the sections, once the work is done. `question`: the question and who does what. `row`: buyer, subject class, topic, urgency, age
and number of known suppliers: what an expert needs to declare."""


def sight(party: str | None, state: str) -> str | None:
    """How much that party sees: one of SIGHTS, None when not even that the request exists.

    Nothing of the case shows to an expert before the declaration, and nothing to those who did not take it (434/2003 27–30 §).
    """
    if party in ("city", "reader"):
        return "everything"
    if party == "own_expert":
        return {"withdrawn": None, "answered": "advice"}.get(state, "material")
    if party == "coordinator":
        return "question"
    return "row" if party == "free_expert" and state == "open" else None


def answer_by(asked_on: date, urgency: str) -> date:
    """The day by which the city is to have its answer."""
    return add_weekdays(asked_on, URGENCIES[urgency])


def light(target: date, today: date) -> str:
    """red: the day has passed; yellow: today or within the next two weekdays; green: later."""
    if target < today:
        return "red"
    return "yellow" if target <= add_weekdays(today, 2) else "green"


EVERYTHING: Final = "case"
"""Stands in the list of shared sections for all of them, also those added later."""


def check_request(topic: str, urgency: str, question: str, shares: tuple[str, ...], sections: tuple[str, ...]) -> None:
    """A request has a topic, an urgency and a question, and shares sections that exist. Raises Refusal with every reason."""
    reasons = []
    if topic not in TOPICS:
        reasons.append(Reason("support_topic_missing", target="topic"))
    if urgency not in URGENCIES:
        reasons.append(Reason("support_urgency_missing", target="urgency"))
    if not question.strip():
        reasons.append(Reason("support_question_missing", target="question"))
    if not set(shares) <= {EVERYTHING, *sections}:
        reasons.append(Reason("support_share_unknown", target="shares"))
    if reasons:
        raise Refusal(*reasons)


def shared_sections(shares: tuple[str, ...], sections: tuple[str, ...]) -> tuple[str, ...]:
    """The sections that the expert sees, in the order of the questionnaire."""
    return sections if EVERYTHING in shares else tuple(section for section in sections if section in shares)


def check_text(text: str, target: str) -> None:
    """Something must have been written. Raises Refusal."""
    if not text.strip():
        raise Refusal(Reason("support_text_missing", target=target))


@dataclass(frozen=True, slots=True)
class Opinion:
    """The six parts of an expert's opinion (domain facts F): advice, never a decision."""

    question: str
    facts_used: str
    opinion: str
    alternatives_and_risks: str
    limits: str
    conflict_statement: str


OPINION_PARTS: Final = ("question", "facts_used", "opinion", "alternatives_and_risks", "limits", "conflict_statement")


def check_opinion(opinion: Opinion) -> None:
    """No part may be empty. Raises Refusal naming each that is."""
    lacking = [Reason("support_part_missing", target=part) for part in OPINION_PARTS if not getattr(opinion, part).strip()]
    if lacking:
        raise Refusal(*lacking)


def shown_number(number: int) -> str:
    """`T-0012`: how people speak of a request."""
    return f"T-{number:04d}"
