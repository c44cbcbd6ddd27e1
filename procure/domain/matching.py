"""Who could take a request: the experts in an order that can be explained, and those left out with the reason.

Practice of the network, except what makes an expert partial: a declared conflict of interest and the asking city as employer bar for good
(Administrative Procedure Act 434/2003, 27–28 §). No sum of points: the experts are put in order by one question after another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.outcomes import Reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a request. `city`: code of the asking municipality; `urgent`: it leaves only some days."""

    topic: str
    language: str
    city: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert as far as it matters for one request."""

    id: int
    name: str
    organisation: str
    """Code of the employer; that of the network for its own people."""
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    not_cities: tuple[str, ...]
    most_open: int
    open_now: int = 0
    """Requests that are with the expert now."""
    answered: int = 0
    """Opinions issued on this topic."""
    said: bool = True
    """Whether the profile is the expert's own words; else it holds for everybody."""
    away_until: date | None = None
    back_in_time: bool = False
    """Whether the absence ends before the answer is due."""
    conflict: bool = False
    declined: bool = False
    asked: bool = False
    """A proposal waits for this expert's answer."""
    has_it: bool = False
    """Works on the request already."""


BARS: Final = ("match_conflict", "match_own_city", "match_has_it", "match_asked")
"""What leaves somebody out whatever the coordinator thinks."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`reasons`: what speaks for the expert; `warnings`: what the coordinator has to weigh."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`barred`: may not be asked at all; else the coordinator may ask all the same."""

    candidate: Candidate
    why: tuple[Reason, ...]
    barred: bool


@dataclass(frozen=True, slots=True)
class Matching:
    proposals: tuple[Proposal, ...]
    left_out: tuple[LeftOut, ...]

    def askable(self, expert: int) -> bool:
        """Whether that expert may be asked."""
        proposed = any(found.candidate.id == expert for found in self.proposals)
        return proposed or any(found.candidate.id == expert and not found.barred for found in self.left_out)


def match(wanted: Wanted, candidates: Iterable[Candidate]) -> Matching:
    """The proposals, the best first, and the others by name.

    In this order: those present before those away, those who write the request's language, for an urgent request those with nothing
    else to do, those who have said that they know the topic, the less loaded, the more experienced, then by name.
    """
    proposals, left = [], []
    for candidate in candidates:
        why = _against(wanted, candidate)
        if why:
            left.append(LeftOut(candidate, why, any(reason.code in BARS for reason in why)))
        else:
            proposals.append(Proposal(candidate, _for(wanted, candidate), _warnings(wanted, candidate)))
    proposals.sort(key=lambda proposal: _order(wanted, proposal.candidate))
    left.sort(key=lambda out: (out.barred, out.candidate.name, out.candidate.id))
    return Matching(tuple(proposals), tuple(left))


Check = tuple[bool, str, dict[str, str]]
"""Whether something holds, its code, and the parameters."""


def _against(wanted: Wanted, candidate: Candidate) -> tuple[Reason, ...]:
    checks: tuple[Check, ...] = (
        (candidate.conflict, "match_conflict", {}),
        (candidate.organisation == wanted.city, "match_own_city", {}),
        (candidate.has_it, "match_has_it", {}),
        (candidate.asked, "match_asked", {}),
        (candidate.declined, "match_declined", {}),
        (wanted.city in candidate.not_cities, "match_not_this_city", {}),
        (wanted.topic not in candidate.topics, "match_other_topics", {}),
        (candidate.open_now >= candidate.most_open, "match_full", _load(candidate)),
    )
    return tuple(Reason(code, values) for holds, code, values in checks if holds)


def _for(wanted: Wanted, candidate: Candidate) -> tuple[Reason, ...]:
    checks: tuple[Check, ...] = (
        (candidate.said, "match_knows_topic", {}),
        (wanted.language in candidate.languages, "match_language", {}),
        (candidate.answered > 0, "match_answered", {"count": str(candidate.answered)}),
        (True, "match_load", _load(candidate)),
    )
    return tuple(Reason(code, values) for holds, code, values in checks if holds)


def _warnings(wanted: Wanted, candidate: Candidate) -> tuple[Reason, ...]:
    until = candidate.away_until
    away = {"until_on": until.isoformat()} if until else {}
    checks: tuple[Check, ...] = (
        (until is not None, "match_away_back" if candidate.back_in_time else "match_away", away),
        (wanted.language not in candidate.languages, "match_other_language", {}),
        (not candidate.said, "match_profile_empty", {}),
    )
    return tuple(Reason(code, values) for holds, code, values in checks if holds)


def _load(candidate: Candidate) -> dict[str, str]:
    return {"open": str(candidate.open_now), "most": str(candidate.most_open)}


def _order(wanted: Wanted, candidate: Candidate) -> tuple[object, ...]:
    away = 0 if candidate.away_until is None else 1 if candidate.back_in_time else 2
    busy = candidate.open_now > 0 if wanted.urgent else False
    load = candidate.open_now / max(1, candidate.most_open)
    return (
        away, wanted.language not in candidate.languages, busy, not candidate.said, load, -candidate.answered, candidate.name,
        candidate.id,
    )  # fmt: skip
