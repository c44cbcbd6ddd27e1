"""How wide the columns of a table are: numbers and days never wrap, and words share the room that is left by how much they say."""

from collections.abc import Sequence
from math import ceil
from typing import Final

WHOLE: Final = 100
"""A line of the page in parts: the style sheet knows each width as so many hundredths (d-w-1 to d-w-100)."""
LINE: Final = 94.0
"""Figures that stand side by side on a whole line of a table, with a little kept back."""
BETWEEN: Final = 2.4
"""The room after a column, in figures; before words that follow a number there is as much again."""
UNBROKEN: Final = 12
"""A cell as short as that stays on one line; of a longer word so much at least, the rest may be hyphenated."""
COMFORT: Final = 26
"""A column of sentences wants that, and half of what its cells hold on the average."""
MOST: Final = 52
"""More than that no column wants before names and days beside it have what they want."""
NARROW: Final = frozenset("iljtfrI.,:;!|'()[]/- \N{NO-BREAK SPACE}")
WIDE: Final = frozenset("mwMWÄÖÅ@%")


def widths(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int]) -> tuple[int, ...]:
    """The width of each column in hundredths of the line, all together WHOLE."""
    columns = [[row[place] for row in rows if place < len(row)] for place in range(len(head))]
    rooms = [_room(place, head, numeric) for place in range(len(head))]
    least = [_least(name, cells, place in numeric) for place, (name, cells) in enumerate(zip(head, columns, strict=True))]
    wish = [
        max(low, _in_two_lines(name) if place in numeric else _wish(name, cells))
        for place, (name, cells, low) in enumerate(zip(head, columns, least, strict=True))
    ]
    free = LINE - sum(rooms)
    shared = _shared(free, least, wish, [place for place in range(len(head)) if place not in numeric])
    return _whole([part + room for part, room in zip(shared, rooms, strict=True)])


def _room(place: int, head: Sequence[str], numeric: Sequence[int]) -> float:
    after = 0.0 if place == len(head) - 1 else BETWEEN
    return after + (BETWEEN if place - 1 in numeric and place not in numeric else 0.0)


def _shared(free: float, least: Sequence[float], wish: Sequence[float], texts: Sequence[int]) -> list[float]:
    """Each has what it wishes and the words share the rest; where that is too much, the heads over numbers give way to the words,
    then everyone has its least and a share of the rest; and where even that is too much, the words alone give way."""
    if sum(wish) <= free:
        spare, said = free - sum(wish), sum(wish[place] for place in texts) or 1
        return [want + (spare * want / said if place in texts else 0) for place, want in enumerate(wish)]
    words_first = [want if place in texts else low for place, (want, low) in enumerate(zip(wish, least, strict=True))]
    for enough, more in ((words_first, wish), (least, words_first)):
        if sum(enough) <= free:
            return _stretched(enough, more, free)
    fixed = sum(low for place, low in enumerate(least) if place not in texts)
    said = sum(least[place] for place in texts) or 1
    return [max(free - fixed, 0) * low / said if place in texts else low for place, low in enumerate(least)]


def _stretched(least: Sequence[float], wish: Sequence[float], free: float) -> list[float]:
    """As much more than its least for each as fits, by what it lacks of its wish."""
    lacking = sum(wish) - sum(least)
    return [low + (free - sum(least)) * (want - low) / lacking for low, want in zip(least, wish, strict=True)]


def _least(name: str, cells: Sequence[str], number: bool) -> float:
    longest = max((_length(cell) for cell in cells), default=0)
    heading = max((min(_length(word) * 1.05, UNBROKEN) for word in name.split()), default=0)
    if number or longest <= UNBROKEN:
        return max(longest, heading)
    words = (word for cell in cells for word in cell.split())
    return max(heading, max(_length(word) if _is_number(word) else min(_length(word), UNBROKEN) for word in words))


def _wish(name: str, cells: Sequence[str]) -> float:
    lengths = [_length(cell) for cell in cells] or [0.0]
    return max(min(max(lengths), COMFORT + sum(lengths) / len(lengths) / 2, MOST), min(_length(name) * 1.05, COMFORT))


def _in_two_lines(name: str) -> float:
    """The width at which a head over numbers needs no third line and breaks no word; a very long one may."""
    words = name.split(" ")
    lines = ((" ".join(words[:place]), " ".join(words[place:])) for place in range(len(words)))
    return min(min(max(map(_length, pair)) for pair in lines) * 1.05, COMFORT)


def _is_number(word: str) -> bool:
    return not any(character.isalpha() for character in word)


def _length(text: str) -> float:
    """In figures: how much of the line it takes, about."""
    return sum(0.58 if one in NARROW else 1.5 if one in WIDE else 1.2 if one.isupper() else 1.03 for one in text)


def _whole(parts: Sequence[float]) -> tuple[int, ...]:
    """In hundredths that add up: rounded up, so that no number loses its room, at the expense of the widest."""
    total = sum(parts) or 1
    found = [max(1, ceil(part * WHOLE / total)) for part in parts]
    found[found.index(max(found))] += WHOLE - sum(found)
    return tuple(found) if min(found) > 0 else _alike(len(found))


def _alike(columns: int) -> tuple[int, ...]:
    return tuple(WHOLE * (place + 1) // columns - WHOLE * place // columns for place in range(columns))
