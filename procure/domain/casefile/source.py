"""Bytes from outside into a case, and a case into text. The bytes are not trusted: none may cost much or raise the unforeseen."""

import json
import re
from collections.abc import Collection, Mapping
from math import isfinite
from typing import Any, Final

from procure.domain.casefile.document import NO_CHECK_DIGITS, from_document, to_document
from procure.domain.casefile.errors import CaseFileError
from procure.domain.casefile.records import CaseFile
from procure.domain.casefile.values import DEEPEST, LONGEST_NUMBER, Repeated, Unusable

LARGEST: Final = 5_000_000
"""Bytes of a case file at most (5 MB), the byte order mark included."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_STRING_OR_BRACKET: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""A string never closed runs to the end, so that each character is looked at once, whatever the text."""


def read(
    source: bytes,
    *,
    municipalities: Collection[str],
    divisions: Collection[str],
    check_digits: Mapping[str, str] = NO_CHECK_DIGITS,
) -> CaseFile:
    """The case in the bytes of a file in the format procure-case/1. Raises CaseFileError, and nothing else, for any other bytes.

    `municipalities` are the codes of the InnoCities, `divisions` the two digits of the CPV divisions, `check_digits` those known.
    """
    document = parse(source)
    return from_document(document, municipalities=municipalities, divisions=divisions, check_digits=check_digits)


def write(case: CaseFile) -> str:
    """The case as a file's text, to be saved as UTF-8; `read` makes an equal case of it."""
    return json.dumps(to_document(case), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def parse(source: bytes) -> Any:
    """The JSON value in the bytes. Keys given twice and numbers that are none are marked, to be refused with their place."""
    if len(source) > LARGEST:
        raise CaseFileError("", f"the file is larger than {LARGEST // 1_000_000} MB")
    try:
        text = source.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaseFileError("", f"the file is not UTF-8: byte {error.start + 1} cannot be read") from error
    if not text.strip():
        raise CaseFileError("", "the file is empty")
    _check_depth(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise CaseFileError("", f"the file is not JSON: {error.msg} ({where})") from error


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser, which calls itself at each level, has seen it."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        bracket = found[0]
        if bracket in ("{", "["):
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, found.start()) + 1
                raise CaseFileError("", f"the file is nested more than {DEEPEST} levels deep (line {line})")
        elif bracket in ("}", "]"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = Repeated(found)
    seen = set()
    for key, _ in pairs:
        if key in seen:
            repeated.key = key
            break
        seen.add(key)
    return repeated


def _whole(digits: str) -> int | Unusable:
    if len(digits) > LONGEST_NUMBER:
        return Unusable(f"is a number of more than {LONGEST_NUMBER} characters")
    return int(digits)


def _fraction(digits: str) -> float | Unusable:
    if len(digits) > LONGEST_NUMBER:
        return Unusable(f"is a number of more than {LONGEST_NUMBER} characters")
    number = float(digits)
    return number if isfinite(number) else Unusable("is a number too large to be kept")


def _constant(name: str) -> Unusable:
    return Unusable(f"{name} is not a number of JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant)
