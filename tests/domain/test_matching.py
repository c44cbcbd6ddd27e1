"""Who could take a request: what bars, what leaves out, and in what order the others come."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import matching
from procure.domain.matching import BARS, Candidate, Matching, Wanted

WANTED = Wanted("pilot", "fi", "837")
ANNA = Candidate(1, "Anna", "innocities", ("pilot", "funding"), ("fi", "sv"), (), 3)


def expert(number: int, name: str, **changes: Any) -> Candidate:
    return replace(ANNA, id=number, name=name, **changes)


def names(found: Matching) -> list[str]:
    return [one.candidate.name for one in found.proposals]


def codes(found: Matching, name: str) -> list[str]:
    shown = [*((one.candidate.name, one.why) for one in found.left_out)]
    return [reason.code for known, why in shown if known == name for reason in why]


def test_who_fits_is_proposed_with_what_speaks_for_it() -> None:
    found = matching.match(WANTED, [replace(ANNA, open_now=1, answered=4)])
    assert [(reason.code, dict(reason.parameters)) for reason in found.proposals[0].reasons] == [
        ("match_knows_topic", {}), ("match_language", {}), ("match_answered", {"count": "4"}),
        ("match_load", {"open": "1", "most": "3"}),
    ]  # fmt: skip
    assert found.proposals[0].warnings == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conflict": True}, "match_conflict"),
        ({"organisation": "837"}, "match_own_city"),
        ({"has_it": True}, "match_has_it"),
        ({"asked": True}, "match_asked"),
    ],
)
def test_some_may_not_be_asked_whatever_else_speaks_for_them(changes: dict[str, Any], code: str) -> None:
    found = matching.match(WANTED, [replace(ANNA, **changes)])
    assert codes(found, "Anna") == [code]
    assert found.left_out[0].barred
    assert not found.askable(1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"declined": True}, "match_declined"),
        ({"not_cities": ("837",)}, "match_not_this_city"),
        ({"topics": ("funding",)}, "match_other_topics"),
        ({"open_now": 3}, "match_full"),
    ],
)
def test_others_are_left_out_but_may_be_asked_all_the_same(changes: dict[str, Any], code: str) -> None:
    found = matching.match(WANTED, [replace(ANNA, **changes)])
    assert codes(found, "Anna") == [code]
    assert not found.left_out[0].barred
    assert found.askable(1)


def test_every_reason_against_somebody_is_told() -> None:
    found = matching.match(WANTED, [replace(ANNA, conflict=True, open_now=9, topics=())])
    assert codes(found, "Anna") == ["match_conflict", "match_other_topics", "match_full"]


def test_an_absent_expert_comes_last_with_a_warning() -> None:
    away = expert(2, "Bo", away_until=date(2026, 12, 4))
    back = expert(3, "Cia", away_until=date(2026, 12, 1), back_in_time=True)
    found = matching.match(WANTED, [away, back, replace(ANNA, open_now=2)])
    assert names(found) == ["Anna", "Cia", "Bo"]
    assert [reason.code for reason in found.proposals[1].warnings] == ["match_away_back"]
    assert [(reason.code, dict(reason.parameters)) for reason in found.proposals[2].warnings] == [
        ("match_away", {"until_on": "2026-12-04"})
    ]


def test_the_language_of_the_request_goes_before_load_and_load_before_experience() -> None:
    found = matching.match(
        WANTED,
        [
            expert(2, "Bo", languages=("en",)),
            expert(3, "Cia", open_now=2, answered=9),
            expert(4, "Dan", open_now=1),
            expert(5, "Eva", open_now=1, answered=1),
        ],
    )
    assert names(found) == ["Eva", "Dan", "Cia", "Bo"]
    assert [reason.code for reason in found.proposals[-1].warnings] == ["match_other_language"]


def test_load_is_the_share_of_what_fits() -> None:
    found = matching.match(WANTED, [expert(2, "Bo", open_now=1, most_open=2), expert(3, "Cia", open_now=2, most_open=8)])
    assert names(found) == ["Cia", "Bo"]


def test_an_own_word_on_topics_goes_before_an_empty_profile() -> None:
    found = matching.match(WANTED, [expert(2, "Bo", said=False), expert(3, "Cia", open_now=2)])
    assert names(found) == ["Cia", "Bo"]
    assert [reason.code for reason in found.proposals[1].warnings] == ["match_profile_empty"]


def test_an_urgent_request_goes_to_who_has_nothing_else_even_with_an_empty_profile() -> None:
    busy, free = expert(2, "Bo", open_now=1), expert(3, "Cia", said=False)
    assert names(matching.match(WANTED, [busy, free])) == ["Bo", "Cia"]
    assert names(matching.match(replace(WANTED, urgent=True), [busy, free])) == ["Cia", "Bo"]


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 1000),
        name=st.sampled_from(["Anna", "Bo", "Cia"]),
        organisation=st.sampled_from(["innocities", "837"]),
        topics=st.sampled_from([("pilot",), ("funding",), ()]),
        languages=st.sampled_from([("fi",), ("sv",), ()]),
        not_cities=st.sampled_from([(), ("837",)]),
        most_open=st.integers(0, 3),
        open_now=st.integers(0, 4),
        conflict=st.booleans(),
    ),
    unique_by=lambda candidate: candidate.id,
    max_size=8,
)


@given(CANDIDATES, st.randoms())
def test_everybody_stands_in_one_list_once_in_the_same_order_however_they_come(candidates: list[Candidate], random: Any) -> None:
    found = matching.match(WANTED, candidates)
    shuffled = candidates[:]
    random.shuffle(shuffled)
    assert matching.match(WANTED, shuffled) == found
    assert sorted(one.candidate.id for one in (*found.proposals, *found.left_out)) == sorted(one.id for one in candidates)


@given(CANDIDATES)
def test_nobody_with_a_conflict_or_of_the_asking_city_can_ever_be_asked(candidates: list[Candidate]) -> None:
    found = matching.match(WANTED, candidates)
    for candidate in candidates:
        if candidate.conflict or candidate.organisation == "837":
            assert not found.askable(candidate.id)
    assert all(out.why for out in found.left_out)
    assert all(out.barred == bool({reason.code for reason in out.why} & set(BARS)) for out in found.left_out)
