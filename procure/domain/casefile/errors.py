"""What is wrong with a case file, in one line."""

from typing import Any, Final

LONGEST_SHOWN: Final = 60


class CaseFileError(Exception):
    """A case file cannot be used. `place` is the key with its dotted place (`lots[1].value`), "" for the file as a whole;
    `problem` says what is wrong with it and, where the value is one of a list, what is allowed. English, one line."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place, self.problem = place, problem


def shown(value: Any) -> str:
    """A foreign value for a message: short, and without line breaks or characters that cannot be printed."""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        cut = value[:LONGEST_SHOWN]
        return f"{cut!r}…" if len(value) > LONGEST_SHOWN else repr(cut)
    if isinstance(value, int) and value.bit_length() > LONGEST_SHOWN:
        return "a very large number"
    return repr(value) if isinstance(value, (int, float)) else f"a {type(value).__name__}"


def joined(place: str, key: Any) -> str:
    """The place of a key inside `place`; a key that is no plain word is quoted and cut."""
    if isinstance(key, str) and key.isidentifier() and key.isascii() and len(key) <= LONGEST_SHOWN:
        return f"{place}.{key}" if place else key
    return f"{place}[{shown(key)}]"


def inside(place: str, inner: str) -> str:
    """The place `inner` as seen from outside `place`."""
    return f"{place}.{inner}" if inner and not inner.startswith("[") else place + inner
