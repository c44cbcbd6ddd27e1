"""What a stage waits for: the catalogue's points, a city's own, and what people have ticked or waived."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import checklists, gates
from procure.domain.checklists import GateState
from procure.domain.gates import CityPoint, Mark, Period, Wanted
from procure.domain.outcomes import Refusal
from procure.domain.procedures import GatePoint
from tests.domain.records import stage, words

D = date(2027, 3, 1)
SAID = GatePoint("said", words("said"), "")
ASKED = GatePoint("asked", words("asked"), "1397/2016 43 §", answers=("need",))
PAPER = GatePoint("paper", words("paper"), "", document="plan")
ENDED = GatePoint("period_ended", words("ended"), "1397/2016 129 §")
POINTS = (SAID, ASKED, PAPER, ENDED)

states = st.builds(
    lambda point, satisfied: GateState(point, satisfied, (), "answers" if satisfied else ""),
    st.sampled_from(POINTS),
    st.booleans(),
)
gate = st.lists(states, unique_by=lambda state: state.point.id)
city_points = st.lists(
    st.builds(
        CityPoint, st.integers(1, 9), st.just(words("own")), st.booleans(), st.sampled_from(gates.WAYS),
        st.sampled_from(("standstill", "appeal", "need")),
    ),
    unique_by=lambda point: point.id,
)  # fmt: skip
marks = st.lists(
    st.builds(
        Mark, st.sampled_from((gates.TICK, gates.WAIVER)),
        st.sampled_from([point.id for point in POINTS] + [f"city:{number}" for number in range(1, 10)]),
        st.just("Officer, Tampere"), st.just(D), st.text(max_size=5), st.integers(1, 99),
    ),
    unique_by=lambda mark: (mark.kind, mark.point),
)  # fmt: skip
periods = st.lists(
    st.builds(
        Period, st.sampled_from(("standstill", "appeal")), st.dates(D - timedelta(9), D + timedelta(9)),
        st.none() | st.dates(D - timedelta(9), D + timedelta(9)),
    )
)  # fmt: skip


@given(gate, city_points, marks, periods)
def test_nothing_that_held_is_lost_and_every_city_point_is_added_once(
    before: list[GateState], own: list[CityPoint], given_marks: list[Mark], running: list[Period]
) -> None:
    after = gates.revised(before, own, given_marks, running, D)

    assert [state.point.id for state in after] == [s.point.id for s in before] + [f"city:{point.id}" for point in own]
    assert all(now.satisfied for now, was in zip(after, before, strict=False) if was.satisfied)


@given(gate, city_points, marks, periods)
def test_what_holds_says_how_and_what_people_said_says_who(
    before: list[GateState], own: list[CityPoint], given_marks: list[Mark], running: list[Period]
) -> None:
    for state in gates.revised(before, own, given_marks, running, D):
        assert state.satisfied == bool(state.how)
        assert bool(state.told) == (state.how in ("ticked", "waived"))
        assert state.how != "ticked" or state.point.by_person


@given(gate, city_points, marks, periods)
def test_the_standstill_is_never_waived_and_advice_neither(
    before: list[GateState], own: list[CityPoint], given_marks: list[Mark], running: list[Period]
) -> None:
    for state in gates.revised(before, own, given_marks, running, D):
        if state.how == "waived":
            assert state.point.id != "period_ended"
            assert state.point.system != "deadline:standstill"
            assert state.required


@given(gate, city_points, marks, periods)
def test_a_gate_without_marks_periods_and_own_points_stays_as_it_is(
    before: list[GateState], own: list[CityPoint], given_marks: list[Mark], running: list[Period]
) -> None:
    assert gates.revised(before, [], [], [], D) == tuple(before)


@pytest.mark.parametrize(
    ("citation", "may"),
    [
        ("", True), ("1397/2016 43 §", True), ("1397/2016 129 §", False), ("1397/2016 129–130 §, 150 §", False),
        ("1397/2016 131 § 1–2 mom", False), ("1397/2016 128 §, 150 §", False), ("1397/2016 127 § 1 mom", True),
        ("1397/2016 128–132 §", False), ("EAFIP", True), ("1397/2016 29 §; Dir 2014/24/EU Art 129", True),
    ],
)  # fmt: skip
def test_a_point_of_the_standstill_or_of_a_pending_appeal_is_not_waived(citation: str, may: bool) -> None:
    state = GateState(GatePoint("x", words("x"), citation), False, ())

    assert gates.may_waive(state) == may


def test_a_deadline_has_passed_once_every_period_of_the_rule_is_over() -> None:
    over, safe = Period("appeal", D, None), Period("appeal", D + timedelta(5), D + timedelta(1))
    running = Period("appeal", D + timedelta(1), None)

    assert not gates.passed("appeal", [], D + timedelta(1))
    assert not gates.passed("appeal", [over], D)
    assert gates.passed("appeal", [over, safe], D + timedelta(1))
    assert not gates.passed("appeal", [over, running], D + timedelta(1))
    assert not gates.passed("standstill", [over], D + timedelta(1))


def test_a_city_s_points_are_held_against_answers_documents_and_what_is_confirmed() -> None:
    own = [CityPoint(1, words("a"), True, "answer", "need"), CityPoint(2, words("b"), True, "document", "plan"),
           CityPoint(3, words("c"), False, "person", "")]  # fmt: skip
    now = stage("plan")
    found = gates.revised((), own, [], [], D)

    lacking = checklists.settled(found, now, lambda q: False, lambda kind: ("value_amount",))
    ready = checklists.settled(found, now, lambda q: True, lambda kind: (), frozenset({"city:3"}))

    assert [(state.satisfied, state.open_items) for state in lacking] == [
        (False, ("need",)),
        (False, ("value_amount",)),
        (False, ()),
    ]
    assert [state.how for state in ready] == ["answers", "document", "ticked"]


def test_advice_holds_no_stage() -> None:
    found = gates.revised((), [CityPoint(3, words("c"), False, "person", "")], [], [], D)

    checklists.check_gate(found)
    assert not found[0].satisfied


def test_a_waiver_of_a_city_s_point_gives_way_to_its_answer() -> None:
    own = [CityPoint(1, words("a"), True, "answer", "need")]
    found = gates.revised((), own, [Mark(gates.WAIVER, "city:1", "Manager", D, "because", 4)], [], D)

    open_still = checklists.settled(found, stage("plan"), lambda q: False, lambda kind: ())
    answered = checklists.settled(found, stage("plan"), lambda q: True, lambda kind: ())

    assert (open_still[0].how, open_still[0].note) == ("waived", "because")
    assert (answered[0].how, answered[0].told) == ("answers", "")


def test_what_another_feature_has_found_to_hold_stays_so() -> None:
    approved = GateState(GatePoint("city:1", words("a"), "", system="approval"), True, (), "approval", "Manager 1.3.2027")

    assert checklists.settled((approved,), stage("plan"), lambda q: False, lambda kind: ()) == (approved,)


def test_a_text_in_one_language_is_shown_in_all() -> None:
    found = gates.in_all_languages({"fi": "", "sv": "Juristen har läst", "en": ""})

    assert found["fi"] == found["en"] == "Juristen har läst"


def wanted(**changes: object) -> Wanted:
    values: dict[str, object] = {
        "stage": "need", "procedure": "", "texts": {"fi": "x"}, "required": True, "way": "person", "what": "", "valid_from": D,
    }  # fmt: skip
    return Wanted(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stage": "nowhere"}, "gate_stage_unknown"), ({"procedure": "open", "stage": "need"}, "gate_stage_unknown"),
        ({"procedure": "made up"}, "gate_stage_unknown"), ({"texts": {"fi": "  ", "sv": ""}}, "gate_text_missing"),
        ({"way": "answer", "what": "made up"}, "gate_way_unknown"), ({"way": "approval"}, "gate_way_unknown"),
        ({"valid_from": D - timedelta(1)}, "gate_day_past"),
    ],
)  # fmt: skip
def test_a_city_s_point_needs_a_stage_a_text_a_way_and_a_day_to_come(changes: dict[str, object], code: str) -> None:
    known = {"person": ("",), "answer": ("need",)}

    gates.check_wanted(wanted(), {"": ("need",), "open": ("tenders",)}, known, D)
    with pytest.raises(Refusal) as refusal:
        gates.check_wanted(wanted(**changes), {"": ("need",), "open": ("tenders",)}, known, D)

    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_the_log_gives_what_was_not_taken_back() -> None:
    def event(sequence: int, kind: str, visit: int, point: str) -> tuple[int, str, dict[str, object], date, str]:
        return sequence, kind, {"visit": visit, "gate": point, "reason": "r"}, D, "Officer"

    found = gates.standing_marks([
        event(2, gates.TICKED, 1, "a"), event(3, gates.WAIVED, 1, "b"), event(4, gates.UNTICKED, 1, "a"),
        event(5, gates.TICKED, 2, "a"),
    ])  # fmt: skip

    assert {key: mark.sequence for key, mark in found.items()} == {(1, "b", "waiver"): 3, (2, "a", "tick"): 5}


@pytest.mark.parametrize("kinds", [(gates.UNTICKED,), (gates.TICKED, gates.TICKED), (gates.WAIVED, gates.UNTICKED)])
def test_a_log_that_cannot_be_is_noticed(kinds: tuple[str, ...]) -> None:
    with pytest.raises((KeyError, ValueError)):
        gates.standing_marks((n, kind, {"visit": 1, "gate": "a", "reason": ""}, D, "x") for n, kind in enumerate(kinds))
