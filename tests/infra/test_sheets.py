"""Files for spreadsheets: what a spreadsheet reads back, and that no text becomes a formula."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.infra.sheets import BOM, Cell, csv_lines, harmless, xlsx

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    '=HYPERLINK("http://x.example")',
    "＝1+1",
    "=cmd|' /C calc'!A0",
]


def read_csv(text: str) -> list[list[str]]:
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def sheet(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> ElementTree.Element:
    with xlsx("Cases", head, rows, [10] * len(head)) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


def cells(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{NAMESPACE}c"))


def text_in(cell: ElementTree.Element) -> str:
    return "".join(piece.text or "" for piece in cell.iter(f"{NAMESPACE}t"))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_could_begin_a_formula_is_a_text_in_csv(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert read_csv("".join(csv_lines(["head"], [[text]])))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "Bins", "A=1", "TRE-2026-0042", "5 - 3", "'", "ä"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_could_begin_a_formula_is_a_text_in_xlsx(text: str) -> None:
    root = sheet(["head"], [[text]])

    assert not list(root.iter(f"{NAMESPACE}f"))
    assert cells(root)[1].get("t") == "inlineStr"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_csv_gives_back_every_text_and_none_begins_a_formula(row: list[str]) -> None:
    (back,) = read_csv("".join(csv_lines([], [row])))[1:]

    for text, seen in zip(row, back, strict=True):
        assert seen.removeprefix("'") == text.replace("\0", "").removeprefix("'")
        assert not seen.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_text_makes_a_workbook_that_can_be_read(row: list[str]) -> None:
    assert not list(sheet(["a"] * len(row), [row]).iter(f"{NAMESPACE}f"))


def test_days_and_sums_are_days_and_numbers_in_a_workbook() -> None:
    day, sum_ = cells(sheet(["a", "b", "c"], [[date(2026, 11, 24), Decimal("480000.50"), None]]))[3:]

    assert day.get("t") is None
    assert day.findtext(f"{NAMESPACE}v") == "46350", "days since 30 December 1899"
    assert sum_.findtext(f"{NAMESPACE}v") == "480000.5"


def test_days_and_sums_in_csv_are_what_a_spreadsheet_in_finland_reads() -> None:
    lines = "".join(csv_lines(["a", "b", "c"], [[date(2026, 11, 24), Decimal("480000.50"), None]]))

    assert read_csv(lines) == [["a", "b", "c"], ["2026-11-24", "480000,50", ""]]


def test_lines_come_one_by_one_as_the_rows_do() -> None:
    asked = []

    def rows() -> object:
        for number in range(3):
            asked.append(number)
            yield [str(number)]

    lines = csv_lines(["head"], rows())  # type: ignore[arg-type]
    next(lines)
    next(lines)

    assert asked == [0]


def test_a_text_longer_than_a_cell_is_cut_in_a_workbook() -> None:
    assert len(text_in(cells(sheet(["a"], [["ä" * 40_000]]))[1])) == 32_767
