"""The level of innovation, 0 to 4: the highest that holds, with what makes it hold."""

from typing import Any

import pytest

from procure.domain.advice.innovation import innovation
from procure.domain.advice.records import Innovation, facts_of
from tests.domain.advice.cases import case


def level(kind: str = "services", procedure: str = "open", **keys: Any) -> Innovation:
    found = case(kind, **keys)
    return innovation(found, facts_of(found), procedure)


@pytest.mark.parametrize(
    ("keys", "procedure", "expected"),
    [
        ({}, "open", 0),
        ({"novelty": {"new_to_buyer": True}}, "open", 0),  # no effect named
        ({"novelty": {"new_to_buyer": True, "effect": "  "}}, "open", 0),
        ({"novelty": {"new_to_buyer": True, "effect": "Fewer trips"}}, "open", 2),
        ({"novelty": {"new_to_buyer": True, "effect": {"sv": "Färre resor"}}}, "open", 2),
        ({"novelty": {"effect": "Fewer trips"}}, "open", 0),
        ({"novelty": {"clear_improvement": True}}, "open", 1),
        ({"novelty": {"innovation_considered": True}}, "open", 1),
        ({"novelty": {"innovation_considered": False}}, "open", 0),
        ({"market": {"consulted": True}}, "open", 1),
        ({"specification": {"cannot_be_precise": True}}, "open", 1),
        ({"novelty": {"new_to_market": True}}, "open", 3),
        ({"novelty": {"new_to_market": True}}, "innovation_partnership", 4),
        ({}, "pcp", 4),
        ({}, "", 0),
    ],
)
def test_the_highest_level_that_holds(keys: dict[str, Any], procedure: str, expected: int) -> None:
    found = level(procedure=procedure, **keys)
    assert found.level == expected
    assert found.reasons


def test_research_is_the_highest_level_whatever_the_procedure() -> None:
    found = level("rd_services")
    assert (found.level, found.bt776) == (4, ("rd-act",))


def test_eforms_and_hilma_get_what_is_known_and_nothing_else() -> None:
    found = level("rd_services", novelty={"new_to_market": True, "new_to_buyer": False})
    assert found.bt776 == ("rd-act", "mar-nov")
    assert (found.innovation_considered, found.solution_new_to_buyer, found.solution_new_to_market) == (None, False, True)
    assert level().bt776 == ()
