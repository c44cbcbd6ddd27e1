"""Parts of pages that are kept once made, for as long as what they show has not changed."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Final

from markupsafe import Markup


class Fragment:
    """A part of a page under a key that stands for everything it shows: two with the same key are the same part."""

    __slots__ = ("key", "make")

    def __init__(self, key: Hashable, make: Callable[[], str]) -> None:
        self.key, self.make = key, make

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fragment) and self.key == other.key


KEPT = 512
"""About 20 kB each."""


def made(part: Fragment) -> Markup:
    """The part made now, and not kept."""
    make, part.make = part.make, _spent  # a part that is kept holds on to nothing that it was made from
    return Markup(make())  # noqa: S704 - what our template has made


def _spent() -> str:
    raise RuntimeError("a part is made once")


_kept: Final = lru_cache(KEPT)(made)
_turns: Final = tuple(Lock() for _number in range(64))


def fragment(part: Fragment) -> Markup:
    """The part as it was made for this key, else made now: by one thread, for which others that want the same wait. No part asks for
    another one while it is made."""
    with _turns[hash(part) % len(_turns)]:
        return _kept(part)


def times_made() -> int:
    """How many parts have been made since none was kept."""
    return _kept.cache_info().misses


def forget() -> None:
    """Keep none of them."""
    _kept.cache_clear()
