"""Data files are read strictly: a fault names the file and the line of the table it stands in."""

from datetime import date
from pathlib import Path

import pytest

from procure.catalogue.reading import CatalogueError, Table, read

THINGS = """\
# two things
edition = "2026-11"

[[thing]]
id = "first"
name = { fi = "yksi", sv = "ett", en = "one" }

[[thing.part]]
id = "a"

[[thing]]
id = "second"
name.fi = "kaksi"
name.sv = " två "
name.en = "two"

[[thing.part]]
id = "b"
"""


def table(tmp_path: Path, source: str) -> Table:
    path = tmp_path / "data.toml"
    path.write_text(source, encoding="utf-8")
    return read(path)


def test_a_table_knows_the_line_of_its_header(tmp_path: Path) -> None:
    first, second = table(tmp_path, THINGS).tables("thing")
    assert (first.line, second.line) == (4, 11)
    assert [part.line for thing in (first, second) for part in thing.tables("part")] == [8, 17]


def test_a_text_in_three_languages_may_stand_inline_or_line_by_line(tmp_path: Path) -> None:
    first, second = table(tmp_path, THINGS).tables("thing")
    assert first.trilingual("name").sv == "ett"
    assert second.trilingual("name").sv == "två"


def test_a_language_that_is_missing_or_empty_is_refused_by_name(tmp_path: Path) -> None:
    broken = table(tmp_path, 'name = { fi = "yksi", en = " " }\n')
    with pytest.raises(CatalogueError, match=r"data\.toml:1: name has no text in sv, en"):
        broken.trilingual("name")


def test_a_fourth_language_is_refused(tmp_path: Path) -> None:
    broken = table(tmp_path, 'name = { fi = "a", sv = "b", en = "c", se = "d" }\n')
    with pytest.raises(CatalogueError, match="unknown language se"):
        broken.trilingual("name")


def test_a_key_that_nobody_read_is_refused_with_the_line_of_its_table(tmp_path: Path) -> None:
    thing = table(tmp_path, "# first line\n\n[[thing]]\nid = 'x'\nnmae = 'y'\n").tables("thing")[0]
    assert thing.text("id") == "x"
    with pytest.raises(CatalogueError, match=r"data\.toml:3: unknown key nmae"):
        thing.finish()


@pytest.mark.parametrize("source", ["days = 'three'", "days = 3.5", "days = true", ""])
def test_a_whole_number_is_nothing_else(tmp_path: Path, source: str) -> None:
    with pytest.raises(CatalogueError, match="days"):
        table(tmp_path, source).whole("days")


def test_zero_is_a_whole_number_and_not_a_missing_one(tmp_path: Path) -> None:
    assert table(tmp_path, "days = 0").whole("days") == 0


def test_a_list_of_texts_holds_only_texts(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="documents must be a list of texts"):
        table(tmp_path, "documents = ['a', 1]").strings("documents")


def test_a_value_outside_the_allowed_ones_is_refused_and_they_are_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="confidence must be one of verified, practice, not 'sure'"):
        table(tmp_path, "confidence = 'sure'").one_of("confidence", ("verified", "practice"))


def test_a_day_is_read_as_a_date(tmp_path: Path) -> None:
    assert table(tmp_path, "valid_from = 2026-11-24").day("valid_from") == date(2026, 11, 24)


def test_an_array_that_holds_no_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="thing must hold tables"):
        table(tmp_path, "thing = [1]").tables("thing")


def test_what_is_not_toml_is_refused_with_file_and_place(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"data\.toml.*line 2"):
        table(tmp_path, "id = 'x'\nid 'y'\n")


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.toml"
    path.write_bytes('name = "Jyväskylä"'.encode("latin-1"))
    with pytest.raises(CatalogueError, match=r"data\.toml"):
        read(path)
