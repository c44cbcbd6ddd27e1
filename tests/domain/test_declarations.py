"""Who may open tender material: the rule, held against everything that people and managers can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import declarations as rules
from procure.domain.declarations import CLOSED, CONFLICT, MISSING, NONE, OPEN, OUTCOMES, RENEW, STANDINGS, WAITS, Declared
from procure.domain.outcomes import Refusal

DECLARED = st.none() | st.builds(
    Declared, st.sampled_from(OUTCOMES), st.integers(0, 3), st.booleans(), st.none() | st.booleans()
)  # fmt: skip
ACTS = st.lists(
    st.sampled_from([("declare", NONE), ("declare", CONFLICT), ("decide", True), ("decide", False), ("suppliers", "")]), max_size=12
)  # fmt: skip


def replayed(acts: list[tuple[str, object]]) -> tuple[Declared | None, int]:
    """The latest declaration, and the version of the suppliers, after these acts; a manager decides on what is held only."""
    latest: Declared | None = None
    suppliers = 0
    for act, value in acts:
        if act == "suppliers":
            suppliers += 1
        elif act == "declare":
            held = rules.is_held(str(value), rules.standing(latest, suppliers))
            latest = Declared(str(value), suppliers, held)
        elif latest is not None and latest.held:
            latest = Declared(latest.outcome, latest.suppliers, True, bool(value))
    return latest, suppliers


@given(ACTS)
def test_material_is_open_iff_the_latest_declaration_is_of_these_suppliers_and_no_conflict_stands_undecided_or_closed(
    acts: list[tuple[str, object]],
) -> None:
    declared = [index for index, (act, _value) in enumerate(acts) if act == "declare"]
    conflicts = [index for index in declared if acts[index][1] == CONFLICT]
    expected = bool(declared) and not any(act == "suppliers" for act, _value in acts[declared[-1] :])
    if expected and conflicts:  # since the last conflict a manager has opened, and has not closed again since
        decisions = [value for act, value in acts[conflicts[-1] :] if act == "decide"]
        on_it = _opened_after(acts[conflicts[-1] :])
        expected = bool(decisions) and on_it

    assert rules.opens(*replayed(acts)) == expected


def _opened_after(acts: list[tuple[str, object]]) -> bool:
    """Whether a conflict, which the acts begin with, has been opened by the decision that counts: one on a later "no conflict" counts
    only while the conflict had not been opened before it."""
    opened, held = False, True
    for act, value in acts[1:]:
        if act == "declare" and opened:
            held, opened = False, True
        elif act == "decide" and held:
            opened = bool(value)
    return opened


@given(DECLARED, st.integers(0, 3))
def test_every_standing_has_a_name_and_only_one_of_them_opens(latest: Declared | None, suppliers: int) -> None:
    assert rules.standing(latest, suppliers) in STANDINGS
    assert rules.opens(latest, suppliers) == (rules.standing(latest, suppliers) == OPEN)


@pytest.mark.parametrize(("latest", "expected"), [
    (None, MISSING),
    (Declared(NONE, 1, False), OPEN),
    (Declared(NONE, 0, False), RENEW),
    (Declared(CONFLICT, 1, True), WAITS),
    (Declared(CONFLICT, 1, True, True), OPEN),
    (Declared(CONFLICT, 1, True, False), CLOSED),
    (Declared(CONFLICT, 0, True, True), RENEW),
    (Declared(NONE, 1, True), WAITS),
])  # fmt: skip
def test_what_a_person_is_to_the_material(latest: Declared | None, expected: str) -> None:
    assert rules.standing(latest, 1) == expected


@pytest.mark.parametrize(("outcome", "text", "code"), [
    ("", "", "interest_missing"), ("perhaps", "x", "interest_missing"), (CONFLICT, " \n", "interest_text_missing"),
])  # fmt: skip
def test_a_declaration_says_which_and_a_conflict_is_described(outcome: str, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.check_declaration(outcome, text)

    assert [reason.code for reason in refusal.value.reasons] == [code]


@pytest.mark.parametrize("standing", STANDINGS)
def test_nobody_decides_on_the_own_conflict_nor_while_their_own_closes_the_material(standing: str) -> None:
    with pytest.raises(Refusal, match="interest_own"):
        rules.check_decider(True, standing)
    if standing in (WAITS, CLOSED):
        with pytest.raises(Refusal, match="interest_decider_barred"):
            rules.check_decider(False, standing)
    else:
        rules.check_decider(False, standing)
