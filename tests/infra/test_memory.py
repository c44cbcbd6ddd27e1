import pytest

from procure.infra.memory import with_room_below

HALF_A_BLOCK = 512 * 1024
BYTES_IN_A_WORD = 8


def _shared(whole: int, *, by: int) -> int:
    """How often."""
    return whole // by


def test_a_function_with_room_below_it_answers_as_it_does_by_itself():
    assert with_room_below(_shared)(7, by=2) == 3


def test_a_function_with_room_below_it_fails_as_it_does_by_itself():
    with pytest.raises(ZeroDivisionError):
        with_room_below(_shared)(7, by=0)


def test_the_frame_claims_more_than_half_of_the_block_that_it_gets():
    code = with_room_below(_shared).__code__  # type: ignore[attr-defined]
    assert code.co_stacksize * BYTES_IN_A_WORD > HALF_A_BLOCK


def test_calls_below_go_as_deep_as_anywhere():
    def depth(left: int) -> int:
        return 0 if left == 0 else 1 + depth(left - 1)

    assert with_room_below(depth)(600) == 600
