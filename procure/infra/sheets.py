"""Tables as files that a spreadsheet opens: CSV and XLSX, in which no text ever becomes a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any, Final

Cell = str | date | int | Decimal | None

SEPARATOR: Final = ";"
"""In every language: a spreadsheet goes by the machine's settings, not by the page's language, and machines in Finland write the comma
in decimals and part columns by semicolons."""
BOM: Final = "\ufeff"
"""Tells the spreadsheet that the file is UTF-8."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_TEXT: Final = 32_767
"""What a cell of XLSX holds."""


def harmless(text: str) -> str:
    """The text as a cell of CSV that every spreadsheet takes as text: one that could begin a formula gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file line by line. Dates as 2026-11-24, which spreadsheets know in every language; sums with a decimal comma."""
    for number, row in enumerate(_with_head(head, rows)):
        line = io.StringIO()
        csv.writer(line, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
            [_csv_text(cell) for cell in row]
        )
        yield (BOM if number == 0 else "") + line.getvalue()


def _with_head(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield head
    yield from rows


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.0f}" if cell == cell.to_integral_value() else f"{cell:.2f}".replace(".", ",")
    if isinstance(cell, int):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date) else harmless(cell.replace("\0", ""))


def xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> IO[bytes]:
    """The file, open at its beginning; closing it removes it. Rows go to the disk as they come. `name`: of the sheet; `widths`: of
    the columns, in characters. Texts are written as texts, dates as days, sums and counts as numbers."""
    import xlsxwriter  # only who takes a sheet along pays for it

    target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it once it has been sent
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "d.m.yyyy"})
    sheet = book.add_worksheet(name)
    bold, day, euros = (
        book.add_format(look) for look in ({"bold": True}, {"num_format": "d.m.yyyy"}, {"num_format": "#,##0.00"})
    )
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, day, euros)
    book.close()
    target.seek(0)
    return target


def _write(sheet: Any, row: int, column: int, cell: Cell, day: Any, euros: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:_LONGEST_TEXT])
    elif isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), euros)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_datetime(row, column, datetime.combine(cell, time.min), day)
