"""The procedures that ship with the program: whole, in three languages, with the periods of the Act."""

import re
import time
from collections.abc import Iterator

import pytest

from procure.catalogue import procedures, questions
from procure.catalogue.reading import read
from procure.domain.procedures import PREPARATION, PROCEDURE_IDS, GatePoint, Procedure, Stage, Statement

ALL = procedures.load()
LATEST = (ALL.preparation, *ALL.choosable())
COMMON = ("need", "prior_art", "market_consultation", "business_case", "plan")
SOURCE = re.compile(r"1397/2016 \d+(–\d+)? §|EAFIP|COM\(\d{4}\) \d+|HE \d+/\d{4} vp|410/2015")


def stages_of(chosen: tuple[Procedure, ...] = LATEST) -> Iterator[tuple[str, Stage]]:
    return ((f"{procedure.id}.{stage.id}", stage) for procedure in chosen for stage in procedure.stages)


def points() -> Iterator[tuple[str, GatePoint]]:
    return ((f"{place}.{point.id}", point) for place, stage in stages_of() for point in stage.gate)


def statements() -> Iterator[tuple[str, Statement]]:
    for procedure in LATEST:
        yield from ((procedure.id, item) for item in (*procedure.conditions, *procedure.notes))
    for place, stage in stages_of():
        yield from ((place, period) for period in stage.periods)


def lengths(procedure: str, stage: str) -> list[int]:
    """The first number of each period of the stage, as an officer reads it in English."""
    found = (
        re.search(r"\b(\d+)(?:th)? ?(?:days|working|day|years)\b", p.text.en) for p in ALL.latest(procedure).stage(stage).periods
    )
    return [int(match.group(1)) for match in found if match]


def test_all_fifteen_procedures_can_be_chosen_in_their_order_and_preparation_cannot() -> None:
    assert tuple(procedure.id for procedure in ALL.choosable()) == PROCEDURE_IDS
    assert ALL.preparation.id == PREPARATION


def test_the_preparation_holds_the_five_common_stages() -> None:
    assert tuple(stage.id for stage in ALL.preparation.stages) == COMMON


def test_every_procedure_starts_with_the_preparation() -> None:
    begins = {procedure.id: tuple(stage.id for stage in procedure.stages)[:5] for procedure in ALL.choosable()}
    small = begins.pop("small_purchase")
    assert small[:2] == ("need", "plan")
    assert set(begins.values()) == {COMMON}


def test_a_stage_that_is_shared_keeps_the_texts_of_the_preparation() -> None:
    for procedure in ALL.choosable():
        for stage in procedure.stages:
            if stage.id in COMMON:
                assert stage == ALL.preparation.stage(stage.id), procedure.id


def test_every_procedure_that_makes_a_contract_decides_first_and_archives_last() -> None:
    for procedure in ALL.choosable():
        ids = [stage.id for stage in procedure.stages]
        if "contract" in ids:
            assert ids.index("award_decision") < ids.index("contract") < ids.index("archive") == len(ids) - 1, procedure.id


def test_the_standstill_lies_between_notification_and_contract_where_the_act_has_one() -> None:
    with_standstill = set()
    for procedure in ALL.choosable():
        ids = [stage.id for stage in procedure.stages]
        if "standstill" in ids:
            with_standstill.add(procedure.id)
            assert ids.index("notification") < ids.index("standstill") < ids.index("contract"), procedure.id
    assert with_standstill == {
        "open", "restricted", "competitive_negotiation", "competitive_dialogue", "innovation_partnership", "dps", "framework",
        "light_regime", "concession",
    }  # fmt: skip


def test_a_small_purchase_gives_guidance_on_correction_and_no_appeal_to_the_market_court() -> None:
    decision = ALL.latest("small_purchase").stage("award_decision")
    assert "correction_instructions" in decision.documents
    assert "appeal_instructions" not in decision.documents
    assert any("135 §" in point.citation for point in decision.gate)


def test_a_framework_agreement_is_an_open_procedure_followed_by_call_offs() -> None:
    ids = [stage.id for stage in ALL.latest("framework").stages]
    opened = [stage.id for stage in ALL.latest("open").stages]
    assert [stage for stage in ids if stage != "call_off"] == opened
    assert ids[ids.index("call_off") - 1] == "result_notice"
    assert ALL.latest("framework").stage("call_off").repeatable


@pytest.mark.parametrize(
    ("procedure", "stage", "days"),
    [
        ("open", "tender_period", [35, 30, 15, 15]),
        ("open", "contract_notice", [5, 35]),
        ("open", "questions", [6, 4]),
        ("restricted", "requests", [30, 15]),
        ("restricted", "tender_period", [30, 25, 10, 10]),
        ("competitive_negotiation", "requests", [30, 15]),
        ("competitive_negotiation", "initial_tenders", [30, 25, 10]),
        ("competitive_dialogue", "requests", [30]),
        ("innovation_partnership", "requests", [30]),
        ("innovation_partnership", "initial_tenders", [30, 25]),
        ("dps", "requests", [30]),
        ("dps", "admission", [10, 15]),
        ("dps", "call", [10, 5]),
        ("dps", "standstill", [10, 30]),
        ("framework", "contract", [4]),
        ("framework", "result_notice", [30]),
        ("concession", "tender_period", [30, 30, 22, 5]),
        ("concession", "result_notice", [48]),
        ("open", "standstill", [14, 10]),
        ("open", "notification", [7]),
        ("open", "result_notice", [30]),
        ("light_regime", "result_notice", [30]),
        ("design_contest", "result_notice", [30]),
        ("direct_award", "ex_ante_notice", [14]),
    ],
)
def test_the_periods_of_the_act_are_shown(procedure: str, stage: str, days: list[int]) -> None:
    assert lengths(procedure, stage) == days


def test_the_numbers_of_a_sentence_are_the_same_in_every_language() -> None:
    for place, item in statements():
        numbers = [sorted(re.findall(r"\d+", text.replace(",", "").replace(" 000", "000"))) for text in
                   (item.text.fi, item.text.sv, item.text.en)]  # fmt: skip
        assert numbers[0] == numbers[1] == numbers[2], (place, item.text.en)


def test_where_the_act_sets_no_minimum_the_officer_is_told_so() -> None:
    for place in (
        "national.tender_period",
        "light_regime.tender_period",
        "competitive_dialogue.final_tenders",
        "design_contest.entries",
    ):
        stage = dict(stages_of())[place]
        assert any("No statutory minimum" in period.text.en for period in stage.periods), place


def test_names_and_purposes_are_written_in_each_language() -> None:
    for place, stage in stages_of():
        texts = (stage.purpose.fi, stage.purpose.sv, stage.purpose.en)
        assert len(set(texts)) == 3, place
        assert all(text.endswith(".") for text in texts), place
    for procedure in LATEST:
        assert len({procedure.summary.fi, procedure.summary.sv, procedure.summary.en}) == 3
    for place, point in points():
        assert len({point.text.fi, point.text.sv, point.text.en}) == 3, place
    for place, item in statements():
        assert len({item.text.fi, item.text.sv, item.text.en}) == 3, place


def test_a_citation_names_a_law_or_a_known_source() -> None:
    cited = [(place, item.citation, item.confidence) for place, item in (*statements(), *stages_of())]
    assert [entry for entry in cited if entry[1] and not SOURCE.match(entry[1])] == []
    assert [entry for entry in cited if entry[2] == "verified" and not entry[1]] == []
    assert [(place, p.citation) for place, p in points() if p.citation and not SOURCE.match(p.citation)] == []


def test_the_proposed_law_is_only_shown_as_proposed() -> None:
    proposed = [item for _place, item in statements() if "HE 2/2026" in item.citation]
    assert proposed
    assert all(item.confidence == "recalled" and "Proposed" in item.text.en for item in proposed)


def test_every_procedure_has_its_own_conditions() -> None:
    assert [procedure.id for procedure in ALL.choosable() if not procedure.conditions] == []
    assert len(ALL.latest("competitive_negotiation").conditions) == 5
    assert len(ALL.latest("direct_award").conditions) == 10


def test_gate_points_rely_on_questions_that_are_asked() -> None:
    asked = {question.id for question in questions.catalogue().latest.questions}
    assert ALL.gate_question_ids() <= asked
    assert {"need", "desired_outcome", "users", "owner", "value_amount"} <= ALL.gate_question_ids()


def test_the_system_judges_the_preparation_by_its_documents() -> None:
    judged = {point.document for stage in ALL.preparation.stages for point in stage.gate if point.document}
    assert judged == {"needs_assessment", "market_consultation_invitation", "procurement_plan"}


def test_every_stage_has_a_gate_and_a_usual_length() -> None:
    assert [place for place, stage in stages_of() if not stage.gate or stage.usual_days < 1] == []


def test_notices_are_eforms_subtypes() -> None:
    assert [place for place, stage in stages_of() for notice in stage.notices if not re.fullmatch(r"E?[1-9]\d?", notice)] == []


def test_the_procedures_are_read_once_and_fast() -> None:
    started = time.process_time()
    procedures.load()
    assert time.process_time() - started < 0.15 * 4  # four times the promise, so that a busy machine does not fail it
    assert procedures.catalogue() is procedures.catalogue()


def test_the_library_holds_no_stage_that_no_procedure_uses() -> None:
    library = {table.text("id") for table in read(procedures.FOLDER / "stages" / "2026-11.toml").tables("stage")}
    files = [read(path) for path in (procedures.FOLDER / "procedures").glob("*-2026-11.toml")]
    assert library == {stage.text("use") for file in files for stage in file.tables("stage")}


def test_every_stage_is_found_once_with_what_it_is_in_each_procedure_the_preparation_first() -> None:
    versions = ALL.versions_of_stages()
    assert list(versions)[: len(ALL.preparation.stages)] == [stage.id for stage in ALL.preparation.stages]
    assert set(versions) == {stage.id for procedure in LATEST for stage in procedure.stages}
    for stage_id, found in versions.items():
        assert [procedure.stage(stage_id) for procedure, _stage in found] == [stage for _procedure, stage in found]
        assert len({procedure.id for procedure, _stage in found}) == len(found)
