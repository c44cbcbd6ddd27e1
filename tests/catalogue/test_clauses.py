"""Subjects of standard clauses: ten hints with their section of law, none of them a text to copy; a fault names file and line."""

from pathlib import Path

import pytest

from procure.catalogue import clauses
from procure.catalogue.reading import CatalogueError

ONE = (
    '[[suggestion]]\nid = "a"\ndocument = "contract"\nname = {fi = "a", sv = "b", en = "c"}\nhint = {fi = "a", sv = "b", en = "c"}\n'
    'citation = "1397/2016 98 §"\nconfidence = "verified"\n'
)


def test_ten_subjects_each_with_a_section_and_those_of_other_acts_to_be_checked() -> None:
    found = clauses.catalogue()

    assert len(found) == 10
    assert all(one.citation for one in found.values())
    assert {one.confidence for one in found.values() if not one.citation.startswith("1397/2016")} == {"recalled"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: a suggestion is needed"),
        (ONE + ONE, ":8: suggestion a stands twice"),
        (ONE.replace('"contract"', '"summary"'), ":1: summary is no composed document"),
        (ONE + 'part = "nowhere"\n', ":1: contract has no part nowhere"),
        (ONE + 'law = "x"\n', ":1: unknown key law"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "clauses.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError) as fault:
        clauses.load(path)

    assert str(fault.value).endswith(f"clauses.toml{told}")
