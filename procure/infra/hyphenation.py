"""Where Finnish words may be divided. The libraries bring English and Swedish, and no Finnish, whose rules are few: a syllable begins
before a consonant with its vowel, and between vowels that make no diphthong; a compound is divided where its parts meet."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyphen

CONSONANTS: Final = "bcdfghjklmnpqrstvwxzšž"
VOWELS: Final = "aeiouyäöå"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOGETHER: Final = frozenset(_words("ai ei oi ui yi äi öi au eu iu ou ey iy äy öy ie uo yö aa ee ii oo uu yy ää öö åå"))
"""Diphthongs and long vowels."""
SECOND_PARTS: Final = _words(
    "aika ajoneuvo alue alenn analy arkist arvio arvo asema asetu asia auto avaus ehdok ehdot ehto elinkaar energia erittely esit "
    "ilmoit indeks innovaat investoin ohjau ohje oikai oikeu omaisuu omistu ongelm optio osa osoit otto ulko urakk urakoi yhdist "
    "yhteen yhtei yhteys yksik yleis ylläpi ympäris yritys yrityk älyk"
)
"""Beginnings of words that often end a compound and begin with a vowel: only there does the rule of syllables go wrong."""
LOANS: Final = _words("krit klust pros proj prot strat stand skena trans")
"""Beginnings with two consonants, which stay together."""


def patterns() -> Iterator[str]:
    """As hyphenation programs read them (F. M. Liang): an odd number lets a word be divided there, an even one forbids it."""
    yield from (f"1{consonant}{vowel}" for consonant in CONSONANTS for vowel in VOWELS)
    yield from (f"{one}1{other}" for one in VOWELS for other in VOWELS if one + other not in TOGETHER)
    for part in SECOND_PARTS:
        yield from (f"{vowel}3{part}" for vowel in VOWELS)
        yield from (f"2{consonant}3{part}" for consonant in "ns")
    for loan in LOANS:
        yield f"3{loan[0]}4" + (f"t4{loan[2:]}" if loan.startswith("st") else loan[1:])


def teach_finnish() -> None:
    """From now on whatever divides words in this process knows Finnish."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hyph_fi.dic"
        path.write_text("\n".join(("UTF-8", *patterns(), "")), encoding="utf-8")
        pyphen.LANGUAGES["fi"] = path
        pyphen.LANGUAGES_LOWERCASE["fi"] = "fi"
        pyphen.Pyphen(lang="fi")  # read once, and kept under the file's name
