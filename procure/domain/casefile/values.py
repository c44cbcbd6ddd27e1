"""Checks of single values of a case file. Each takes the value, its place and what is known; each raises CaseFileError."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from procure.domain import money
from procure.domain.casefile.errors import CaseFileError, inside, joined, shown
from procure.domain.casefile.records import KNOWN_SUPPLIERS_MOST, Text
from procure.domain.language import LANGUAGES

DEEPEST: Final = 50
LONGEST_NUMBER: Final = 1000
"""Characters of a number anywhere in the file: longer ones cost more to turn into a number than any fact is worth."""
MOST_BITS: Final = 3322
"""Of a whole number: as many as 1,000 digits need."""

_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CPV: Final = re.compile(r"([0-9]{8})(?:-([0-9]))?")


@dataclass(frozen=True, slots=True)
class Known:
    """What the file is held against: municipality codes, CPV divisions (two digits), CPV check digits by code."""

    municipalities: Collection[str]
    divisions: Collection[str]
    check_digits: Mapping[str, str]


Check = Callable[[Any, str, Known], Any]


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands in the parsed document for a number that is none, so that the fault can be told with its place."""

    problem: str


class Repeated(dict[str, Any]):
    """A JSON object in which a key was given twice."""

    key = ""


def usable(value: Any, place: str) -> None:
    """Refuse what no key may hold: null, a number that is none, an object with a key given twice."""
    if value is None:
        raise CaseFileError(place, "is null; leave the key out when it is not known yet")
    if isinstance(value, Unusable):
        raise CaseFileError(place, value.problem)
    if isinstance(value, Repeated):
        raise CaseFileError(joined(place, value.key), "the key is given twice")


def words(value: str, place: str) -> str:
    """A string of any characters but lone surrogates, which no encoding can write."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise CaseFileError(place, "holds half of a surrogate pair, which is no character") from error
    return value


def text(value: Any, place: str, known: Known) -> Text:
    if isinstance(value, str):
        return words(value, place)
    if not isinstance(value, dict):
        raise CaseFileError(place, f"must be a text or an object with any of fi, sv, en, not {shown(value)}")
    if not value:
        raise CaseFileError(place, "has no language; give at least one of fi, sv, en")
    found = {}
    for language, sentence in value.items():
        if language not in LANGUAGES:
            raise CaseFileError(joined(place, language), "unknown language; allowed: fi, sv, en")
        usable(sentence, joined(place, language))
        if not isinstance(sentence, str):
            raise CaseFileError(joined(place, language), f"must be a text, not {shown(sentence)}")
        found[language] = words(sentence, joined(place, language))
    return found


def title(value: Any, place: str, known: Known) -> Text:
    """A text that names something, so it may not be empty."""
    found = text(value, place, known)
    if not (found if isinstance(found, str) else any(found.values())):
        raise CaseFileError(place, "must not be empty")
    return found


def yes_or_no(value: Any, place: str, known: Known) -> bool:
    if value is True or value is False:
        return bool(value)
    raise CaseFileError(place, f"must be true or false, not {shown(value)}")


def suppliers(value: Any, place: str, known: Known) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= KNOWN_SUPPLIERS_MOST:
        return value
    raise CaseFileError(place, f"must be a whole number from 0 to {KNOWN_SUPPLIERS_MOST}, not {shown(value)}")


def amount(value: Any, place: str, known: Known) -> Decimal:
    if not isinstance(value, str):
        raise CaseFileError(place, f'money is a string, such as "350000.50", not {shown(value)}')
    try:
        return money.parse(value)
    except ValueError as error:
        raise CaseFileError(
            place,
            f"must be a plain decimal that is not negative, with at most {money.WHOLE_DIGITS} digits before the point and"
            f' {money.CENT_DIGITS} after, such as "350000.50", not {shown(value)}',
        ) from error


def day(value: Any, place: str, known: Known) -> date:
    found = _ISO_DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise CaseFileError(place, f'must be a date such as "2026-11-24", not {shown(value)}')
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise CaseFileError(place, f"{value} is not a day of the calendar") from error


def one_of(allowed: tuple[str, ...]) -> Check:
    def check(value: Any, place: str, known: Known) -> str:
        if isinstance(value, str) and value in allowed:
            return str(value)
        raise CaseFileError(place, f"must be one of {', '.join(allowed)}, not {shown(value)}")

    return check


def municipality(value: Any, place: str, known: Known) -> str:
    if isinstance(value, str) and value in known.municipalities:
        return str(value)
    codes = ", ".join(sorted(known.municipalities))
    raise CaseFileError(
        place, f"must be the municipality code of an InnoCity, a string that is one of {codes}, not {shown(value)}"
    )


def cpv_code(value: Any, place: str, known: Known) -> str:
    """The eight digits; a check digit is compared where the code's own is known, and then left off."""
    found = _CPV.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise CaseFileError(place, f'must be a CPV code of eight digits, such as "48000000" or "48000000-8", not {shown(value)}')
    code, digit = found[1], found[2]
    if code[:2] not in known.divisions:
        divisions = ", ".join(sorted(known.divisions))
        raise CaseFileError(place, f"{code} begins with a CPV division that does not exist; allowed: {divisions}")
    official = known.check_digits.get(code)
    if digit is not None and official and digit != official:
        raise CaseFileError(place, f"the check digit of CPV code {code} is {official}, not {digit}")
    return str(code)


def free(value: Any, depth: int) -> None:
    """Check any JSON value at `depth` (the file's own object is depth 1). A fault's place is told from the value inwards: putting
    it together on the way back, and only then, keeps a file of a million remarks cheap."""
    if isinstance(value, str):
        words(value, "")
    elif isinstance(value, dict):
        _free_object(value, depth)
    elif isinstance(value, (list, tuple)):
        _check_depth(depth)
        for number, item in enumerate(value):
            try:
                free(item, depth + 1)
            except CaseFileError as error:
                raise CaseFileError(inside(f"[{number}]", error.place), error.problem) from None
    elif isinstance(value, int):
        if value.bit_length() > MOST_BITS:
            raise CaseFileError("", "is a number too large to be kept")
    elif not isinstance(value, float) or not isfinite(value):
        usable(value, "")
        raise CaseFileError("", f"must be a JSON value, not {shown(value)}")


def _free_object(value: dict[Any, Any], depth: int) -> None:
    _check_depth(depth)
    usable(value, "")
    for key, item in value.items():
        try:
            if not isinstance(key, str):
                raise CaseFileError("", "a key must be a text")
            words(key, "")
            free(item, depth + 1)
        except CaseFileError as error:
            raise CaseFileError(inside(joined("", key), error.place), error.problem) from None


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise CaseFileError("", f"is nested more than {DEEPEST} levels deep")


def facts(value: Any, place: str, known: Known) -> dict[str, Any]:
    """The remarks and sources as they are."""
    if not isinstance(value, dict):
        raise CaseFileError(place, f"must be an object, not {shown(value)}")
    try:
        free(value, depth=2)
    except CaseFileError as error:
        raise CaseFileError(inside(place, error.place), error.problem) from None
    return value
