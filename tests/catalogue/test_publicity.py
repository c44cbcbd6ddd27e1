"""The rules of publicity: complete, honest about what is recalled, and faults name file and line."""

from pathlib import Path

import pytest

from procure.catalogue import procedures, publicity
from procure.catalogue.reading import CatalogueError
from procure.domain.publicity import CONTENTS, PHASES


def faulty(tmp_path: Path, old: str, new: str) -> Path:
    source = publicity.FILE.read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "publicity.toml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    return path


def test_every_phase_and_content_is_there_and_every_stage_of_every_procedure_has_its_phase() -> None:
    rules = publicity.catalogue()
    assert {phase.id for phase in rules.phases} == set(PHASES)
    assert {content.id for content in rules.contents} == set(CONTENTS)
    for procedure in (procedures.catalogue().preparation, *procedures.catalogue().choosable()):
        assert all(rules.phase_of(procedure.id, stage.id) in PHASES for stage in procedure.stages)


def test_what_rests_on_the_openness_act_says_that_it_is_to_be_checked() -> None:
    rules = publicity.catalogue()
    told = [one for phase in rules.phases for one in (*phase.may, *phase.may_not)]
    assert all(one.confidence == "recalled" for one in told if "621/1999" in one.citation)
    assert all(one.confidence == "recalled" for one in rules.contents if "621/1999" in one.citation)


def test_nothing_that_is_told_before_the_notice_may_name_money() -> None:
    assert [content.id for content in publicity.catalogue().contents if not content.amounts] == ["need", "dialogue"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('need = "preparation"\n', "", "stages without a phase: need"),
        ('need = "preparation"\n', 'need = "preparation"\nnowhere = "preparation"\n', "unknown stage nowhere"),
        ('plan = "preparation"', 'plan = "gossip"', "unknown phase gossip"),
        ('procedures = ["restricted"]', 'procedures = ["lottery"]', "unknown procedure lottery"),
        ('id = "cancelled"', 'id = "contract"', "each phase must be there once"),
        ('citation = "621/1999 6–7 §"\nconfidence = "recalled"', 'citation = "621/1999 6–7 §"\nconfidence = "verified"', "are recalled"),
        ("{city} bereder en upphandling: {title}.", "{city} bereder en upphandling.", "the same known facts"),
        ('en = "The aim: {outcome}"', 'en = "The aim: {value}"', "the same known facts"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=r"publicity\.toml:\d+: .*" + said):
        publicity.load(faulty(tmp_path, old, new))
