"""Procedure files are refused with file and line when they are wrong, and a new edition leaves the old one as it was."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from procure.catalogue import procedures
from procure.catalogue.reading import CatalogueError

STAGES, OPEN = "stages/2026-11.toml", "procedures/open-2026-11.toml"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that ships, to be broken."""
    for name in ("procedures", "stages", "documents"):
        shutil.copytree(procedures.FOLDER / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Change the first place in a file of the copy where a text stands."""

    def change(name: str, old: str, new: str) -> None:
        source = (folder / name).read_text(encoding="utf-8")
        assert old in source
        (folder / name).write_text(source.replace(old, new, 1), encoding="utf-8")

    return change


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if text in line)


def test_a_file_must_be_named_after_procedure_and_edition(folder: Path) -> None:
    (folder / OPEN).rename(folder / "procedures" / "open.toml")
    with pytest.raises(CatalogueError, match=r"open\.toml:1: the file must be named open-2026-11\.toml"):
        procedures.load(folder)


def test_a_procedure_that_is_not_there_is_named(folder: Path) -> None:
    (folder / OPEN).unlink()
    with pytest.raises(CatalogueError, match="no file for open"):
        procedures.load(folder)


def test_an_edition_is_a_month(folder: Path, edit: Edit) -> None:
    edit(OPEN, 'edition = "2026-11"', 'edition = "winter"')
    with pytest.raises(CatalogueError, match="edition must be a month"):
        procedures.load(folder)


def test_a_stage_outside_the_library_is_refused_at_its_line(folder: Path, edit: Edit) -> None:
    edit(OPEN, 'use = "opening"', 'use = "grand_opening"')
    line = line_of(folder / OPEN, "grand_opening") - 1
    with pytest.raises(CatalogueError, match=rf"open-2026-11\.toml:{line}: stage grand_opening is not in the library"):
        procedures.load(folder)


def test_a_stage_may_stand_only_once_in_a_procedure(folder: Path, edit: Edit) -> None:
    edit(OPEN, 'use = "tender_period_open"', 'use = "tender_period_restricted"\n\n[[stage]]\nuse = "tender_period_open"')
    with pytest.raises(CatalogueError, match="stage tender_period stands twice"):
        procedures.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('usual_days = 1\n', 'usual_day = 1\n', "usual_days is missing"),
        ('documents = ["opening_record"]', 'documents = ["opening_ceremony"]', "unknown document opening_ceremony"),
        ('id = "opened_after_deadline"', 'id = "opened_after_deadline"\nmandatory = true', "unknown key mandatory"),
        ('document = "procurement_plan"', 'document = "contract"', "document contract is not one that is made here"),
        ('id = "opening"', 'id = "suitability"', "stage suitability stands twice"),
        ('citation = "1397/2016 79–89 §"\nconfidence', "confidence", "verified needs a citation"),
        ('text.sv = "Anbuden har öppnats', 'text.no = "Anbuden har öppnats', "text has no text in sv"),
    ],
)  # fmt: skip
def test_a_faulty_stage_is_refused_with_file_and_line(folder: Path, edit: Edit, old: str, new: str, message: str) -> None:
    edit(STAGES, old, new)
    with pytest.raises(CatalogueError, match=rf"2026-11\.toml:\d+: {message}") as refused:
        procedures.load(folder)
    line = int(str(refused.value).split(":")[1])
    header = (folder / STAGES).read_text(encoding="utf-8").splitlines()[line - 1]
    assert header.startswith("[[stage")


def test_a_gate_point_may_stand_only_once_in_a_stage(folder: Path, edit: Edit) -> None:
    edit(STAGES, 'id = "no_appeal"', 'id = "period_ended"')
    with pytest.raises(CatalogueError, match="gate point period_ended stands twice"):
        procedures.load(folder)


def test_an_unknown_key_of_a_procedure_is_refused(folder: Path, edit: Edit) -> None:
    edit(OPEN, 'eforms_code = "open"', 'eforms_code = "open"\nsummery = "x"')
    with pytest.raises(CatalogueError, match="unknown key summery"):
        procedures.load(folder)


def test_a_document_made_here_belongs_to_a_stage_that_exists(folder: Path, edit: Edit) -> None:
    edit("documents/2026-11.toml", 'stage = "plan"', 'stage = "planning"')
    with pytest.raises(CatalogueError, match="procurement_plan names the unknown stage planning"):
        procedures.load(folder)


def test_a_procedure_may_change_the_length_of_a_stage_and_whether_it_may_be_skipped(folder: Path, edit: Edit) -> None:
    edit(OPEN, 'use = "opening"', 'use = "opening"\noptional = true\nusual_days = 3')
    stage = procedures.load(folder).latest("open").stage("opening")
    assert (stage.optional, stage.repeatable, stage.usual_days) == (True, False, 3)


@pytest.mark.parametrize("other", ["jury", "opening"], ids=["not in the procedure", "itself"])
def test_a_stage_runs_beside_another_stage_of_its_procedure_only(folder: Path, edit: Edit, other: str) -> None:
    edit(OPEN, 'use = "opening"', f'use = "opening"\nbeside = ["{other}"]')
    with pytest.raises(CatalogueError, match=f"opening cannot run beside {other}"):
        procedures.load(folder)


def test_where_nothing_is_said_no_stage_runs_beside_another(folder: Path, edit: Edit) -> None:
    assert procedures.load(folder).latest("open").stage("questions").beside == ("tender_period",)
    assert procedures.load(folder).latest("open").stage("opening").beside == ()


@pytest.fixture
def two_editions(folder: Path) -> procedures.Procedures:
    """The copy with a later edition of the open procedure, whose library holds only the one stage that changed."""
    source = (folder / OPEN).read_text(encoding="utf-8")
    (folder / "procedures" / "open-2027-03.toml").write_text(source.replace('"2026-11"', '"2027-03"'), encoding="utf-8")
    (folder / "stages" / "2027-03.toml").write_text(
        '[[stage]]\nid = "opening"\nconfidence = "practice"\nusual_days = 9\n'
        'name = { fi = "Avaus", sv = "Öppning", en = "Opening" }\npurpose = { fi = "Avataan.", sv = "Öppnas.", en = "Opens." }\n',
        encoding="utf-8",
    )
    return procedures.load(folder)


def test_a_new_edition_leaves_the_old_one_as_it_was(two_editions: procedures.Procedures) -> None:
    shipped = procedures.load()
    assert two_editions.get("open", "2026-11") == shipped.get("open", "2026-11")
    assert two_editions.get("open", "2027-03").stage("opening").usual_days == 9
    assert two_editions.get("open", "2027-03").stage("suitability") == shipped.latest("open").stage("suitability")
    assert two_editions.latest("restricted") == shipped.latest("restricted")


@pytest.mark.parametrize(
    ("on", "edition"),
    [(None, "2027-03"), (date(2027, 3, 1), "2027-03"), (date(2027, 2, 28), "2026-11"), (date(2024, 5, 2), "2026-11")],
)
def test_the_latest_edition_is_the_one_of_the_day(two_editions: procedures.Procedures, on: date | None, edition: str) -> None:
    assert two_editions.latest("open", on).edition == edition


def test_an_unknown_procedure_or_edition_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        procedures.load().latest("auction")
    with pytest.raises(KeyError):
        procedures.load().get("open", "1999-01")
