import os
import platform
from pathlib import Path

import pytest

from procure.infra.memory import give_back, with_room_below

MEGABYTE = 1024 * 1024
HALF_A_BLOCK = MEGABYTE // 2
BYTES_IN_A_WORD = 8


def _shared(whole: int, *, by: int) -> int:
    """How often."""
    return whole // by


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps its own way")
def test_memory_that_was_let_go_is_given_back_to_the_system():
    held = [bytes(1000) for _ in range(60_000)]  # too small to be asked of the system one by one
    last = held[-100:]  # above the others, which the library therefore keeps
    held.clear()
    before = _resident()
    give_back()
    assert len(last) == 100
    assert _resident() < before - 20 * MEGABYTE


def _resident() -> int:
    """In bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


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
