"""Every procedure in every regime, held against the table that the format promises. The table is written here once more, by hand."""

from typing import Any

import pytest
from hypothesis import given

from procure.domain.advice import recommending
from procure.domain.advice.records import AGAINST, FOR, Facts, Verdict, facts_of
from procure.domain.advice.regime import Regime
from procure.domain.advice.verdicts import RULES, pro
from procure.domain.casefile import CaseFile
from procure.domain.procedures import PROCEDURE_IDS
from tests.domain.advice.cases import any_case, case

COLUMNS = ("eu", "national", "light_regime", "concession", "below_national", "outside_act")
YES, NO = "yes", "no"
NEGOTIABLE, NOTHING_ON_MARKET, ON_MARKET, CONTEST, GROUND = "34 §", "market none", "market available", "contest", "40 §"

TABLE = {
    #                          eu                 national  light   conc.   below  outside
    "open":                    (YES,               YES,      YES,    YES,    YES,     NO),
    "restricted":              (YES,               YES,      YES,    YES,    YES,     NO),
    "competitive_negotiation": (NEGOTIABLE,        YES,      YES,    YES,    YES,     NO),
    "competitive_dialogue":    (NEGOTIABLE,        YES,      YES,    YES,    YES,     NO),
    "innovation_partnership":  (NOTHING_ON_MARKET, YES,      YES,    NO,     YES,     NO),
    "design_contest":          (CONTEST,           CONTEST,  NO,     NO,     CONTEST, NO),
    "direct_award":            (GROUND,            GROUND,   GROUND, GROUND, YES,     YES),
    "dps":                     (ON_MARKET,         ON_MARKET, NO,    NO,     NO,      NO),
    "framework":               (YES,               YES,      YES,    NO,     YES,     NO),
    "pcp":                     (NO,                NO,       NO,     NO,     NO,      YES),
    "national":                (NO,                YES,      NO,     NO,     YES,     NO),
    "light_regime":            (NO,                NO,       YES,    NO,     NO,      NO),
    "concession":              (NO,                NO,       NO,     YES,    NO,      NO),
    "challenge_competition":   (NO,                YES,      YES,    NO,     YES,     YES),
    "small_purchase":          (NO,                NO,       NO,     NO,     YES,     NO),
}  # fmt: skip


def expected(cell: str, facts: Facts) -> bool:
    grounds = (
        facts.single_supplier != "none"
        or facts.urgency == "extreme_unforeseeable"
        or facts.prototype_only
        or facts.previous_procedure == "no_suitable_tenders"
    )
    negotiable = (
        facts.utilities
        or facts.availability in ("none", "needs_adaptation")
        or True in (facts.design_or_innovation, facts.needs_negotiation, facts.cannot_be_precise)
        or facts.previous_procedure == "only_unacceptable_tenders"
    )
    return {
        YES: True,
        NO: False,
        NEGOTIABLE: negotiable,
        NOTHING_ON_MARKET: facts.availability == "none",
        ON_MARKET: facts.availability == "available",
        CONTEST: facts.kind == "design_contest",
        GROUND: grounds,
    }[cell]


@pytest.mark.parametrize("column", COLUMNS)
@given(found=any_case())
def test_a_procedure_is_open_just_when_the_table_says_so(column: str, found: CaseFile) -> None:
    facts = facts_of(found)
    for procedure, row in TABLE.items():
        cell = row[COLUMNS.index(column)]
        if procedure == "concession" and column == "eu" and facts.utilities and facts.kind == "concession":
            cell = YES
        finding = RULES[procedure](facts, column)
        assert finding.available == expected(cell, facts), procedure
        assert finding.reasons, procedure
        assert all(reason.citation for reason in finding.reasons), procedure


def verdicts(found: CaseFile, regime: str, by_research: bool = False) -> dict[str, Verdict]:
    code = "no_rules_for_date" if regime == "unknown" else "over_eu_threshold"
    why = Regime(regime, pro(code, "26 §"), by_research=by_research)
    return {verdict.procedure: verdict for verdict in recommending.verdicts(facts_of(found), why)}


def codes(verdict: Verdict, side: str) -> list[str]:
    return [reason.code for reason in verdict.reasons if reason.side == side]


def market(availability: str | None = None, **specification: bool) -> dict[str, Any]:
    return {
        **({"market": {"availability": availability}} if availability else {}),
        **({"specification": specification} if specification else {}),
    }


@pytest.mark.parametrize(
    ("keys", "recommended"),
    [
        (market("none", needs_negotiation=True, cannot_be_precise=True), "innovation_partnership"),
        (market("needs_adaptation", needs_negotiation=True, cannot_be_precise=True), "competitive_dialogue"),
        (market("available", needs_negotiation=True, cannot_be_precise=True), "competitive_dialogue"),
        (market("needs_adaptation", needs_negotiation=True), "competitive_negotiation"),
        (market("available", includes_design_or_innovation=True), "competitive_negotiation"),
        ({"previous_procedure": "only_unacceptable_tenders"}, "competitive_negotiation"),
        (market("available"), "open"),
        ({}, "open"),
        ({"single_supplier": "technical"}, "open"),
    ],
)
def test_the_first_that_holds_is_recommended_in_an_eu_procurement(keys: dict[str, Any], recommended: str) -> None:
    assert verdicts(case(**keys), "eu")[recommended].verdict == "recommended"


@pytest.mark.parametrize(
    ("regime", "kind", "recommended"),
    [
        ("eu", "design_contest", "design_contest"),
        ("national", "services", "national"),
        ("national", "design_contest", "design_contest"),
        ("light_regime", "social_health_services", "light_regime"),
        ("concession", "concession", "concession"),
        ("below_national", "design_contest", "small_purchase"),
        ("below_national", "goods", "small_purchase"),
    ],
)
def test_the_other_regimes_recommend_their_own(regime: str, kind: str, recommended: str) -> None:
    assert verdicts(case(kind, market={"availability": "none"}), regime)[recommended].verdict == "recommended"


def test_a_national_design_contest_leaves_the_national_procedure_possible() -> None:
    assert verdicts(case("design_contest"), "national")["national"].verdict == "possible"


def test_research_outside_the_act_is_bought_pre_commercially() -> None:
    found = verdicts(case("rd_services"), "outside_act", by_research=True)
    assert found["pcp"].verdict == "recommended"
    assert {procedure for procedure in found if found[procedure].verdict == "possible"} == {
        "direct_award",
        "challenge_competition",
    }


def test_the_special_sectors_under_their_threshold_go_by_the_rules_of_small_purchases() -> None:
    found = verdicts(case("goods", sector="utilities"), "outside_act")
    assert found["small_purchase"].verdict == "recommended"
    assert found["pcp"].verdict == "not_available"


def test_in_the_special_sectors_negotiation_is_free_and_said_to_be_recalled() -> None:
    found = verdicts(case("goods", 500_000, sector="utilities"), "eu")
    assert found["competitive_negotiation"].verdict == "recommended"
    assert [reason.confidence for reason in found["competitive_dialogue"].reasons][:1] == ["recalled"]
    concession = verdicts(case("concession", 9_000_000, sector="utilities"), "eu")["concession"]
    assert (concession.verdict, concession.reasons[0].confidence) == ("recommended", "recalled")


def test_a_recommendation_says_that_its_order_is_practice() -> None:
    for verdict in verdicts(case(), "eu").values():
        practice = [reason for reason in verdict.reasons if reason.code == "recommended_in_practice"]
        assert len(practice) == (verdict.verdict == "recommended")
        assert all(reason.confidence == "practice" for reason in practice)


def test_each_unknown_fact_that_could_open_a_procedure_is_named() -> None:
    found = verdicts(case(market={"availability": "available"}), "eu")
    missing = [reason.parameters["key"] for reason in found["competitive_negotiation"].reasons]
    assert missing == [
        "specification.includes_design_or_innovation", "specification.needs_negotiation", "specification.cannot_be_precise",
    ]  # fmt: skip
    assert codes(verdicts(case(), "eu")["innovation_partnership"], AGAINST) == ["fact_missing"]


def test_what_is_known_to_fail_is_not_called_unknown() -> None:
    keys = market("available", includes_design_or_innovation=False, needs_negotiation=False, cannot_be_precise=False)
    found = verdicts(case(**keys), "eu")
    assert codes(found["competitive_negotiation"], AGAINST) == ["no_ground_to_negotiate"]
    assert codes(found["innovation_partnership"], AGAINST) == ["market_has_it"]


def test_the_item_of_34_is_cited_for_each_ground() -> None:
    keys = market("needs_adaptation", includes_design_or_innovation=True, needs_negotiation=True, cannot_be_precise=True)
    found = verdicts(case(**keys), "eu")
    cited = [reason.citation for reason in found["competitive_negotiation"].reasons if reason.side == FOR]
    assert cited == [f"1397/2016 34 § 2 mom {number} k" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("keys", "item"),
    [
        ({"previous_procedure": "no_suitable_tenders"}, "1 k"),
        ({"single_supplier": "technical"}, "2 k"),
        ({"single_supplier": "exclusive_rights"}, "2 k"),
        ({"single_supplier": "art"}, "3 k"),
        ({"urgency": "extreme_unforeseeable"}, "4 k"),
        ({"prototype_only": True}, "5 k"),
    ],
)
def test_a_direct_award_names_the_ground_of_40_and_what_it_takes(keys: dict[str, Any], item: str) -> None:
    found = verdicts(case(**keys), "eu")["direct_award"]
    assert found.verdict == "possible"
    assert found.reasons[0].citation == f"1397/2016 40 § 2 mom {item}"
    assert codes(found, AGAINST) == ["needs_proof"]


def test_urgency_that_merely_shortens_periods_opens_no_direct_award() -> None:
    assert verdicts(case(urgency="justified"), "eu")["direct_award"].verdict == "not_available"


def test_without_rules_of_the_day_nothing_is_available() -> None:
    found = verdicts(case(), "unknown")
    assert {verdict.verdict for verdict in found.values()} == {"not_available"}
    assert {reason.code for verdict in found.values() for reason in verdict.reasons} == {"no_rules_for_date"}


@pytest.mark.parametrize("column", COLUMNS)
@given(found=any_case())
def test_each_procedure_stands_once_best_first_and_exactly_one_is_recommended(column: str, found: CaseFile) -> None:
    rows = list(verdicts(found, column, by_research=True).values())
    assert sorted(verdict.procedure for verdict in rows) == sorted(PROCEDURE_IDS)
    order = [("recommended", "possible", "not_available").index(verdict.verdict) for verdict in rows]
    assert order == sorted(order)
    assert order.count(0) == 1
    assert rows[0].procedure != "direct_award"
