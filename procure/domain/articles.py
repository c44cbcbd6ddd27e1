"""Knowledge articles: what was once answered for one city, kept for all without telling whose it was. Practice, not law.

A person of the network owns each article, another one looks at it before it is published, and every year the owner is asked whether
it still holds. It rests on editions of the law's data; when a newer one is in force, it waits for its owner before it is offered again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import NETWORK_ROLES

STATES: Final = ("draft", "review", "published", "withdrawn")
FIELDS: Final = ("title", "question", "short_answer", "answer", "citations")
NEEDED: Final = ("title", "question", "short_answer", "answer")
"""Of each language; what the article rests on in law may be nothing."""
PARTIES: Final = ("owner", "reviewer", "coordinator")
"""What a person of the network is to an article. `reviewer`: an expert who does not own it; `coordinator`: may do the same, and see to
an article whose owner has left."""


@dataclass(frozen=True, slots=True)
class Move:
    act: str
    by: str
    source: str
    target: str


MOVES: Final = (
    Move("send", "owner", "draft", "review"),
    Move("take_back", "owner", "review", "draft"),
    *(Move(act, by, "review", target)
      for by in ("reviewer", "coordinator") for act, target in (("publish", "published"), ("give_back", "draft"))),
    Move("confirm", "owner", "published", "published"),
    Move("change", "owner", "published", "draft"),
    *(Move("take_over", "coordinator", state, state) for state in ("review", "published")),
    *(Move("withdraw", by, state, "withdrawn") for by in ("owner", "coordinator") for state in ("review", "published")),
    Move("withdraw", "owner", "draft", "withdrawn"),
)  # fmt: skip
"""Everything that can be done to an article. What is not here cannot be done."""


def party(role: str, owns: bool) -> str | None:
    """What a person is to an article; None for somebody outside the network, who only reads what is published."""
    if role not in NETWORK_ROLES:
        return None
    return "owner" if owns else "coordinator" if role == "coordinator" else "reviewer"


def allowed(act: str, party: str | None, state: str) -> bool:
    return any((move.act, move.by, move.source) == (act, party, state) for move in MOVES)


def move(act: str, party: str | None, state: str) -> str:
    """The state after the act. Raises Refusal: the article has moved on, or the act is not theirs."""
    for candidate in MOVES:
        if (candidate.act, candidate.by, candidate.source) == (act, party, state):
            return candidate.target
    if any((candidate.act, candidate.by) == (act, party) for candidate in MOVES):
        raise Refusal(Reason("article_moved_on"))
    raise Refusal(Reason("article_own" if act in ("publish", "give_back") and party == "owner" else "article_not_yours"))


def sees_draft(party: str | None, state: str) -> bool:
    """Whether somebody sees what is being written. Until names are out of it, that is the one who made it."""
    return party == "owner" or (party is not None and state == "review")


def check_texts(texts: Mapping[str, Mapping[str, str]]) -> None:
    """`texts`: language -> field -> text. At least one language, and each that has anything has everything that is needed.
    Raises Refusal with every lack; its target is the language."""
    if not any(text.strip() for fields in texts.values() for text in fields.values()):
        raise Refusal(Reason("article_empty"))
    lacking = [
        language
        for language, fields in texts.items()
        if any(text.strip() for text in fields.values()) and not all(fields.get(field, "").strip() for field in NEEDED)
    ]
    if lacking:
        raise Refusal(*(Reason("article_incomplete", target=language) for language in LANGUAGES if language in lacking))


def check_clean(pending: int) -> None:
    """Nothing leaves its author while one thing that may tell whose matter it was is undecided. Raises Refusal."""
    if pending:
        raise Refusal(Reason("article_not_clean", {"count": str(pending)}))


LONGEST_VALID: Final = timedelta(days=5 * 366)
ASKED_AFTER: Final = timedelta(days=365)


def check_validity(valid_until: date | None, today: date) -> None:
    """An article holds until a day to come, at most some five years ahead. Raises Refusal."""
    if valid_until is None:
        raise Refusal(Reason("article_valid_missing", target="valid_until"))
    if valid_until <= today:
        raise Refusal(Reason("article_valid_past", target="valid_until"))
    if valid_until - today > LONGEST_VALID:
        raise Refusal(Reason("article_valid_long", target="valid_until"))


def ask_on(said_on: date, valid_until: date) -> date:
    """The day on which the owner is asked next: a year after it was last said to hold, at the latest when it ceases to be valid."""
    return min(said_on + ASKED_AFTER, valid_until)


# what an article rests on

BASES: Final = ("thresholds", "deadlines", "procedures")
_ALL: Final = BASES
RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "need_strategy": (), "procedure_law": _ALL, "market_dialogue": ("procedures",), "prior_art_ipr": (), "specification": ("procedures",),
    "award_criteria": ("procedures",), "contract_model": ("procedures",), "pilot": ("thresholds", "procedures"),
    "funding": ("thresholds",), "impact": (), "joint_procurement": ("thresholds", "procedures"), "communications": ("deadlines",),
}  # fmt: skip
"""Topic -> the data of the law that advice on it rests on."""


def basis_of(topic: str, in_force: Mapping[str, str]) -> dict[str, str]:
    """Base -> its edition in force, of the bases of the topic; "" for those on which it does not rest."""
    return {base: in_force[base] if base in RESTS_ON[topic] else "" for base in BASES}


def newer(rests_on: Mapping[str, str], in_force: Mapping[str, str]) -> tuple[str, ...]:
    """The bases of which a newer edition is in force than the one that the article rests on. Editions are ordered as texts."""
    return tuple(base for base in BASES if rests_on.get(base) and rests_on[base] < in_force[base])


def standing(live: bool, state: str, valid_until: date | None, outdated: Iterable[str], today: date) -> str:
    """`valid`: offered; `checking`: the law's data has changed and the owner has not yet said that it holds; `expired`: past its
    validity; `none`: not published, or withdrawn."""
    if not live or state == "withdrawn":
        return "none"
    if valid_until is None or valid_until < today:
        return "expired"
    return "checking" if any(outdated) else "valid"


# offering

BY_QUESTION, BY_SECTION, BY_STAGE, BY_TOPIC = 4, 3, 2, 1
"""How well an article fits where somebody works: best by a question that stands there."""
