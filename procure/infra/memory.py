"""What keeps a process that serves small."""

import ctypes
from contextlib import suppress
from typing import Final

M_ARENA_MAX: Final = -8
"""As malloc.h of glibc numbers it."""


def few_heaps() -> None:
    """Before there are threads: glibc would give each of them a heap of its own, six megabytes in all, though they take turns anyway.
    Nothing under another C library."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
