"""The kinds of documents: every one that a stage calls for has a name in three languages, and we say which we make."""

import re
from pathlib import Path

import pytest

from procure.catalogue import documents, procedures
from procure.catalogue.reading import CatalogueError
from procure.domain.language import LANGUAGES

MADE_HERE = {
    "needs_assessment", "procurement_plan", "procedure_choice_memo", "market_consultation_invitation", "expert_opinion", "summary",
    "communications_plan",
}  # fmt: skip
GENERAL = {
    "cancellation_decision",
    "communications_plan",
    "modification_record",
    "procedure_choice_memo",
    "expert_opinion",
    "summary",
}
KIND = 'id = "{id}"\nname = {{ fi = "nimi", sv = "namn", en = "name" }}\n'


def load(tmp_path: Path, *sources: str) -> documents.DocumentKinds:
    (tmp_path / "documents").mkdir()
    for number, source in enumerate(sources, start=1):
        (tmp_path / "documents" / f"2026-{number:02}.toml").write_text(source, encoding="utf-8")
    return documents.load(tmp_path)


def test_the_service_makes_six_kinds() -> None:
    assert {kind.id for kind in documents.load().made_here} == MADE_HERE


def test_every_kind_that_a_stage_calls_for_is_there_and_every_kind_is_called_for_or_general() -> None:
    called_for = {kind for procedure in procedures.load().editions for stage in procedure.stages for kind in stage.documents}
    assert {kind.id for kind in documents.load()} == called_for | GENERAL


def test_finnish_swedish_and_english_names_differ_and_stand_for_one_kind_only() -> None:
    kinds = list(documents.load())
    for language in LANGUAGES:
        names = [kind.name[language] for kind in kinds]
        assert len(set(names)) == len(names)
    assert [kind.id for kind in kinds if kind.name.fi in (kind.name.sv, kind.name.en)] == []


def test_a_document_made_here_asks_for_the_answers_it_cannot_do_without() -> None:
    kinds = documents.load()
    assert {"need", "users", "desired_outcome", "owner"} <= set(kinds.get("needs_assessment").requires)
    assert {"value_amount", "value_method", "decision_maker"} <= set(kinds.get("procurement_plan").requires)
    assert {"consultation_questions", "consultation_contact"} <= set(kinds.get("market_consultation_invitation").requires)
    assert kinds.get("procurement_plan").stage == "plan"


def test_a_citation_names_a_section_of_the_procurement_act() -> None:
    assert [k.id for k in documents.load() if k.citation and not re.match(r"1397/2016 \d+(–\d+)? §", k.citation)] == []


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        documents.load().get("shopping_list")


def test_the_kinds_are_read_once() -> None:
    assert documents.catalogue() is documents.catalogue()


def test_a_kind_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    entry = "[[document]]\n" + KIND.format(id="plan")
    with pytest.raises(CatalogueError, match=r"2026-01\.toml:4: document plan stands twice"):
        load(tmp_path, entry + entry)


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"2026-01\.toml:1: unknown key made_her"):
        load(tmp_path, "[[document]]\n" + KIND.format(id="plan") + "made_her = true\n")


def test_only_a_document_made_here_requires_answers(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="only to a document that is made here"):
        load(tmp_path, "[[document]]\n" + KIND.format(id="plan") + 'requires = ["need"]\n')


def test_a_folder_without_an_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no edition"):
        documents.load(tmp_path)


def test_a_later_edition_renames_a_kind_and_keeps_the_others(tmp_path: Path) -> None:
    first = "".join("[[document]]\n" + KIND.format(id=kind) for kind in ("plan", "report"))
    second = "[[document]]\n" + KIND.format(id="plan").replace("nimi", "uusi nimi")
    kinds = load(tmp_path, first, second)
    assert [(kind.id, kind.name.fi) for kind in kinds] == [("plan", "uusi nimi"), ("report", "nimi")]
