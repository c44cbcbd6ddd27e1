"""An advice that was kept reads years later as it did then, and two case files are compared by what decides."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from procure.catalogue.rulebook import rulebook
from procure.domain import casefile
from procure.domain.advice import changes, kept
from procure.domain.advice.advising import advise
from procure.domain.casefile import CaseFile, Estimate, Lot, Market, Novelty

TODAY = date(2026, 11, 24)
CASE = CaseFile(
    "Sensors", "837", "services", Estimate(Decimal(480_000), options_included=False), lots=(Lot("A", Decimal(100)),),
    market=Market("none", consulted=False), novelty=Novelty(new_to_market=True), contract_needed_by=date(2027, 6, 1),
    single_supplier="art",
)  # fmt: skip


def test_an_advice_comes_back_from_what_was_kept_of_it() -> None:
    advice = advise(CASE, rulebook(), TODAY)
    document = json.loads(json.dumps(kept.to_document(advice)))

    assert kept.from_document(document) == replace(advice, timetable=None)
    assert document["timeline"]["procedure"] == "innovation_partnership"
    assert "text" not in document["procedures"][0]["reasons"][0]


def documents(**changed: object) -> tuple[dict[str, object], dict[str, object]]:
    return casefile.to_document(CASE), casefile.to_document(replace(CASE, **changed))  # type: ignore[arg-type]


def test_only_facts_that_decide_are_told_as_changed() -> None:
    before, after = documents(title="Other words", need="New words", market=Market("available", consulted=False))

    assert changes.changed_facts(before, after) == (changes.FactChange("market.availability", "none", "available"),)


def test_a_fact_that_becomes_unknown_has_changed() -> None:
    before, after = documents(market=None)

    found = {change.key: (change.old, change.new) for change in changes.changed_facts(before, after)}
    assert found == {"market.availability": ("none", None), "market.consulted": (False, None)}


def test_the_same_amount_written_otherwise_has_not_changed() -> None:
    before, after = documents()
    after["estimated_value"] = {**after["estimated_value"], "amount": "480000.00"}  # type: ignore[dict-item]

    assert changes.changed_facts(before, after) == ()
    assert changes.fingerprint(before) == changes.fingerprint(after)


def test_a_default_written_down_has_not_changed() -> None:
    before, after = documents()
    after["sector"] = "classic"

    assert changes.fingerprint(before) == changes.fingerprint(after)


def test_the_fingerprint_changes_with_a_deciding_fact_and_with_no_other() -> None:
    before, words = documents(title="Other words")
    _, value = documents(estimated_value=Estimate(Decimal(480_001), options_included=False))

    assert changes.fingerprint(before) == changes.fingerprint(words)
    assert changes.fingerprint(before) != changes.fingerprint(value)
