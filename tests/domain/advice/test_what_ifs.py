"""What an open answer would change, by examples counted by hand from the table of verdicts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.rulebook import rulebook
from procure.domain.advice import what_ifs
from procure.domain.advice.advising import advise
from procure.domain.advice.what_ifs import WhatIf
from procure.domain.casefile import CaseFile, Estimate, Market, ResearchTerms, Specification
from procure.domain.casefile.records import CONTRACT_KINDS

TODAY = date(2026, 11, 24)
NEGOTIATED = {"competitive_negotiation", "competitive_dialogue"}


def case_of(kind: str = "services", amount: int = 480_000, **more: object) -> CaseFile:
    return CaseFile("Sensors", "837", kind, Estimate(Decimal(amount)), **more)  # type: ignore[arg-type]


def found(case: CaseFile) -> dict[tuple[str, object], WhatIf]:
    return {(effect.key, effect.value): effect for effect in what_ifs.what_ifs(case, rulebook(), TODAY)}


def test_a_market_that_has_nothing_opens_the_innovation_partnership_and_recommends_it() -> None:
    effect = found(case_of())["market.availability", "none"]

    assert effect.recommended == "innovation_partnership"
    assert set(effect.opens) == NEGOTIATED | {"innovation_partnership"}
    assert effect.closes == ()
    assert effect.regime == ""


def test_a_market_that_must_adapt_opens_negotiation_only() -> None:
    effect = found(case_of())["market.availability", "needs_adaptation"]

    assert effect.recommended == "competitive_negotiation"
    assert set(effect.opens) == NEGOTIATED


def test_a_market_that_is_ready_opens_the_dynamic_purchasing_system_and_recommends_nothing_new() -> None:
    effect = found(case_of())["market.availability", "available"]

    assert (effect.recommended, effect.opens) == ("", ("dps",))


@pytest.mark.parametrize(
    "key", ["specification.includes_design_or_innovation", "specification.needs_negotiation", "specification.cannot_be_precise"]
)
def test_each_fact_of_the_specification_opens_negotiation_when_true_and_nothing_when_false(key: str) -> None:
    effects = found(case_of())

    assert set(effects[key, True].opens) == NEGOTIATED
    assert (key, False) not in effects


def test_the_second_of_two_facts_makes_the_dialogue_the_recommended_procedure() -> None:
    case = case_of(specification=Specification(needs_negotiation=True))

    assert found(case)["specification.cannot_be_precise", True].recommended == "competitive_dialogue"


def test_few_suppliers_and_a_market_not_consulted_bring_a_warning() -> None:
    effects = found(case_of())

    assert [remark.code for remark in effects["market.known_suppliers", 2].comes] == ["one_tender_risk"]
    assert [remark.code for remark in effects["market.consulted", False].comes] == ["one_tender_risk"]
    assert ("market.known_suppliers", 3) not in effects
    assert ("market.consulted", True) not in effects


def test_a_small_purchase_does_not_ask_what_a_notice_would_need() -> None:
    effects = found(case_of(amount=30_000))

    assert {key for key, _value in effects} == {"market.known_suppliers", "estimated_value.options_included"}


def test_research_whose_benefits_are_shared_leaves_the_act() -> None:
    effect = found(case_of("rd_services"))["rd.benefits_exclusive_to_buyer", False]

    assert effect.regime == "outside_act"
    assert effect.recommended == "pcp"
    assert "open" in effect.closes
    assert [remark.code for remark in effect.goes] == ["rd_exclusion_unclear", "proposed_law"]


def test_buying_the_result_too_keeps_research_inside_the_act() -> None:
    case = case_of("rd_services", rd=ResearchTerms(benefits_exclusive_to_buyer=False))

    effect = found(case)["rd.deployment_included", True]

    assert (effect.regime, effect.recommended) == ("eu", "open")
    assert [remark.code for remark in effect.comes] == ["deployment_is_not_rd", "proposed_law"]


def test_facts_of_research_are_asked_of_research_only() -> None:
    assert not [key for key in what_ifs.unknown_facts(case_of()) if key.startswith("rd.")]
    assert [key for key in what_ifs.unknown_facts(case_of("rd_services")) if key.startswith("rd.")]


def test_a_day_without_rules_has_no_what_ifs() -> None:
    assert what_ifs.what_ifs(case_of(), rulebook(), TODAY, on=date(1990, 1, 1)) == ()


facts = st.sampled_from([None, True, False])
cases = st.builds(
    case_of,
    kind=st.sampled_from(CONTRACT_KINDS),
    amount=st.sampled_from([30_000, 120_000, 480_000, 6_000_000]),
    market=st.builds(
        Market, st.sampled_from([None, "none", "needs_adaptation", "available"]), facts, st.sampled_from([None, 1, 9])
    ),
    specification=st.builds(Specification, facts, facts, facts),
    rd=st.builds(ResearchTerms, facts, facts, facts),
)


@given(cases)
def test_every_what_if_is_of_an_unknown_fact_and_tells_what_the_rules_then_say(case: CaseFile) -> None:
    unknown = what_ifs.unknown_facts(case)
    now = advise(case, rulebook(), TODAY, timed=False)
    for effect in what_ifs.what_ifs(case, rulebook(), TODAY):
        assert effect.key in unknown
        assert effect.changes_something
        then = advise(what_ifs.with_fact(case, effect.key, effect.value), rulebook(), TODAY, timed=False)
        assert all(now.verdict_of(name).verdict == "not_available" != then.verdict_of(name).verdict for name in effect.opens)
        assert all(then.verdict_of(name).verdict == "not_available" != now.verdict_of(name).verdict for name in effect.closes)
        if effect.recommended:
            assert then.recommended is not None
            assert then.recommended.procedure == effect.recommended
