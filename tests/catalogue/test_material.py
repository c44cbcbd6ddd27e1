"""What is tender material: every name in the list is one that the procedures and documents know."""

from pathlib import Path

import pytest

from procure.catalogue import material
from procure.catalogue.reading import CatalogueError


def test_the_list_runs_from_the_arrival_of_tenders_to_the_contract() -> None:
    found = material.catalogue()

    assert {"opening", "comparison", "award_decision", "contract"} <= found.stages
    assert not {"need", "market_consultation", "contract_notice", "contract_management"} & found.stages
    assert "comparison_table" in found.documents
    assert "tender" in found.sealed


@pytest.mark.parametrize(("line", "word"), [
    ('stages = ["nowhere"]', "nowhere"), ('documents = ["summary"]', "summary"), ('made_here = ["tender"]', "tender"),
    ("stage = []", "stage"),
])  # fmt: skip
def test_a_name_that_nothing_else_knows_stops_the_start(tmp_path: Path, line: str, word: str) -> None:
    file = tmp_path / "material.toml"
    file.write_text(line, encoding="utf-8")

    with pytest.raises(CatalogueError, match=word):
        material.load(file)
