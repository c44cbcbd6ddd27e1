"""What keeps a process small and its memory in place."""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from types import FunctionType
from typing import Final, ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Result = TypeVar("Result")

M_ARENA_MAX: Final = -8
"""As malloc.h of glibc numbers it."""
ROOM: Final = 70_000
"""Words: with them a block of memory is one of 1 MB, and a little under half of it stays free."""


def few_heaps() -> None:
    """Before there are threads: glibc would give each of them a heap of its own, six megabytes in all, though they take turns anyway.
    Nothing under another C library."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """What reading the code and the data has used and let go: glibc keeps it, eleven megabytes in one start of five. Nothing under
    another C library."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def with_room_below(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """The same function with room for the frames of all that it calls.

    The interpreter keeps frames in blocks of 16 kB and gives a block back when the last frame leaves it: a loop that happens to call
    across the end of a block asks the system for memory, and returns it, at every call. Layout then takes up to a tenth longer, by
    how deep it began. A frame that claims to be large gets a large block, and those below it stay in it; what is not used of it
    takes no memory.
    """

    def call(*given: Given.args, **named: Given.kwargs) -> Result:
        return work(*given, **named)

    roomy = FunctionType(call.__code__.replace(co_stacksize=ROOM), call.__globals__, work.__name__, None, call.__closure__)
    roomy.__doc__ = work.__doc__
    return cast(Callable[Given, Result], roomy)
