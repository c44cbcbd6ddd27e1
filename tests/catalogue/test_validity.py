"""Rows of rules follow each other day by day, or the program does not start."""

import shutil
from pathlib import Path

import pytest

from procure.catalogue import deadlines, thresholds, timetables
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue.reading import CatalogueError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rows that ship, to be broken."""
    for name in ("thresholds.toml", "deadlines.toml", "timetables.toml"):
        shutil.copy(thresholds.FOLDER / name, tmp_path / name)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str, after: str = "") -> None:
    """The first place of `old` behind `after`."""
    source = (folder / name).read_text(encoding="utf-8")
    place = source.index(old, source.index(after))
    (folder / name).write_text(source[:place] + new + source[place + len(old) :], encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    entry = next(number for number, line in enumerate(lines) if text in line)
    return max(number for number, line in enumerate(lines[: entry + 1], start=1) if line.startswith("[["))


def test_what_ships_can_be_read(folder: Path) -> None:
    rows, proposals = thresholds.load(folder)
    assert len(rows) == 42
    assert {proposal.bill for proposal in proposals} == {"HE 2/2026 vp"}
    assert "standstill" in deadlines.load(folder)


def test_a_day_between_two_rows_is_refused_with_file_and_line(folder: Path) -> None:
    change(folder, "thresholds.toml", "valid_from = 2026-01-01", "valid_from = 2026-01-02", after='"eu-2026-works"')
    line = line_of(folder / "thresholds.toml", '"eu-2026-works"')
    with pytest.raises(CatalogueError, match=rf"thresholds\.toml:{line}: eu-works has a gap.*2025-12-31 and 2026-01-02"):
        thresholds.load(folder)


def test_two_rows_for_the_same_day_are_refused(folder: Path) -> None:
    change(folder, "thresholds.toml", "valid_to = 2025-12-31", "valid_to = 2026-01-01", after='"eu-2024-works"')
    line = line_of(folder / "thresholds.toml", '"eu-2026-works"')
    with pytest.raises(CatalogueError, match=rf"thresholds\.toml:{line}: eu-works from 2026-01-01 overlaps"):
        thresholds.load(folder)


def test_a_row_without_an_end_lets_nothing_follow(folder: Path) -> None:
    change(folder, "thresholds.toml", "valid_to = 2025-12-31\n", "", after='"eu-2024-works"')
    with pytest.raises(CatalogueError, match="until further notice"):
        thresholds.load(folder)


def test_a_row_does_not_end_before_it_begins(folder: Path) -> None:
    change(folder, "thresholds.toml", "valid_to = 2025-12-31", "valid_to = 2023-12-31", after='"eu-2024-works"')
    with pytest.raises(CatalogueError, match="before it begins"):
        thresholds.load(folder)


def test_periods_of_law_follow_each_other_too(folder: Path) -> None:
    with (folder / "deadlines.toml").open("a", encoding="utf-8") as file:
        source = (folder / "deadlines.toml").read_text(encoding="utf-8")
        first = source[source.index("[[deadline]]") :].split("\n\n")[0]
        file.write("\n" + first.replace("valid_from = 2017-01-01", "valid_from = 2027-01-01"))
    with pytest.raises(CatalogueError, match=r"deadlines\.toml:\d+: standstill from 2027-01-01 overlaps"):
        deadlines.load(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("thresholds.toml", 'amount = "60000"', 'amount = "6e4x"', "plain decimal"),
        ("thresholds.toml", 'amount = "60000"', 'amount = "0"', "larger than nothing"),
        ("thresholds.toml", 'kinds = ["goods", "services"]', 'kinds = ["goods", "wares"]', "not wares"),
        ("thresholds.toml", 'kinds = ["goods", "services"]', "kinds = []", "kinds must name some of"),
        ("thresholds.toml", "verified_on = 2026-11-24\n", "", "verified on a day"),
        ("thresholds.toml", 'id = "nat-works"', 'id = "nat-goods-services"', "stands twice"),
        ("thresholds.toml", 'level = "national"', 'level = "local"', "level must be one of"),
        ("deadlines.toml", "days = 14", "days = -14", "not negative"),
        ("deadlines.toml", "verified_on = 2026-11-24\n", "", "verified needs the day"),
        ("deadlines.toml", 'id = "deemed_receipt_letter"', 'id = "deemed_receipt_post"', "no row for deemed_receipt_letter"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(folder: Path, name: str, old: str, new: str, message: str) -> None:
    change(folder, name, old, new)
    with pytest.raises(CatalogueError, match=message):
        thresholds.load(folder) if name.startswith("thresholds") else deadlines.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"contract_notice", "questions"', '"contract_notice", "quiz"', "open has no stage quiz"),
        ('"contract_notice", "questions"', '"questions", "contract_notice"', "in the order of the procedure"),
        ('procedure = "restricted"', 'procedure = "open"', "open stands twice"),
    ],
)
def test_a_timetable_holds_only_the_stages_of_its_procedure(folder: Path, old: str, new: str, message: str) -> None:
    change(folder, "timetables.toml", old, new)
    with pytest.raises(CatalogueError, match=message):
        timetables.load(procedure_catalogue.catalogue().choosable(), folder)


def test_every_procedure_has_a_timetable(folder: Path) -> None:
    source = (folder / "timetables.toml").read_text(encoding="utf-8")
    (folder / "timetables.toml").write_text(
        source[: source.index('[[timetable]]\nprocedure = "small_purchase"')], encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match="no timetable for small_purchase"):
        timetables.load(procedure_catalogue.catalogue().choosable(), folder)
