"""Case files made up by the machine: whatever is valid comes back equal, whatever is not is refused in one way."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procure.domain import casefile
from procure.domain.casefile import CaseFileError, records

CITIES = ("049", "091", "167", "837", "853")
DIVISIONS = ("48", "72", "73")

words = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
texts = words | st.dictionaries(st.sampled_from(["fi", "sv", "en"]), words, min_size=1)
titles = names | st.dictionaries(st.sampled_from(["fi", "sv", "en"]), names, min_size=1)
money = st.decimals(min_value=0, max_value="999999999999999.99", places=2).map(lambda amount: format(amount, "f"))
days = st.dates().map(lambda day: day.isoformat())
flags = st.booleans()
remarks = st.recursive(
    flags | words | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def choice(allowed: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(allowed)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


lots = st.fixed_dictionaries({"title": titles, "value": money}, optional={"kind": choice(records.CONTRACT_KINDS)})
documents = st.fixed_dictionaries(
    {
        "format": st.just("procure-case/1"),
        "title": titles,
        "buyer": st.just("837"),
        "contract_kind": choice(records.CONTRACT_KINDS),
        "estimated_value": st.fixed_dictionaries(
            {"amount": money}, optional={"date": days, "method": texts, "options_included": flags}
        ),
    },
    optional={
        "partners": st.lists(choice(CITIES[:3]), unique=True),
        **dict.fromkeys(("need", "desired_outcome", "users", "current_solution", "priority"), texts),
        "themes": st.lists(choice(records.THEMES), max_size=4),
        "cpv": st.lists(st.tuples(choice(DIVISIONS), st.integers(0, 999_999)).map(lambda two: f"{two[0]}{two[1]:06}")),
        "sector": choice(records.SECTORS),
        "buyer_type": choice(records.BUYER_TYPES),
        "lots": st.lists(lots, min_size=1, max_size=3),
        "market": some(availability=choice(records.AVAILABILITIES), consulted=flags, known_suppliers=st.integers(0, 10_000)),
        "rd": some(benefits_exclusive_to_buyer=flags, fully_paid_by_buyer=flags, deployment_included=flags),
        "specification": some(includes_design_or_innovation=flags, needs_negotiation=flags, cannot_be_precise=flags),
        "previous_procedure": choice(records.PREVIOUS_PROCEDURES),
        "single_supplier": choice(records.SINGLE_SUPPLIERS),
        "urgency": choice(records.URGENCIES),
        "prototype_only": flags,
        "novelty": some(new_to_buyer=flags, new_to_market=flags, clear_improvement=flags, effect=texts),
        "submission": choice(records.SUBMISSIONS),
        "documents_open_online": flags,
        **dict.fromkeys(("prior_information_notice", "start", "contract_needed_by"), days),
        "procedure": choice(records.PROCEDURES),
        "funding": st.lists(
            st.fixed_dictionaries({"source": choice(records.FUNDING_SOURCES)}, optional={"amount": money, "decision_date": days}),
            max_size=3,
        ),
        "facts": st.dictionaries(words, remarks, max_size=3),
    },
)
DEFAULTS = {
    "sector": "classic", "buyer_type": "sub_central", "previous_procedure": "none", "single_supplier": "none",
    "urgency": "none", "prototype_only": False, "submission": "electronic", "documents_open_online": True,
}  # fmt: skip


def read(source: bytes) -> casefile.CaseFile:
    return casefile.read(source, municipalities=CITIES, divisions=DIVISIONS)


def refusal(source: bytes) -> str:
    """Why the bytes are no case, in one line; "" when they are one. Any other exception than CaseFileError comes through."""
    try:
        read(source)
    except CaseFileError as error:
        return str(error)
    return ""


@settings(deadline=None)
@given(documents)
def test_a_valid_case_comes_back_with_the_same_keys_and_values(document: dict[str, Any]) -> None:
    case = read(json.dumps(document).encode())
    written = casefile.write(case)
    assert read(written.encode()) == case
    assert {**DEFAULTS, **json.loads(written)} == {**DEFAULTS, **document}


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_a_case_or_a_case_file_error(source: bytes) -> None:
    assert refusal(source).isprintable()


@settings(deadline=None)
@given(documents, st.data())
def test_a_damaged_case_is_a_case_or_a_case_file_error(document: dict[str, Any], data: st.DataObject) -> None:
    source = bytearray(json.dumps(document).encode())
    place = data.draw(st.integers(0, len(source) - 1))
    source[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    assert refusal(bytes(source)).isprintable()


@settings(deadline=None)
@given(documents, st.data())
def test_any_json_value_in_any_key_is_a_case_or_a_case_file_error(document: dict[str, Any], data: st.DataObject) -> None:
    document[data.draw(st.sampled_from(casefile.KEYS) | words)] = data.draw(remarks | st.none() | st.floats())
    assert refusal(json.dumps(document).encode()).isprintable()
