"""Case files in few words."""

import json
from datetime import date
from typing import Any

from hypothesis import strategies as st

from procure.catalogue.casefiles import read
from procure.domain.casefile import CaseFile, records

YEARS = (date(2017, 1, 1), date(2035, 12, 31))
AMOUNTS = (0, 59_999, 60_000, 149_999, 150_000, 215_999, 216_000, 299_999, 300_000, 399_999, 400_000, 499_999, 500_000, 750_000)
"""On both sides of the thresholds of 2026."""


def case(kind: str = "services", amount: str | int = 300_000, **keys: Any) -> CaseFile:
    """A case file with the required keys; `keys` are further keys of the format."""
    value = {"amount": str(amount), **keys.pop("estimate", {})}
    document = {
        "format": "procure-case/1", "title": "A case", "buyer": "837", "contract_kind": kind, "estimated_value": value,
        "start": "2026-12-01", **keys,
    }  # fmt: skip
    return read(json.dumps({key: value for key, value in document.items() if value is not None}).encode())


def _some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the keys, or none."""
    return st.fixed_dictionaries({}, optional=keys)


@st.composite
def any_case(draw: st.DrawFn) -> CaseFile:
    """Every fact that a rule reads, known or not."""
    flag = st.booleans()
    keys = draw(
        _some(
            market=_some(availability=st.sampled_from(records.AVAILABILITIES), consulted=flag, known_suppliers=st.integers(0, 9)),
            specification=_some(includes_design_or_innovation=flag, needs_negotiation=flag, cannot_be_precise=flag),
            rd=_some(benefits_exclusive_to_buyer=flag, fully_paid_by_buyer=flag, deployment_included=flag),
            novelty=_some(
                new_to_buyer=flag, new_to_market=flag, clear_improvement=flag, innovation_considered=flag, effect=st.just("Less")
            ),
            previous_procedure=st.sampled_from(records.PREVIOUS_PROCEDURES),
            single_supplier=st.sampled_from(records.SINGLE_SUPPLIERS),
            urgency=st.sampled_from(records.URGENCIES),
            prototype_only=flag,
            sector=st.sampled_from(records.SECTORS),
            buyer_type=st.sampled_from(records.BUYER_TYPES),
            submission=st.sampled_from(records.SUBMISSIONS),
            documents_open_online=flag,
            start=st.dates(*YEARS).map(lambda day: day.isoformat()),
            contract_needed_by=st.dates(*YEARS).map(lambda day: day.isoformat()),
            procedure=st.sampled_from(records.PROCEDURES),
        )
    )
    amount = draw(st.sampled_from(AMOUNTS) | st.integers(0, 12_000_000))
    return case(draw(st.sampled_from(records.CONTRACT_KINDS)), amount, **keys)
