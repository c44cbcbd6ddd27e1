"""What an approval stands on, and which stages are the award decision."""

from pathlib import Path

import pytest

from procure.catalogue import approvals, procedures
from procure.catalogue.reading import CatalogueError

POINT = '[point]\nfi = "a"\nsv = "b"\nen = "c"\n'


def test_every_procedure_has_one_stage_that_is_its_decision() -> None:
    stages = approvals.catalogue().award_stages
    for procedure in procedures.catalogue().choosable():
        found = [stage for stage in procedure.stages if stage.id in stages]
        assert len(found) <= 1, procedure.id
        assert found or procedure.id in WITHOUT, procedure.id
        assert not any(stage.optional for stage in found), "what may be skipped would not be held"


WITHOUT = ("pcp",)
"""It ends with its phases: which suppliers go on is decided at the phase gates."""


def test_value_procedure_criteria_and_kind_are_among_the_facts() -> None:
    assert {"value_amount", "value_options", "lots", "award_criteria", "contract_kind"} <= set(approvals.catalogue().facts)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f'facts = ["nonsense"]\naward_stages = ["result"]\n{POINT}', "unknown question nonsense"),
        (f'facts = ["lots"]\naward_stages = ["nowhere"]\n{POINT}', "unknown stage nowhere"),
        ('facts = ["lots"]\naward_stages = ["result"]\n[point]\nfi = "a"\n', "a text in each language"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "approvals.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError, match=fault):
        approvals.load(path)
