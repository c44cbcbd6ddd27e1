"""A case file's JSON object: the one table of its keys, the reading of a plain dict into records and the way back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from procure.domain import money
from procure.domain.casefile import records, values
from procure.domain.casefile.errors import LONGEST_SHOWN, CaseFileError, joined, shown
from procure.domain.casefile.records import FORMAT, CaseFile
from procure.domain.casefile.values import Check, Known

NO_CHECK_DIGITS: Final[Mapping[str, str]] = MappingProxyType({})


class _Shape:
    """An object of the format: its keys with their checks, those that are required, and the record made of them."""

    def __init__(self, record: Callable[..., Any], keys: dict[str, Check], required: tuple[str, ...] = ()) -> None:
        self.record, self.keys, self.required = record, keys, required

    def __call__(self, value: Any, place: str, known: Known) -> Any:
        if not isinstance(value, dict):
            raise CaseFileError(place, f"must be an object, not {shown(value)}")
        return self.record(**self.checked(value, place, known))

    def checked(self, value: dict[str, Any], place: str, known: Known) -> dict[str, Any]:
        """The checked value of each key given. Misspelt keys are told first: they explain why a required one is missing."""
        for key in value:
            if key not in self.keys:
                raise CaseFileError(joined(place, key), self._unknown(key))
        for key in self.required:
            if key not in value:
                raise CaseFileError(joined(place, key), "the key is required and missing")
        found = {}
        prefix = f"{place}." if place else ""
        for key, item in value.items():
            inner = prefix + key
            values.usable(item, inner)
            found[key] = self.keys[key](item, inner, known)
        return found

    def _unknown(self, key: Any) -> str:
        if isinstance(key, str) and len(key) <= LONGEST_SHOWN and (near := get_close_matches(key, self.keys, n=1)):
            return f"unknown key; did you mean {near[0]}?"
        return f"unknown key; the keys here are {', '.join(self.keys)}"


def _list_of(check: Check, what: str, least: int = 0) -> Check:
    def checked(value: Any, place: str, known: Known) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise CaseFileError(place, f"must be a list of {what}, not {shown(value)}")
        if len(value) < least:
            raise CaseFileError(place, f"must have at least {least} of {what}; leave the key out when there are none")
        found = []
        for number, item in enumerate(value):
            inner = f"{place}[{number}]"
            values.usable(item, inner)
            found.append(check(item, inner, known))
        return tuple(found)

    return checked


def _format(value: Any, place: str, known: Known) -> str:
    if value != FORMAT or not isinstance(value, str):
        raise CaseFileError(place, f'must be "{FORMAT}", not {shown(value)}')
    return FORMAT


_ESTIMATE: Final = _Shape(
    records.Estimate,
    {"amount": values.amount, "date": values.day, "method": values.text, "options_included": values.yes_or_no},
    required=("amount",),
)
_LOT: Final = _Shape(
    records.Lot,
    {"title": values.title, "value": values.amount, "kind": values.one_of(records.CONTRACT_KINDS)},
    required=("title", "value"),
)
_MARKET: Final = _Shape(
    records.Market,
    {
        "availability": values.one_of(records.AVAILABILITIES),
        "consulted": values.yes_or_no,
        "known_suppliers": values.suppliers,
    },
)
_RD: Final = _Shape(
    records.ResearchTerms,
    dict.fromkeys(("benefits_exclusive_to_buyer", "fully_paid_by_buyer", "deployment_included"), values.yes_or_no),
)
_SPECIFICATION: Final = _Shape(
    records.Specification,
    dict.fromkeys(("includes_design_or_innovation", "needs_negotiation", "cannot_be_precise"), values.yes_or_no),
)
_NOVELTY: Final = _Shape(
    records.Novelty,
    {
        **dict.fromkeys(("new_to_buyer", "new_to_market", "clear_improvement", "innovation_considered"), values.yes_or_no),
        "effect": values.text,
    },
)
_FUNDING: Final = _Shape(
    records.Funding,
    {"source": values.one_of(records.FUNDING_SOURCES), "amount": values.amount, "decision_date": values.day},
    required=("source",),
)
_CASE: Final = _Shape(
    CaseFile,
    {
        "format": _format,
        "title": values.title,
        "buyer": values.municipality,
        "partners": _list_of(values.municipality, "municipality codes"),
        "need": values.text,
        "desired_outcome": values.text,
        "users": values.text,
        "current_solution": values.text,
        "themes": _list_of(values.one_of(records.THEMES), "themes"),
        "priority": values.text,
        "cpv": _list_of(values.cpv_code, "CPV codes"),
        "contract_kind": values.one_of(records.CONTRACT_KINDS),
        "sector": values.one_of(records.SECTORS),
        "buyer_type": values.one_of(records.BUYER_TYPES),
        "estimated_value": _ESTIMATE,
        "lots": _list_of(_LOT, "lots", least=1),
        "market": _MARKET,
        "rd": _RD,
        "specification": _SPECIFICATION,
        "previous_procedure": values.one_of(records.PREVIOUS_PROCEDURES),
        "single_supplier": values.one_of(records.SINGLE_SUPPLIERS),
        "urgency": values.one_of(records.URGENCIES),
        "prototype_only": values.yes_or_no,
        "novelty": _NOVELTY,
        "submission": values.one_of(records.SUBMISSIONS),
        "documents_open_online": values.yes_or_no,
        "prior_information_notice": values.day,
        "start": values.day,
        "contract_needed_by": values.day,
        "procedure": values.one_of(records.PROCEDURES),
        "funding": _list_of(_FUNDING, "funding sources"),
        "facts": values.facts,
    },
    required=("format", "title", "buyer", "contract_kind", "estimated_value"),
)

KEYS: Final = tuple(_CASE.keys)
"""The keys of a case file, in the order in which they are written."""

_DEFAULTS: Final = {field.name: field.default for field in fields(CaseFile) if field.default not in (None, MISSING)}


def from_document(
    document: Any,
    *,
    municipalities: Collection[str],
    divisions: Collection[str],
    check_digits: Mapping[str, str] = NO_CHECK_DIGITS,
) -> CaseFile:
    """The case in a plain dict of JSON values, which is not changed; its `facts` are kept as they are. Raises CaseFileError.

    `municipalities` are the codes of the InnoCities, `divisions` the two digits of the CPV divisions, `check_digits` those known.
    """
    values.usable(document, "")
    if not isinstance(document, dict):
        raise CaseFileError("", f"a case file is one JSON object, not {shown(document)}")
    if "format" in document:  # another format has other keys: say so before naming one of them
        _format(document["format"], "format", Known((), (), {}))
    found = _CASE.checked(document, "", Known(municipalities, divisions, check_digits))
    del found["format"]
    case = CaseFile(**found)
    _check_partners(case)
    return case


def _check_partners(case: CaseFile) -> None:
    seen = {case.buyer: "is the buyer itself"}
    for number, code in enumerate(case.partners or ()):
        if code in seen:
            raise CaseFileError(f"partners[{number}]", f"{code} {seen[code]}")
        seen[code] = "is given twice"


def to_document(case: CaseFile) -> dict[str, Any]:
    """The JSON object of a case: what is known, in the order of the format; keys at their default are left out."""
    document: dict[str, Any] = {"format": FORMAT}
    for key in KEYS[1:]:
        value = getattr(case, key)
        if value is not None and not (key in _DEFAULTS and value == _DEFAULTS[key]):
            document[key] = _plain(value)
    return document


def _plain(value: Any) -> Any:
    """A record, or what one holds, as JSON values that share nothing with it."""
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return money.plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    pairs = ((name, getattr(value, name)) for name in value.__slots__)
    return {name: _plain(item) for name, item in pairs if item is not None}
