"""Which passwords are too easy to guess (length and common words; OWASP ASVS 5.0, 6.2)."""

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 128
COMMON: Final = (
    "password",
    "salasana",
    "losenord",
    "lösenord",
    "qwerty",
    "123456",
    "abcdef",
    "letmein",
    "welcome",
    "tervetuloa",
    "procure",
    "innokaupun",
    "innocities",
    "hankinta",
    "upphandling",
    "kesa20",
    "kesä20",
    "talvi20",
    "sommar20",
    "vinter20",
    "iloveyou",
    "admin",
)
"""Beginnings of what people choose first, in the languages of the service."""


def weakness(password: str, names: Iterable[str]) -> str | None:
    """A reason code, or None when the password will do. `names`: the person's address and name, the organisation's names."""
    if len(password) < SHORTEST:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    if len(set(password.lower())) < 5:
        return "password_common"
    plain = password.lower()
    words = [word for name in names for word in name.lower().replace("@", " ").replace(".", " ").split() if len(word) >= 4]
    rest = plain
    for word in sorted({*COMMON, *words}, key=len, reverse=True):
        rest = rest.replace(word, "")
    # what is left once the guessable words are gone must still be a password's worth of characters
    return "password_common" if len(rest) < SHORTEST // 2 + 2 and rest != plain else None
