"""What the pages of a city's letterhead show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.domain.language import LANGUAGES
from procure.domain.letterheads import ALIKE, IN_LANGUAGES, Letterhead, Logo, holding
from procure.letterheads.models import CityLetterhead
from procure.letterheads.queries import letterhead_of
from procure.web.language import NAMES

NAMED: Final[dict[str, Any]] = {
    "unit": _l("Unit"), "street": _l("Street or post office box"), "post_code": _l("Post code"), "place": _l("Post town"),
    "phone": _l("Telephone"), "email": _l("E-mail"), "web": _l("Web address"), "business_id": _l("Business ID"),
    "registry": _l("Registry’s address"), "footer": _l("Line at the foot of each page"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the history. `stands`: `now`, `later` or `over`; `tells`: label and text of all that it says."""

    edition: int
    valid_from: date
    stands: str
    saved_at: datetime
    saved_by: str
    logo: Logo | None
    both_names: bool
    empty: bool
    tells: tuple[tuple[str, str], ...]


def lines(rows: Sequence[CityLetterhead], today: date) -> list[EditionLine]:
    """In the order of the rows, the newest first."""
    found = [letterhead_of(row) for row in rows]
    now = holding(found, today)
    return [
        EditionLine(
            one.edition, one.valid_from, "now" if one is now else "later" if one.valid_from > today else "over", row.saved_at,
            row.saved_by, one.logo, one.both_names, one.empty, tells(one),
        )
        for row, one in zip(rows, found, strict=True)
    ]  # fmt: skip


def tells(letterhead: Letterhead) -> tuple[tuple[str, str], ...]:
    """What an edition says, in every language in which it says it."""
    found: list[tuple[str, str]] = []
    for name, label in NAMED.items():
        if name in IN_LANGUAGES:
            texts = letterhead.words.get(name, {})
            found += [(f"{label} ({NAMES[code]})", texts[code]) for code in LANGUAGES if code in texts]
        elif name in ALIKE and letterhead.facts.get(name):
            found.append((str(label), letterhead.facts[name]))
    if letterhead.both_names:
        found.append((_("The city’s name"), _("Finnish and Swedish side by side")))
    return tuple(found)
