"""Reads TOML into typed values, and knows the line of every table, so that a fault can be found by the person who made it."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from procure.domain.language import LANGUAGES, Trilingual

HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(#.*)?$")


class CatalogueError(Exception):
    """A data file says something that cannot be used; the message begins with file and line."""


class Table:
    """One table of a data file: every value taken is checked, and `finish` refuses what nobody took."""

    def __init__(self, values: dict[str, Any], path: Path, line: int, lines: dict[str, Iterator[int]], name: str = "") -> None:
        self.values, self.path, self.line = values, path, line
        self._lines, self._name, self._taken = lines, name, set[str]()

    def fault(self, message: str) -> CatalogueError:
        return CatalogueError(f"{self.path}:{self.line}: {message}")

    def has(self, key: str) -> bool:
        return key in self.values

    def _take(self, key: str, kind: type, default: Any) -> Any:
        self._taken.add(key)
        if key not in self.values:
            if default is None:
                raise self.fault(f"{key} is missing")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(f"{key} must be {kind.__name__}, not {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._take(key, str, default))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.fault(f"{key} must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self._take(key, bool, default))

    def whole(self, key: str, default: int | None = None) -> int:
        return int(self._take(key, int, default))

    def day(self, key: str) -> date:
        value = self._take(key, date, None)
        assert isinstance(value, date)
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.fault(f"{key} must be a list of texts")
        return tuple(values)

    def plain(self, key: str) -> dict[str, Any]:
        """A table as it stands; empty when the key is not there. For values that somebody else checks."""
        return dict(self._take(key, dict, {}))

    def trilingual(self, key: str) -> Trilingual:
        value = self._take(key, dict, None)
        missing = [code for code in LANGUAGES if not isinstance(value.get(code), str) or not value[code].strip()]
        if missing:
            raise self.fault(f"{key} has no text in {', '.join(missing)}")
        if unknown := set(value) - set(LANGUAGES):
            raise self.fault(f"{key} has an unknown language {', '.join(sorted(unknown))}")
        self._next_line(key)
        return Trilingual(*(value[code].strip() for code in LANGUAGES))

    def sentence(self) -> Trilingual:
        """The table itself as one text in every language, and nothing else in it."""
        texts = [self.text(language).strip() for language in LANGUAGES]
        if not all(texts):
            raise self.fault("a sentence needs a text in every language")
        self.finish()
        return Trilingual(*texts)

    def tables(self, key: str) -> list["Table"]:
        """The tables of an array; none when the key is not there."""
        values = self._take(key, list, [])
        name = f"{self._name}.{key}" if self._name else key
        found = []
        for value in values:
            if not isinstance(value, dict):
                raise self.fault(f"{key} must hold tables")
            found.append(Table(value, self.path, self._next_line(key), self._lines, name))
        return found

    def _next_line(self, key: str) -> int:
        """The line of the next header of that name: tables are read in the order in which the file has them."""
        name = f"{self._name}.{key}" if self._name else key
        return next(self._lines.get(name, iter(())), self.line)

    def finish(self) -> None:
        """Refuse keys that nobody read: a misspelt key must not pass in silence."""
        if unknown := sorted(set(self.values) - self._taken):
            raise self.fault(f"unknown key {', '.join(unknown)}")


def read(path: Path) -> Table:
    """The whole file as a table. Raises CatalogueError for what is not TOML or not UTF-8."""
    try:
        source = path.read_text(encoding="utf-8")
        values = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    found: dict[str, list[int]] = {}
    for number, line in enumerate(source.splitlines(), start=1):
        if match := HEADER.match(line):
            found.setdefault(match.group(1), []).append(number)
    return Table(values, path, 1, {name: iter(numbers) for name, numbers in found.items()})
