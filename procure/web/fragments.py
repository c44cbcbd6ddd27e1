"""Parts of pages that are kept once made, for as long as what they show has not changed."""

from collections.abc import Callable, Hashable
from functools import lru_cache

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


@lru_cache(KEPT)
def fragment(part: Fragment) -> Markup:
    """The part as it was made for this key, else made now."""
    return Markup(part.make())  # noqa: S704 - what our template has made
