"""The life of an article: who may do what to it, when it holds, and how well it fits a place."""

from datetime import date, timedelta
from itertools import product

import pytest

from procure.domain import articles
from procure.domain.articles import BASES, FIELDS, PARTIES, RESTS_ON, STATES
from procure.domain.outcomes import Refusal
from procure.domain.permissions import ROLES
from procure.domain.support import TOPICS

TODAY = date(2026, 11, 28)
IN_FORCE = {"thresholds": "2026-01-01", "deadlines": "2017-01-01", "procedures": "2026-11"}
EXPECTED = {
    # (act, party): state before -> state after
    ("send", "owner"): {"draft": "review"},
    ("take_back", "owner"): {"review": "draft"},
    ("publish", "reviewer"): {"review": "published"},
    ("publish", "coordinator"): {"review": "published"},
    ("give_back", "reviewer"): {"review": "draft"},
    ("give_back", "coordinator"): {"review": "draft"},
    ("confirm", "owner"): {"published": "published"},
    ("change", "owner"): {"published": "draft"},
    ("take_over", "coordinator"): {"review": "review", "published": "published"},
    ("withdraw", "owner"): {"draft": "withdrawn", "review": "withdrawn", "published": "withdrawn"},
    ("withdraw", "coordinator"): {"review": "withdrawn", "published": "withdrawn"},
}
ACTS = sorted({act for act, _party in EXPECTED})


@pytest.mark.parametrize(("act", "party", "state"), list(product(ACTS, PARTIES, STATES)))
def test_every_act_of_every_party_in_every_state_is_as_the_table_says(act: str, party: str, state: str) -> None:
    after = EXPECTED.get((act, party), {}).get(state)

    assert articles.allowed(act, party, state) == (after is not None)
    if after is None:
        with pytest.raises(Refusal):
            articles.move(act, party, state)
    else:
        assert articles.move(act, party, state) == after


def test_nobody_publishes_their_own_article() -> None:
    with pytest.raises(Refusal) as refusal:
        articles.move("publish", "owner", "review")

    assert [reason.code for reason in refusal.value.reasons] == ["article_own"]


@pytest.mark.parametrize("role", ROLES)
def test_only_the_network_has_a_part_in_an_article(role: str) -> None:
    assert articles.party(role, owns=False) == {"expert": "reviewer", "coordinator": "coordinator"}.get(role)
    assert articles.party(role, owns=True) == ("owner" if role in ("expert", "coordinator") else None)


def test_a_draft_is_its_owner_s_until_it_is_sent() -> None:
    assert [party for party in (*PARTIES, None) if articles.sees_draft(party, "draft")] == ["owner"]
    assert [party for party in (*PARTIES, None) if articles.sees_draft(party, "review")] == list(PARTIES)


def test_each_language_that_is_begun_is_whole() -> None:
    whole = dict.fromkeys(FIELDS, "x") | {"citations": ""}
    articles.check_texts({"fi": whole})
    articles.check_texts({"fi": whole, "sv": dict.fromkeys(FIELDS, " ")})
    with pytest.raises(Refusal) as refusal:
        articles.check_texts({"en": whole | {"answer": ""}, "fi": whole, "sv": {"title": "x"}})

    assert [(reason.code, reason.target) for reason in refusal.value.reasons] == [
        ("article_incomplete", "sv"), ("article_incomplete", "en"),
    ]  # fmt: skip
    with pytest.raises(Refusal):
        articles.check_texts({})


def test_nothing_goes_on_while_one_thing_is_undecided() -> None:
    articles.check_clean(0)
    with pytest.raises(Refusal):
        articles.check_clean(1)


@pytest.mark.parametrize("day", [None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=5 * 366 + 1)])
def test_an_article_holds_until_a_day_to_come(day: date | None) -> None:
    with pytest.raises(Refusal):
        articles.check_validity(day, TODAY)


def test_the_owner_is_asked_every_year_and_at_the_latest_when_it_ends() -> None:
    assert articles.ask_on(TODAY, TODAY + timedelta(days=1000)) == TODAY + timedelta(days=365)
    assert articles.ask_on(TODAY, TODAY + timedelta(days=10)) == TODAY + timedelta(days=10)


def test_every_topic_says_what_it_rests_on() -> None:
    assert set(RESTS_ON) == set(TOPICS)
    assert all(set(bases) <= set(BASES) for bases in RESTS_ON.values())


def test_a_newer_edition_of_what_an_article_rests_on_sets_it_aside() -> None:
    rests = articles.basis_of("pilot", IN_FORCE)
    later = IN_FORCE | {"thresholds": "2028-01-01"}

    assert rests == {"thresholds": "2026-01-01", "deadlines": "", "procedures": "2026-11"}
    assert articles.newer(rests, IN_FORCE) == ()
    assert articles.newer(rests, later) == ("thresholds",)
    assert articles.newer(rests, IN_FORCE | {"deadlines": "2030-01-01"}) == ()
    assert articles.newer(articles.basis_of("need_strategy", IN_FORCE), later) == ()


@pytest.mark.parametrize(
    ("live", "state", "until", "outdated", "expected"),
    [
        (True, "published", TODAY, (), "valid"), (True, "draft", TODAY, (), "valid"),
        (True, "published", TODAY, ("thresholds",), "checking"),
        (True, "published", TODAY - timedelta(days=1), ("thresholds",), "expired"), (True, "withdrawn", TODAY, (), "none"),
        (False, "review", None, (), "none"),
    ],
)  # fmt: skip
def test_how_an_article_stands(live: bool, state: str, until: date | None, outdated: tuple[str, ...], expected: str) -> None:
    assert articles.standing(live, state, until, outdated, TODAY) == expected
