"""The grounds on which procurements are cancelled: the usual ones, in three languages; a fault names file and line."""

from pathlib import Path

import pytest

from procure.catalogue import cancelling
from procure.catalogue.reading import CatalogueError

ONE = '[[ground]]\nid = "budget"\nname.fi = "a"\nname.sv = "b"\nname.en = "c"\n'


def test_the_usual_grounds_are_there_and_the_last_one_is_open() -> None:
    assert list(cancelling.catalogue()) == [
        "no_tenders", "no_acceptable_tender", "budget", "need_changed", "process_error", "appeal", "other",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [("", ":1: a ground is needed"), (ONE + ONE, ":6: ground budget stands twice"), (ONE + 'law = "x"\n', ":1: unknown key law")],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "cancelling.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError) as fault:
        cancelling.load(path)

    assert str(fault.value).endswith(f"cancelling.toml{told}")
