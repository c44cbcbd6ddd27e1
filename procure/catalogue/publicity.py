"""Reads what may be told of a procurement in public, and from when."""

from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import procedures
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.procedures import CONFIDENCES, PROCEDURE_IDS, Statement
from procure.domain.publicity import CONTENTS, ORDERED, PHASES, Content, Phase, Rules, Sentence, placeholders

FILE: Final = Path(__file__).with_name("publicity.toml")
FACTS: Final = frozenset({"city", "title", "need", "outcome", "way", "dates"})
"""What a sentence of a draft may have a place for: neither the value nor a supplier."""


@cache
def catalogue() -> Rules:
    """The rules that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Rules:
    """Raises CatalogueError with file and line: a stage without a phase, an unknown procedure, a phase or content that lacks."""
    table = read(path)
    edition, valid_from = table.text("edition"), table.day("valid_from")
    stages = _stages(table)
    elsewhere = {pair: phase for entry in table.tables("elsewhere") for pair, phase in _elsewhere(entry, stages).items()}
    phases = tuple(_phase(entry) for entry in table.tables("phase"))
    contents = tuple(_content(entry) for entry in table.tables("content"))
    sentences = tuple(_sentence(entry) for entry in table.tables("sentence"))
    table.finish()
    _check_all_there(path, "phase", [phase.id for phase in phases], PHASES)
    _check_all_there(path, "content", [content.id for content in contents], CONTENTS)
    for content in CONTENTS:
        if not any(content in sentence.contents for sentence in sentences):
            raise CatalogueError(f"{path}:1: no sentence for {content}")
    return Rules(edition, valid_from, phases, contents, stages, elsewhere, sentences)


def _check_all_there(path: Path, what: str, found: list[str], wanted: tuple[str, ...]) -> None:
    if lacking := [one for one in wanted if found.count(one) != 1]:
        raise CatalogueError(f"{path}:1: each {what} must be there once: {', '.join(lacking)}")


def _stages(table: Table) -> dict[str, str]:
    stages = {str(stage): str(phase) for stage, phase in table.plain("stages").items()}
    known = set(procedures.catalogue().versions_of_stages())
    if lacking := sorted(known - set(stages)):
        raise table.fault(f"stages without a phase: {', '.join(lacking)}")
    if unknown := sorted(set(stages) - known):
        raise table.fault(f"unknown stage {', '.join(unknown)}")
    if wrong := sorted(set(stages.values()) - set(ORDERED)):
        raise table.fault(f"unknown phase {', '.join(wrong)}")
    return stages


def _procedures(table: Table) -> tuple[str, ...]:
    named = table.strings("procedures")
    if unknown := sorted(set(named) - set(PROCEDURE_IDS)):
        raise table.fault(f"unknown procedure {', '.join(unknown)}")
    return named


def _elsewhere(table: Table, stages: dict[str, str]) -> dict[tuple[str, str], str]:
    stage, named = table.one_of("stage", tuple(stages)), _procedures(table)
    phase = table.one_of("phase", ORDERED)
    table.finish()
    return {(procedure, stage): phase for procedure in named}


def _statement(table: Table) -> Statement:
    found = Statement(table.trilingual("text"), table.text("citation"), table.one_of("confidence", CONFIDENCES))
    table.finish()
    if found.confidence == "verified" and "621/1999" in found.citation:
        raise table.fault("the sections of 621/1999 are recalled")
    return found


def _phase(table: Table) -> Phase:
    found = Phase(
        table.one_of("id", PHASES), table.trilingual("name"), table.trilingual("speaker"),
        tuple(_statement(entry) for entry in table.tables("may")), tuple(_statement(entry) for entry in table.tables("may_not")),
    )  # fmt: skip
    table.finish()
    if not found.may or not found.may_not:
        raise table.fault("a phase says what may be told and what not")
    return found


def _content(table: Table) -> Content:
    found = Content(
        table.one_of("id", CONTENTS), table.trilingual("name"), table.trilingual("hint"), table.one_of("opens", ORDERED),
        table.text("citation"), table.one_of("confidence", CONFIDENCES), table.flag("amounts"), table.flag("after_cancelling"),
        {procedure: phase for entry in table.tables("later") for procedure, phase in _later(entry).items()},
    )  # fmt: skip
    table.finish()
    if not found.citation:
        raise table.fault("a content needs the section that says from when it is public")
    return found


def _later(table: Table) -> dict[str, str]:
    named, phase = _procedures(table), table.one_of("opens", ORDERED)
    table.finish()
    return dict.fromkeys(named, phase)


def _sentence(table: Table) -> Sentence:
    found = Sentence(table.strings("contents"), table.strings("phases"), table.trilingual("text"))
    table.finish()
    if not set(found.contents) <= set(CONTENTS) or not set(found.phases) <= set(PHASES):
        raise table.fault("a sentence belongs to known contents and phases")
    needs = [set(placeholders(text)) for text in (found.text.fi, found.text.sv, found.text.en)]
    if any(one != needs[0] for one in needs) or not needs[0] <= FACTS:
        raise table.fault("a sentence has the same known facts in every language")
    return found
