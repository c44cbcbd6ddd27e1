"""The sentences of the adviser, by the codes that its rules give: one file for an edition."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.figures import money, short_day
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.advice.records import Reason, Remark
from procure.domain.language import LANGUAGES, Trilingual

FOLDER: Final = Path(__file__).parent / "advice"
KINDS: Final = ("regime", "verdict", "side", "level", "fact", "because", "reason", "remark")
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class AdviceTexts:
    """Texts by kind and code. A KeyError is a rule whose sentence nobody wrote: a test goes through all of them."""

    edition: str
    by_kind: Mapping[str, Mapping[str, Trilingual]]

    def reason(self, reason: Reason, language: str) -> str:
        """Why a verdict, a level or a regime is what it is, as one or two sentences."""
        return self._filled("reason", reason.code, reason.parameters, language)

    def remark(self, remark: Remark, language: str) -> str:
        """A warning or a remark on the value."""
        return self._filled("remark", remark.code, remark.parameters, language)

    def regime(self, regime: str, language: str) -> str:
        return self.by_kind["regime"][regime][language]

    def verdict(self, verdict: str, language: str) -> str:
        return self.by_kind["verdict"][verdict][language]

    def side(self, side: str, language: str) -> str:
        return self.by_kind["side"][side][language]

    def level(self, level: int, language: str) -> str:
        """The name of an innovation level, 0 to 4."""
        return self.by_kind["level"][str(level)][language]

    def fact(self, key: str, language: str) -> str:
        """What a key of the case file is about, as a noun in lower case."""
        return self.by_kind["fact"][key][language]

    def _filled(self, kind: str, code: str, parameters: Mapping[str, str], language: str) -> str:
        text = self.by_kind[kind][code][language]
        if not parameters or "{" not in text:
            return text
        shown = {name: self._shown(name, value, language) for name, value in parameters.items()}
        if "key" in parameters:
            shown["fact"] = self.fact(parameters["key"], language)
        if "rule" in parameters:
            shown["because"] = self.by_kind["because"][parameters["rule"]][language]
        return text.format(**shown)

    def _shown(self, name: str, value: str, language: str) -> str:
        if name.endswith("_eur"):
            return money(Decimal(value), language)
        if name.endswith("_on"):
            return short_day(date.fromisoformat(value), language)
        return value


@cache
def texts() -> AdviceTexts:
    """The latest edition that ships with the program, read once. Raises CatalogueError as `load` does."""
    return load(max(FOLDER.glob("*.toml")))


def load(path: Path) -> AdviceTexts:
    """One edition. Raises CatalogueError with file and line for a text that cannot be used."""
    file = read(path)
    found = {kind: _of_kind(file, kind) for kind in KINDS}
    file.finish()
    if empty := [kind for kind in KINDS if not found[kind]]:
        raise CatalogueError(f"{path}:1: no {', '.join(empty)}")
    return AdviceTexts(path.stem, found)


def _of_kind(file: Table, kind: str) -> Mapping[str, Trilingual]:
    found: dict[str, Trilingual] = {}
    for table in file.tables(kind):
        code, text = table.text("code"), table.trilingual("text")
        table.finish()
        if code in found:
            raise table.fault(f"{kind} {code} stands twice")
        if len({frozenset(_PLACE.findall(text[language])) for language in LANGUAGES}) > 1:
            raise table.fault(f"{kind} {code} does not have the same parts in every language")
        found[code] = text
    return found
