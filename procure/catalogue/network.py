"""Reads what is known of the network and its regions. The priorities of a region are those of its municipalities."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import organisations
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import LANGUAGES
from procure.domain.network import MARKS, NAMED, Fact, Subject, Words, check_fact, has_field
from procure.domain.outcomes import Refusal

FILE: Final = Path(__file__).with_name("network.toml")
KINDS: Final = tuple(NAMED)


@dataclass(frozen=True, slots=True)
class Network:
    """Every subject, in the order of the file. `edition`: the day on which the facts were put together."""

    edition: date
    all: tuple[Subject, ...]

    def of_kind(self, kind: str) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.all if subject.kind == kind)

    def get(self, subject: str) -> Subject:
        """The subject with that id; KeyError when there is none."""
        for found in self.all:
            if found.id == subject:
                return found
        raise KeyError(subject)


@cache
def catalogue() -> Network:
    """What ships with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Network:
    """Every subject in the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    edition = table.day("edition")
    found = tuple(_subject(entry) for entry in table.tables("subject"))
    table.finish()
    ids = [subject.id for subject in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise CatalogueError(f"{path}:1: used twice: {', '.join(twice)}")
    network = Network(edition, found)
    _check_regions(network, path)
    return network


def _check_regions(network: Network, path: Path) -> None:
    """Each municipality belongs to one region, and themes name regions that there are."""
    named = sorted(code for region in network.of_kind("region") for code in region.municipalities)
    if named != sorted(one.code for one in organisations.catalogue().municipalities):
        raise CatalogueError(f"{path}:1: each municipality must belong to one region")
    regions = {region.id for region in network.of_kind("region")}
    for theme in network.of_kind("theme"):
        if unknown := {theme.driver, *theme.partners} - regions:
            raise CatalogueError(f"{path}:1: {theme.id} names an unknown region: {', '.join(sorted(unknown))}")


def _subject(table: Table) -> Subject:
    subject_id, kind = table.text("id"), table.one_of("kind", KINDS)
    name = _inline(table, "name")
    if not name:
        raise table.fault("name has no text")
    codes, facts = table.strings("municipalities"), [_fact(entry, subject_id, kind) for entry in table.tables("fact")]
    if len({fact.field for fact in facts}) < len(facts):
        raise table.fault("a field is used twice")
    facts += _priorities(table, subject_id, codes, table.strings("sources"))
    subject = Subject(
        subject_id, kind, name, tuple(facts), codes, _inline(table, "county"), table.text("driver", ""), table.strings("partners")
    )
    table.finish()
    return subject


def _priorities(table: Table, subject: str, codes: tuple[str, ...], sources: tuple[str, ...]) -> list[Fact]:
    """All parties of an agreement have the same ones."""
    try:
        found = [organisations.catalogue().get(code).priorities for code in codes]
    except KeyError as error:
        raise table.fault(f"there is no municipality {error.args[0]!r}") from error
    if any(priorities != found[0] for priorities in found):
        raise table.fault("the municipalities of a region must have the same priorities")
    return [
        Fact(subject, f"priority_{number}", Words(one.fi or "", one.sv or "", one.en or ""), one.confidence, sources)
        for number, one in enumerate(found[0] if found else (), start=1)
    ]


def _inline(table: Table, key: str) -> Words:
    values = table.plain(key)
    if unknown := set(values) - set(LANGUAGES):
        raise table.fault(f"{key} has an unknown language {', '.join(sorted(unknown))}")
    return Words(**{language: str(text).strip() for language, text in values.items()})


def _fact(table: Table, subject: str, kind: str) -> Fact:
    field = table.text("field")
    if not has_field(kind, field):
        raise table.fault(f"{field!r} cannot be said of a {kind}")
    words = Words(*(table.text(language, "").strip() for language in LANGUAGES))
    fact = Fact(subject, field, words, table.one_of("mark", MARKS), table.strings("sources"))
    if not words:
        raise table.fault("a fact needs a text in at least one language")
    try:
        check_fact(fact.words, fact.mark, fact.sources)
    except Refusal as refusal:
        raise table.fault(str(refusal)) from refusal
    table.finish()
    return fact
