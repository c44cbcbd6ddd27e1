"""Asking an expert: topics, urgencies, who may move a request from which state to which, and who sees what of it. Practice, not law."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.calendar import Calendar
from procure.domain.language import Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import CITY_ROLES

TOPICS: Final = (
    "need_strategy", "procedure_law", "market_dialogue", "prior_art_ipr", "specification", "award_criteria",
    "contract_model", "pilot", "funding", "impact", "joint_procurement", "communications",
)  # fmt: skip

URGENCIES: Final = ("normal", "soon", "urgent")
"""How many working days each leaves, the catalogue says (`catalogue.triage`)."""

STATES: Final = ("open", "taken", "asked_back", "answered", "withdrawn", "merged", "refused", "passed_on")
RUNNING: Final = ("open", "taken", "asked_back")

PARTIES: Final = ("city", "free_expert", "own_expert", "second_expert", "invited_expert", "coordinator", "reader")
"""What a person is to one request: `city` an officer or manager of the city that asks, `own_expert` the expert who has taken it,
`second_expert` who helps that one, `invited_expert` who has been asked to and has not declared yet, `free_expert` any other who has
declared no conflict, `coordinator` of the network, `reader` whoever may read and do nothing."""


@dataclass(frozen=True, slots=True)
class Move:
    act: str
    by: str
    source: str
    target: str


def _while_running(act: str, by: str, target: str = "") -> tuple[Move, ...]:
    """An act that can be done until there is an answer; without a target the state stays."""
    return tuple(Move(act, by, state, target or state) for state in RUNNING)


def _while_taken(act: str, by: str) -> tuple[Move, ...]:
    """An act beside the expert's own work, which goes on as it was."""
    return tuple(Move(act, by, state, state) for state in RUNNING if state != "open")


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
    Move("ask_back", "own_expert", "asked_back", "asked_back"),
    Move("drop_question", "own_expert", "asked_back", "taken"),
    Move("write", "own_expert", "taken", "taken"),
    Move("write", "own_expert", "asked_back", "asked_back"),
    Move("meet", "own_expert", "taken", "taken"),
    Move("meet", "own_expert", "asked_back", "asked_back"),
    Move("meet", "city", "taken", "taken"),
    Move("meet", "city", "asked_back", "asked_back"),
    Move("report_meeting", "own_expert", "taken", "taken"),
    Move("report_meeting", "own_expert", "asked_back", "asked_back"),
    Move("report_meeting", "own_expert", "answered", "answered"),
    Move("report_meeting", "city", "taken", "taken"),
    Move("report_meeting", "city", "asked_back", "asked_back"),
    Move("report_meeting", "city", "answered", "answered"),
    Move("answer", "own_expert", "taken", "answered"),
    Move("correct", "own_expert", "answered", "answered"),
    Move("read", "city", "answered", "answered"),
    Move("article", "own_expert", "answered", "answered"),
    Move("article", "coordinator", "answered", "answered"),
    Move("review", "city", "answered", "answered"),
    Move("withdraw", "city", "open", "withdrawn"),
    Move("withdraw", "city", "taken", "withdrawn"),
    Move("withdraw", "city", "asked_back", "withdrawn"),
    Move("share", "city", "open", "open"),
    Move("share", "city", "taken", "taken"),
    Move("share", "city", "asked_back", "asked_back"),
    Move("attach", "city", "open", "open"),
    Move("attach", "city", "taken", "taken"),
    Move("attach", "city", "asked_back", "asked_back"),
    Move("attach", "city", "answered", "answered"),
    *_while_running("triage", "coordinator"),
    *_while_running("merge", "coordinator", "merged"),
    *_while_running("refuse", "coordinator", "refused"),
    *_while_running("pass_on", "coordinator", "passed_on"),
    Move("propose", "coordinator", "open", "open"),
    Move("decline", "free_expert", "open", "open"),
    *(move for party in ("own_expert", "coordinator") for move in _while_taken("invite", party)),
    *(move for act in ("join", "decline", "conflict") for move in _while_taken(act, "invited_expert")),
    *(move for act in ("write", "step_aside", "conflict") for move in _while_taken(act, "second_expert")),
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

    def question_ids(self) -> tuple[str, ...]:
        """What an answer to each first question is kept under: the topic and the question's place in it, which never changes."""
        return tuple(f"{self.id}.{place}" for place in range(1, len(self.questions) + 1))


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
    second: bool = False
    """Helps the expert, having declared to have no conflict."""
    invited: bool = False
    """Has been asked to help the expert, and has not answered yet."""


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
    if standing.took_it:
        return "own_expert"
    if standing.second:
        return "second_expert"
    return "invited_expert" if standing.invited else "free_expert"


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
    if party in ("own_expert", "second_expert"):
        return "material" if state in RUNNING else {"answered": "advice"}.get(state)
    if party == "coordinator":
        return "question"
    if party == "invited_expert":
        return "row" if state in RUNNING else None
    return "row" if party == "free_expert" and state == "open" else None


def light(target: date, today: date, calendar: Calendar) -> str:
    """red: the day has passed; yellow: today or within the next two working days; green: later."""
    if target < today:
        return "red"
    return "yellow" if target <= calendar.after(today, 2) else "green"


EVERYTHING: Final = "case"
"""Stands in the list of shared sections for all of them, also those added later."""
FILE: Final = "file:"
"""Begins what is shared when it is an attachment; its number in the case follows."""


def check_request(
    topic: str, urgency: str, question: str, shares: tuple[str, ...], sections: tuple[str, ...], files: tuple[str, ...] = ()
) -> None:
    """A request has a topic, an urgency and a question, and shares sections and files (`file:3`) that exist. Raises Refusal with
    every reason."""
    reasons = []
    if topic not in TOPICS:
        reasons.append(Reason("support_topic_missing", target="topic"))
    if urgency not in URGENCIES:
        reasons.append(Reason("support_urgency_missing", target="urgency"))
    if not question.strip():
        reasons.append(Reason("support_question_missing", target="question"))
    if not set(shares) <= {EVERYTHING, *sections, *files}:
        reasons.append(Reason("support_share_unknown", target="shares"))
    if reasons:
        raise Refusal(*reasons)


def check_idea(title: str) -> None:
    """A request without a case needs a name. Raises Refusal."""
    if not title.strip():
        raise Refusal(Reason("support_idea_missing", target="idea_title"))


def shared_files(shares: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers of the attachments that are shared. Sharing the whole case shares its answers, not its files."""
    return tuple(int(what.removeprefix(FILE)) for what in shares if what.startswith(FILE))


def share_changes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is added and what is revoked, each in its own order."""
    return tuple(what for what in after if what not in before), tuple(what for what in before if what not in after)


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
