"""The CPV codes: the list that ships, and the official list when somebody has imported it."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from procure.catalogue import reading
from procure.catalogue.reading import CatalogueError
from procure.config import ROOT
from procure.domain.language import LANGUAGES, Trilingual

START_LIST: Final = Path(__file__).with_name("cpv.toml")
OFFICIAL: Final = ROOT / "instance" / "cpv-official.csv"
"""Where `procure cpv` keeps the whole list of this installation."""

_CODE: Final = re.compile(r"[0-9]{8}")
_DIGIT: Final = re.compile(r"[0-9]?")
_TYPED_CODE: Final = re.compile(r"([0-9]{1,8})(?:-[0-9]?)?")
_COLUMNS: Final = ("code", "check_digit", *LANGUAGES)
_ROW: Final = re.compile(r'\s*"?([0-9A-Za-z_-]+)"?\s*=')


@dataclass(frozen=True, slots=True)
class CpvCode:
    """One code of eight digits. `check_digit` is "" when it is not known: there is no formula for it."""

    code: str
    check_digit: str
    name: Trilingual

    @property
    def written(self) -> str:
        """The code as it is written in a notice: with its check digit when that is known."""
        return f"{self.code}-{self.check_digit}" if self.check_digit else self.code


class CpvList:
    """All codes known, by code; finds names, check digits and codes by what a person types."""

    def __init__(self, codes: Mapping[str, CpvCode]) -> None:
        self.codes = codes
        self._folded: dict[str, list[tuple[str, CpvCode]]] = {}

    @cached_property
    def check_digits(self) -> Mapping[str, str]:
        return {code: entry.check_digit for code, entry in self.codes.items() if entry.check_digit}

    @cached_property
    def divisions(self) -> frozenset[str]:
        """The first two digits of the divisions that exist."""
        return frozenset(code[:2] for code in self.codes if code.endswith("000000"))

    def name(self, code: str, language: str) -> str:
        """The official name of exactly that code; "" when the list does not have it."""
        entry = self.codes.get(code)
        return entry.name[language] if entry else ""

    def nearest(self, code: str) -> CpvCode | None:
        """That code, else the narrowest code above it that the list has; None when not even the division exists."""
        for length in range(8, 1, -1):
            if entry := self.codes.get(code[:length].ljust(8, "0")):
                return entry
        return None

    def search(self, text: str, language: str, limit: int = 20) -> tuple[CpvCode, ...]:
        """At most `limit` codes that begin with the digits typed, or whose name in `language` holds every word typed.

        Case and accents do not matter. Names in which each word typed begins a word come first, then the rest (Finnish and
        Swedish write compounds: "valaistus" finds "katuvalaistus"); within both, in the order of the codes.
        """
        typed = text.strip()
        if found := _TYPED_CODE.fullmatch(typed):
            beginning = found[1]
            return tuple(entry for code, entry in self.codes.items() if code.startswith(beginning))[:limit]
        words = _fold(typed).split()
        if not words:
            return ()
        begins: list[CpvCode] = []
        holds: list[CpvCode] = []
        for name, entry in self._names(language):
            if all(word in name for word in words):
                (begins if all(f" {word}" in name for word in words) else holds).append(entry)
        return tuple((begins + holds)[:limit])

    def _names(self, language: str) -> list[tuple[str, CpvCode]]:
        """Names ready for comparing, each word after a space; made once a language."""
        if language not in self._folded:
            self._folded[language] = [(f" {_fold(entry.name[language])}", entry) for entry in self.codes.values()]
        return self._folded[language]


def load(extra: Path | None = None) -> CpvList:
    """The start list and the codes that `import_official` wrote to `extra` (without it: to OFFICIAL), which win where they are there.

    Read once and kept until the file changes. Raises CatalogueError with file and line.
    """
    extra = extra or OFFICIAL
    if not extra.exists():
        return _load(None, (0, 0))
    state = extra.stat()
    return _load(extra, (state.st_mtime_ns, state.st_size))


def import_official(source: Path, digits: Path | None, target: Path) -> int:
    """Write the official list for `load(extra=target)`; answers how many codes it has.

    `source` is a CSV file with the columns code, en, fi, sv (others are passed over), `digits` one with code, check_digit. All or
    nothing: `target` is replaced when everything could be read. Raises CatalogueError naming file and line, OSError when a file
    cannot be opened or written.
    """
    known = _digits(digits) if digits else {}
    divisions = load().divisions
    found: dict[str, CpvCode] = {}
    for line, row in _rows(source, ("code", *LANGUAGES)):
        values = [row["code"], known.get(row["code"], ""), *(row[language] for language in LANGUAGES)]
        entry = _entry(values, source, line)
        if entry.code[:2] not in divisions:
            raise CatalogueError(f"{source}:{line}: code {entry.code} begins with a division that does not exist")
        if entry.code in found:
            raise CatalogueError(f"{source}:{line}: code {entry.code} is given twice")
        found[entry.code] = entry
    if not found:
        raise CatalogueError(f"{source}:1: the list has no codes")
    part = target.with_name(f"{target.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for _, entry in sorted(found.items()):
            writer.writerow([entry.code, entry.check_digit, *(entry.name[language] for language in LANGUAGES)])
    part.replace(target)
    return len(found)


@lru_cache(maxsize=4)
def _load(extra: Path | None, state: tuple[int, int]) -> CpvList:
    codes = _start_list()
    if extra is not None:
        for line, row in _rows(extra, _COLUMNS):
            entry = _entry([row[column] for column in _COLUMNS], extra, line)
            before = codes.get(entry.code)
            if before and not entry.check_digit:
                entry = CpvCode(entry.code, before.check_digit, entry.name)
            codes[entry.code] = entry
    return CpvList(dict(sorted(codes.items())))


def _start_list(path: Path = START_LIST) -> dict[str, CpvCode]:
    table = reading.read(path)
    rows = table.values.get("codes")
    if not isinstance(rows, dict) or len(table.values) != 1:
        raise table.fault("the file must have the table [codes] and nothing else")
    lines = {
        row[1]: number
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (row := _ROW.match(text))
    }
    return {
        code: _entry([code, *values] if isinstance(values, list) else [code], path, lines.get(code, 1))
        for code, values in rows.items()
    }


def _entry(values: list[Any], path: Path, line: int) -> CpvCode:
    """A code from code, check digit and the names in fi, sv, en."""
    if len(values) != len(_COLUMNS) or not all(isinstance(value, str) for value in values):
        raise CatalogueError(f"{path}:{line}: {values[0]} needs a check digit and the names in {', '.join(LANGUAGES)}")
    code, digit, *names = values
    if not _CODE.fullmatch(code):
        raise CatalogueError(f"{path}:{line}: {code[:40]!r} is not a code of eight digits")
    if not _DIGIT.fullmatch(digit):
        raise CatalogueError(f"{path}:{line}: the check digit of {code} is {digit[:40]!r}, not one digit")
    for language, name in zip(LANGUAGES, names, strict=True):
        if not name or name.isspace():
            raise CatalogueError(f"{path}:{line}: {code} has no name in {language}")
    return CpvCode(code, digit, Trilingual(*names))


def _digits(path: Path) -> dict[str, str]:
    known: dict[str, str] = {}
    for line, row in _rows(path, ("code", "check_digit")):
        code, digit = row["code"], row["check_digit"]
        if not _CODE.fullmatch(code):
            raise CatalogueError(f"{path}:{line}: {code[:40]!r} is not a code of eight digits")
        if len(digit) != 1 or not _DIGIT.fullmatch(digit):
            raise CatalogueError(f"{path}:{line}: the check digit of {code} is {digit[:40]!r}, not one digit")
        if known.setdefault(code, digit) != digit:
            raise CatalogueError(f"{path}:{line}: code {code} has two check digits, {known[code]} and {digit}")
    return known


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each row of a CSV file with a header; a byte order mark is allowed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [column.strip() for column in next(reader, [])]
            if missing := [column for column in needed if column not in header]:
                raise CatalogueError(f"{path}:1: the column {', '.join(missing)} is missing")
            places = [(column, header.index(column)) for column in needed]
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise CatalogueError(f"{path}:{reader.line_num}: the row has {len(row)} values, not {len(header)}")
                yield reader.line_num, {column: row[place].strip() for column, place in places}
        except (csv.Error, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path}:{reader.line_num + 1}: {error}") from error


def _fold(text: str) -> str:
    """Without case and accents; what is neither letter nor digit becomes a space, so that words can be compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
