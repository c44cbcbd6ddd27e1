"""The data of the composed documents."""

from pathlib import Path

import pytest

from procure.catalogue import compositions
from procure.catalogue.reading import CatalogueError

GOOD = """
document = "award_decision"
edition = "2026-11"
[[part]]
id = "a"
heading = {fi = "A", sv = "A", en = "A"}
answers = ["need"]
[[part.field]]
id = "why"
kind = "text"
label = {fi = "A", sv = "A", en = "A"}
"""


def loaded(folder: Path, text: str) -> compositions.Compositions:
    (folder / "award_decision.toml").write_text(text)
    return compositions.load(folder)


def test_a_file_becomes_a_document_with_its_parts(tmp_path: Path) -> None:
    found = loaded(tmp_path, GOOD).get("award_decision")

    assert [part.id for part in found.parts] == ["a"]
    assert found.field("why").kind == "text"
    assert found.issued_by == ("officer", "manager")


@pytest.mark.parametrize(
    ("changed", "instead", "fault"),
    [
        ('"award_decision"', '"summary"', "not the file's name"),
        ('answers = ["need"]', 'answers = ["unknown"]', "unknown question"),
        ('id = "why"', 'id = "save"', "not a name that forms have"),
        ('kind = "text"', 'kind = "table"', "a table has columns"),
        ('id = "a"', 'id = "a"\nwrong = 1', "unknown key"),
        ('edition = "2026-11"', 'edition = "2026-11"\nissued_by = ["expert"]', "a role that no city has"),
    ],
)
def test_a_fault_in_the_data_is_named(tmp_path: Path, changed: str, instead: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=fault):
        loaded(tmp_path, GOOD.replace(changed, instead, 1))


def test_every_document_that_ships_names_the_section_of_law_where_the_law_asks_for_it() -> None:
    decision = compositions.catalogue().get("award_decision")

    assert any("123 §" in part.citation for part in decision.parts)
    assert all(part.heading["sv"] != part.heading["fi"] for part in decision.parts)
