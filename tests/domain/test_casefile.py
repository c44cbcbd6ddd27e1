"""Reading one case file: what is accepted, what is refused, and in which words."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from procure.catalogue import cpv
from procure.domain import casefile
from procure.domain.casefile import CaseFile, CaseFileError, Estimate, Funding, Lot

MUNICIPALITIES = ("049", "091", "092", "153", "167", "837", "853")
DEMO = sorted((Path(cpv.__file__).parent / "demo").glob("*.json"))


def from_bytes(source: bytes) -> CaseFile:
    codes = cpv.load()
    return casefile.read(source, municipalities=MUNICIPALITIES, divisions=codes.divisions, check_digits=codes.check_digits)


def from_keys(**keys: Any) -> CaseFile:
    """A smallest valid case with `keys` put over it, through JSON text."""
    return from_bytes(json.dumps(smallest(**keys)).encode())


def smallest(**keys: Any) -> dict[str, Any]:
    return {
        "format": "procure-case/1",
        "title": "Snow robots",
        "buyer": "837",
        "contract_kind": "goods",
        "estimated_value": {"amount": "350000.50"},
        **keys,
    }


def fault(source: bytes | dict[str, Any]) -> str:
    with pytest.raises(CaseFileError) as caught:
        from_bytes(source if isinstance(source, bytes) else json.dumps(source).encode())
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_smallest_case_holds_the_defaults_and_knows_nothing_else() -> None:
    case = from_keys()
    assert (case.title, case.buyer, case.contract_kind) == ("Snow robots", "837", "goods")
    assert case.estimated_value == Estimate(Decimal("350000.50"))
    assert (case.sector, case.buyer_type, case.submission) == ("classic", "sub_central", "electronic")
    assert (case.previous_procedure, case.single_supplier, case.urgency) == ("none", "none", "none")
    assert case.prototype_only is False
    assert case.documents_open_online is True
    assert (case.market, case.lots, case.cpv, case.need, case.start, case.facts) == (None,) * 6


def test_values_are_read_as_what_they_are() -> None:
    case = from_keys(
        estimated_value={"amount": "0", "date": "2026-02-28", "options_included": False, "method": {"fi": "28 §"}},
        lots=[{"title": "a", "value": "1"}, {"title": {"sv": "b"}, "value": "2.5", "kind": "works"}],
        market={"availability": "none", "known_suppliers": 10_000},
        funding=[{"source": "akke", "amount": "999999999999999.99", "decision_date": "2024-02-29"}],
        cpv=["48000000-8", "72212900"],
    )
    assert case.estimated_value == Estimate(Decimal(0), date(2026, 2, 28), {"fi": "28 §"}, False)
    assert case.lots == (Lot("a", Decimal(1)), Lot({"sv": "b"}, Decimal("2.5"), "works"))
    assert [case.kind_of(lot) for lot in case.lots] == ["goods", "works"]
    assert case.market is not None
    assert (case.market.availability, case.market.consulted, case.market.known_suppliers) == ("none", None, 10_000)
    assert case.funding == (Funding("akke", Decimal("999999999999999.99"), date(2024, 2, 29)),)
    assert case.cpv == ("48000000", "72212900")


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_each_demo_case_is_valid_complete_in_three_languages_and_comes_back_whole(path: Path) -> None:
    case = from_bytes(path.read_bytes())
    for words in (case.title, case.need, case.desired_outcome):
        assert isinstance(words, dict)
        assert set(words) == {"fi", "sv", "en"}
    assert all(cpv.load().name(code, "fi") for code in case.cpv or ())
    assert json.loads(casefile.write(case)) == json.loads(path.read_text(encoding="utf-8"))


def test_there_are_four_demo_cases() -> None:
    assert len(DEMO) == 4


def test_an_empty_list_or_object_that_was_given_is_given_back() -> None:
    keys: dict[str, Any] = {
        "partners": [],
        "themes": [],
        "cpv": [],
        "funding": [],
        "market": {},
        "rd": {},
        "novelty": {},
        "facts": {},
    }
    assert casefile.to_document(from_keys(**keys)) == smallest(**keys)


def test_a_key_at_its_default_is_not_written() -> None:
    assert casefile.to_document(from_keys(sector="classic", urgency="none", prototype_only=False)) == smallest()
    assert casefile.to_document(from_keys(prototype_only=True, documents_open_online=False))["prototype_only"] is True


def test_a_check_digit_that_is_not_known_is_accepted_and_left_off() -> None:
    code = next(f"480{rest:05}" for rest in range(1, 99999) if f"480{rest:05}" not in cpv.load().codes)
    assert from_keys(cpv=[f"{code}-9"]).cpv == (code,)


def test_a_byte_order_mark_is_allowed() -> None:
    assert from_bytes(b"\xef\xbb\xbf" + json.dumps(smallest()).encode()) == from_keys()


def test_facts_are_kept_as_they_are() -> None:
    facts = {"odd key.": [1, -2.5, True, "ä\u2028", {"deep": [[]]}], "": 10**999}
    case = from_keys(facts=facts)
    assert case.facts == facts
    assert from_bytes(casefile.write(case).encode()) == case


def test_texts_hold_any_character() -> None:
    words = "\x00 a\u202eb \ufeff \U0001f98a </script> {{ 7*7 }} =1+1"
    assert from_keys(need=words, users="").need == words


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"titel": 1}, "titel: unknown key; did you mean title?"),
        ({"zzzz": 1}, "zzzz: unknown key; the keys here are format, title, buyer,"),
        ({"a b\n": 1}, "['a b\\n']: unknown key"),
        ({"market": {"availabilty": "none"}}, "market.availabilty: unknown key; did you mean availability?"),
        ({"format": "procure-case/2"}, "format: must be \"procure-case/1\", not 'procure-case/2'"),
        ({"need": None}, "need: is null; leave the key out"),
        ({"facts": {"a": [1, None]}}, "facts.a[1]: is null"),
        ({"partners": ["049", None]}, "partners[1]: is null"),
        ({"title": {"fi": None}}, "title.fi: is null"),
        ({"title": ""}, "title: must not be empty"),
        ({"title": {"fi": ""}}, "title: must not be empty"),
        ({"title": {}}, "title: has no language"),
        ({"title": ["a"]}, "title: must be a text or an object with any of fi, sv, en, not a list"),
        ({"need": {"de": "x"}}, "need.de: unknown language; allowed: fi, sv, en"),
        ({"need": {"fi": 3}}, "need.fi: must be a text, not 3"),
        ({"need": "\ud800"}, "need: holds half of a surrogate pair"),
        ({"facts": {"\udfff": 1}}, "facts['\\udfff']: holds half of a surrogate pair"),
        ({"buyer": "999"}, "buyer: must be the municipality code of an InnoCity, a string that is one of 049, 091,"),
        ({"buyer": 837}, "buyer: must be the municipality code"),
        ({"partners": ["837"]}, "partners[0]: 837 is the buyer itself"),
        ({"partners": ["049", "091", "049"]}, "partners[2]: 049 is given twice"),
        ({"partners": "049"}, "partners: must be a list of municipality codes, not '049'"),
        ({"themes": ["ai"]}, "themes[0]: must be one of carbon_neutrality, digitalisation, health_wellbeing,"),
        ({"contract_kind": "service"}, "contract_kind: must be one of goods, services, works,"),
        ({"contract_kind": ["goods"]}, "contract_kind: must be one of goods, services, works,"),
        ({"procedure": "auction"}, "procedure: must be one of open, restricted,"),
        ({"lots": []}, "lots: must have at least 1 of lots"),
        ({"lots": [{"title": "a", "value": "1"}, {"title": "b"}]}, "lots[1].value: the key is required and missing"),
        ({"lots": [{"title": "a", "value": 5}]}, 'lots[0].value: money is a string, such as "350000.50", not 5'),
        ({"estimated_value": "1"}, "estimated_value: must be an object, not '1'"),
        ({"estimated_value": {}}, "estimated_value.amount: the key is required and missing"),
        ({"funding": [{}]}, "funding[0].source: the key is required and missing"),
        ({"market": {"consulted": 1}}, "market.consulted: must be true or false, not 1"),
        ({"market": {"consulted": "yes"}}, "market.consulted: must be true or false, not 'yes'"),
        ({"market": {"known_suppliers": True}}, "market.known_suppliers: must be a whole number from 0 to 10000, not true"),
        ({"market": {"known_suppliers": 10_001}}, "market.known_suppliers: must be a whole number from 0 to 10000"),
        ({"market": {"known_suppliers": -1}}, "market.known_suppliers: must be a whole number from 0 to 10000"),
        ({"market": {"known_suppliers": 2.0}}, "market.known_suppliers: must be a whole number from 0 to 10000"),
        ({"cpv": ["4800000"]}, "cpv[0]: must be a CPV code of eight digits"),
        ({"cpv": ["4800000\u0660"]}, "cpv[0]: must be a CPV code of eight digits"),
        ({"cpv": [48000000]}, "cpv[0]: must be a CPV code of eight digits"),
        ({"cpv": ["48000000-7"]}, "cpv[0]: the check digit of CPV code 48000000 is 8, not 7"),
        ({"cpv": ["99000000"]}, "cpv[0]: 99000000 begins with a CPV division that does not exist; allowed: 03, 09,"),
        ({"facts": []}, "facts: must be an object, not a list"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_place_and_what_is_allowed(keys: dict[str, Any], message: str) -> None:
    assert fault(smallest(**keys)).startswith(message)


@pytest.mark.parametrize("key", ["format", "title", "buyer", "contract_kind", "estimated_value"])
def test_a_required_key_that_is_missing_is_named(key: str) -> None:
    keys = smallest()
    del keys[key]
    assert fault(keys) == f"{key}: the key is required and missing"


@pytest.mark.parametrize(
    "amount",
    ["", "-1", "+1", " 1", "1 ", "1\n", "1,5", "1.", ".5", "1.234", "1e5", "1_000", "NaN", "Infinity", "0x10", "١٢", "1" * 16],
)
def test_money_that_is_no_plain_decimal_is_refused(amount: str) -> None:
    assert fault(smallest(estimated_value={"amount": amount})).startswith("estimated_value.amount: must be a plain decimal")


@pytest.mark.parametrize("amount", [350000, 350000.5, True, ["1"], {"eur": "1"}])
def test_money_that_is_not_a_string_is_refused(amount: Any) -> None:
    assert fault(smallest(estimated_value={"amount": amount})).startswith("estimated_value.amount: money is a string")


@pytest.mark.parametrize("key", ["start", "contract_needed_by", "prior_information_notice"])
@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "20261124", "2026-W48-2", "2026-1-1", "24.11.2026", "2026-11-24T00:00", "0000-01-01", "２０２６-01-01", 2026],
)
def test_a_date_is_an_existing_day_in_the_one_form(key: str, day: Any) -> None:
    assert fault(smallest(**{key: day})).startswith(f"{key}: ")


def raw(extra: str) -> bytes:
    """A valid case with `extra` written at its end as it is."""
    return (json.dumps(smallest())[:-1] + ", " + extra + "}").encode()


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ('"need": "a", "need": "a"', "need: the key is given twice"),
        ('"market": {"consulted": true, "consulted": true}', "market.consulted: the key is given twice"),
        ('"lots": [{"title": "a", "value": "1", "value": "1"}]', "lots[0].value: the key is given twice"),
        ('"need": {"fi": "a", "fi": "b"}', "need.fi: the key is given twice"),
        ('"facts": {"a": [{"b": 1, "b": 1}]}', "facts.a[0].b: the key is given twice"),
        ('"market": {"known_suppliers": NaN}', "market.known_suppliers: NaN is not a number of JSON"),
        ('"facts": {"a": -Infinity}', "facts.a: -Infinity is not a number of JSON"),
        ('"facts": {"a": 1e999}', "facts.a: is a number too large to be kept"),
        (f'"market": {{"known_suppliers": 1{"0" * 5000}}}', "market.known_suppliers: is a number of more than 1000 characters"),
        (f'"facts": {{"a": 0.{"1" * 5000}}}', "facts.a: is a number of more than 1000 characters"),
        (f'"{"k" * 5000}": 1', "['kkkkkkkkkk"),
    ],
)
def test_what_json_lets_pass_in_silence_is_refused_with_its_place(extra: str, message: str) -> None:
    found = fault(raw(extra))
    assert found.startswith(message)
    assert len(found) < 600


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"\xff\xfe{\x00", "the file is not UTF-8: byte 1 cannot be read"),
        (b'{"format": "\xed\xa0\x80"}', "the file is not UTF-8: byte 13"),
        (b"{", "the file is not JSON: "),
        (b"{} {}", "the file is not JSON: Extra data (line 1, column 4)"),
        (b'{"title": "a\nb"}', "the file is not JSON: Invalid control character"),
        (b"[]", "a case file is one JSON object, not a list"),
        (b"NaN", "NaN is not a number of JSON"),
        (b"null", "is null"),
    ],
)
def test_what_is_not_one_json_object_in_utf_8_is_refused(source: bytes, message: str) -> None:
    assert fault(source).startswith(message)


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    """A valid case in which the deepest list or object is at that level; the file's own object is the first."""
    return raw('"facts": {"a": ' + opening * (levels - 2) + closing * (levels - 2) + "}")


def test_fifty_levels_are_read_and_the_fifty_first_is_refused() -> None:
    assert from_bytes(nested(50)).facts
    assert fault(nested(51)) == "the file is nested more than 50 levels deep (line 1)"


@pytest.mark.parametrize("source", [b"[" * 200_000, b'{"a":' * 200_000, b'["\\"[",' * 200_000, nested(100_000)])
def test_very_deep_nesting_is_refused_before_the_parser_sees_it(source: bytes) -> None:
    assert fault(source).startswith("the file is nested more than 50 levels deep")


def test_brackets_inside_texts_are_no_nesting() -> None:
    words = '[{"\\' * 1000
    assert from_keys(need=words).need == words


def test_five_megabytes_are_read_and_a_byte_more_is_not() -> None:
    source = raw('"need": "x"')
    full = source + b" " * (casefile.LARGEST - len(source))
    assert from_bytes(full).need == "x"
    assert fault(full + b" ") == "the file is larger than 5 MB"


@pytest.mark.parametrize("facts", [{"a": {1}}, {1: "a"}, {"a": float("nan")}, {"a": 10**2000}, {"a": date(2026, 1, 1)}])
def test_a_plain_dict_is_held_to_the_same_rules(facts: Any) -> None:
    with pytest.raises(CaseFileError, match=r"^facts"):
        casefile.from_document(smallest(facts=facts), municipalities=MUNICIPALITIES, divisions={"48"})


def test_a_plain_dict_is_held_to_fifty_levels_too() -> None:
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(CaseFileError, match=r"^facts.*more than 50 levels"):
        casefile.from_document(smallest(facts={"a": deep}), municipalities=MUNICIPALITIES, divisions={"48"})


def test_a_plain_dict_gives_the_case_that_its_file_gives() -> None:
    keys = smallest(cpv=["48000000"], partners=["049"])
    assert casefile.from_document(keys, municipalities=MUNICIPALITIES, divisions={"48"}) == from_keys(**keys)


def test_an_error_tells_place_and_problem_apart() -> None:
    with pytest.raises(CaseFileError) as caught:
        from_keys(market={"consulted": 1})
    assert (caught.value.place, caught.value.problem) == ("market.consulted", "must be true or false, not 1")
