"""Money as it is written: a plain decimal in euros without VAT. Never a float, never scientific notation."""

import re
from decimal import Decimal
from typing import Final

WHOLE_DIGITS: Final = 15
CENT_DIGITS: Final = 2
_PLAIN: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?")


def parse(text: str) -> Decimal:
    """The amount in `text`, such as "350000" or "350000.50".

    At most 15 digits before the point and two after; no sign, no spaces, no exponent, no other digits than 0–9. ValueError for
    everything else, however long it is: the text is matched before any number is made of it.
    """
    if _PLAIN.fullmatch(text) is None:
        raise ValueError("not a plain decimal")
    return Decimal(text)


def plain(amount: Decimal) -> str:
    """The amount as `parse` reads it, with the decimals it was given with."""
    return format(amount, "f")
