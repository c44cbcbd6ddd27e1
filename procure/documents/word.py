"""A document as a Word file, for those who go on writing it there: the same page, with real headings, lists and tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from procure.documents.parts import (
    Block,
    ChartBlock,
    DocumentPage,
    Fact,
    Facts,
    Figure,
    Paragraph,
    Points,
    Prose,
    Table,
    Text,
)  # fmt: skip
from procure.domain.language import LOCALES
from procure.domain.marking import BULLET, Listing, Marked, Run, Subheading
from procure.infra import word
from procure.infra.word import attribute, said

LANGUAGE_TAGS: Final = {"fi": "fi-FI", "sv": "sv-FI", "en": LOCALES["en"].replace("_", "-")}
"""The languages of the network's texts as Word calls them: Swedish is that of Finland."""
FACT_WIDTHS: Final = (3000, 6242)
CITED_WIDTHS: Final = (2900, 4542, 1800)
LEAST, MOST = 8, 40
"""Characters that a column is counted with."""
ROW_BY_HAND: Final = 510
BETWEEN: Final = "  \N{MIDDLE DOT}  "
_ASIDE: Final = '<w:rStyle w:val="Aside"/>'
_TAB: Final = "<w:r><w:tab/></w:r>"


def made(page: DocumentPage) -> bytes:
    """The file. The same page gives the same bytes. Drawings are left out: the table beside each has the same facts."""
    tag = LANGUAGE_TAGS[page.language]
    body = _Body(page.language).whole(page)
    return word.packed(body, word.Properties(page.window_title, page.city, tag, date.fromisoformat(page.created)))


def _run(text: str, properties: str = "") -> str:
    shaped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shaped}<w:t xml:space="preserve">{said(text)}</w:t></w:r>' if text else ""


def _aside(text: str) -> str:
    return _run(f" {text}", _ASIDE) if text else ""


def _paragraph(style: str, runs: str, more: str = "") -> str:
    """`more`: properties that come after the style in the order of the standard."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _language(language: str) -> str:
    return f'<w:lang w:val="{LANGUAGE_TAGS[language]}"/>'


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _header(page: DocumentPage) -> str:
    """On every page whose and what it is, that it is a draft, its case and its day."""
    marks = filter(None, (page.status if page.draft else "", page.reference, page.dated))
    return _paragraph("Header", _run(f"{page.city}{BETWEEN}{page.name}") + _TAB + _run(BETWEEN.join(marks)))


def _footer(page: DocumentPage) -> str:
    return _paragraph("Footer", _run(page.printed) + _TAB + _field("PAGE") + _run(" / ") + _field("NUMPAGES"))


@dataclass(slots=True)
class _Body:
    """Writes the parts one after the other and gives numbers to lists and links on the way."""

    language: str
    numbers: list[str] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)

    def whole(self, page: DocumentPage) -> word.Body:
        parts = [
            _paragraph("Title", _run(page.name)),
            _paragraph("Subtitle", self._line(" ".join(page.title.paragraphs), page.title.language)),
            self._pairs(page.facts),
            self._pairs(tuple((tile.label, ", ".join(filter(None, (tile.value, tile.detail)))) for tile in page.tiles)),
            _paragraph("Lead", _run(page.lead)) if page.lead else "",
        ]
        for section in page.sections:
            parts.append(_paragraph("Heading1", _run(section.heading) + _aside(section.citation)))
            parts += [self._block(block, section.heading) for block in section.blocks]
        if page.sources:
            parts += [
                _paragraph("Heading1", _run(page.sources_heading)),
                _paragraph("Normal", _run(page.sources_intro)),
                self._table(page.sources, page.sources_heading),
            ]
        elif page.sources_intro:
            parts.append(_paragraph("Note", _run(page.sources_intro)))
        return word.Body("".join(parts), _header(page), _footer(page), self.numbers, tuple(self.links))

    def _line(self, text: str, language: str) -> str:
        return _run(text, "" if language == self.language else _language(language))

    def _block(self, block: Block, heading: str) -> str:
        match block:
            case Facts(rows):
                return self._facts(rows, heading)
            case Prose(fact):
                above = _paragraph("Heading2", _run(fact.label) + _aside(fact.citation)) if fact.label else ""
                return above + self._text(fact.text, "Heading3" if fact.label else "Heading2")
            case Paragraph(text, strong, citation):
                return _paragraph("Important" if strong else "Normal", _run(text) + _aside(citation))
            case Points(above, points):
                lines = (
                    _run(point.text) + _aside(point.citation) + _aside(f"({point.note})" if point.note else "")
                    for point in points
                )
                return (_paragraph("Heading2", _run(above)) if above else "") + "".join(
                    self._in_list(line, BULLET, word.BULLETS, 0) for line in lines
                )
            case Table():
                return self._table(block, heading)
            case Figure() | ChartBlock():
                return ""

    def _text(self, text: Text, subheading: str, style: str = "Normal") -> str:
        note = f"({text.foreign})" if text.foreign else ""
        if text.marked:
            parts = [self._marked(block, text.language, subheading, style) for block in text.marked]
            return "".join(parts) + (_paragraph("Note", _run(note)) if note else "")
        last = len(text.paragraphs) - 1
        look = _ASIDE if text.absent else ""
        if text.language != self.language:
            look += _language(text.language)
        return "".join(
            _paragraph(style, _run(line, look) + (_aside(note) if place == last else ""))
            for place, line in enumerate(text.paragraphs)
        )

    def _marked(self, block: Marked, language: str, subheading: str, style: str) -> str:
        if isinstance(block, Listing):
            return self._listing(block, language, 0)
        return _paragraph(subheading if isinstance(block, Subheading) else style, self._runs(block.runs, language))

    def _runs(self, runs: Iterable[Run], language: str) -> str:
        found = []
        for run in runs:
            look = '<w:rStyle w:val="Hyperlink"/>' if run.href else ""
            look += "<w:b/>" if run.strong else ""
            look += "<w:i/>" if run.emphasis else ""
            look += "" if language == self.language else _language(language)
            words = _run(run.text, look)
            if run.href:
                place = self.links.setdefault(run.href, len(self.links))
                words = f'<w:hyperlink r:id="{word.link_id(place)}" w:history="1">{words}</w:hyperlink>'
            found.append(words)
        return "".join(found)

    def _listing(self, listing: Listing, language: str, level: int) -> str:
        number = word.BULLETS
        if listing.mark != BULLET:
            self.numbers.append(listing.mark)
            number = word.BULLETS + len(self.numbers)
        found = []
        for item in listing.items:
            for place, block in enumerate(item.blocks):
                if isinstance(block, Listing):
                    found.append(self._listing(block, language, level + 1))
                elif place:
                    found.append(_paragraph(_level("ListContinue", level), self._runs(block.runs, language)))
                else:
                    found.append(self._in_list(self._runs(block.runs, language), listing.mark, number, level))
        return "".join(found)

    def _in_list(self, runs: str, mark: str, number: int, level: int) -> str:
        style = _level("ListBullet" if mark == BULLET else "ListNumber", level)
        return _paragraph(style, runs, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self._facts([Fact(label, Text((value,), self.language)) for label, value in pairs], "") if pairs else ""

    def _facts(self, rows: Sequence[Fact], title: str) -> str:
        cited = any(fact.citation for fact in rows)
        found = []
        for fact in rows:
            cells = [_paragraph("TableText", _run(fact.label)), self._text(fact.text, "TableText", "TableText")]
            if cited:
                cells.append(_paragraph("TableText", _run(fact.citation, _ASIDE)))
            found.append(cells)
        return _table("DocumentTable", found, CITED_WIDTHS if cited else FACT_WIDTHS, title)

    def _table(self, table: Table, heading: str) -> str:
        """The first row is repeated on each page."""
        lines = [list(table.head), *map(list, table.rows), *([list(table.foot)] if table.foot else [])]
        right = '<w:jc w:val="right"/>'
        cells = [
            [_paragraph("TableText", _run(cell), right if place in table.numeric else "") for place, cell in enumerate(line)]
            for line in lines
        ]
        shown = _table(
            "FormTable" if table.by_hand else "DocumentTable", cells, _widths(lines, table.by_hand), table.caption or heading,
            head=True, foot=bool(table.foot), height=ROW_BY_HAND if table.by_hand else 0,
        )  # fmt: skip
        return (_paragraph("Caption", _run(table.caption)) if table.caption else "") + shown


def _level(style: str, level: int) -> str:
    return f"{style}2" if level else style


def _widths(lines: Sequence[Sequence[str]], even: bool) -> list[int]:
    """Columns by their longest cell, within bounds; rows by hand are as wide as each other."""
    longest: Callable[[Any], int] = (lambda _cells: 1) if even else (lambda cells: min(max(max(map(len, cells)), LEAST), MOST))
    shares = [longest(cells) for cells in zip(*lines, strict=True)]
    return [word.WIDTH * share // sum(shares) for share in shares]


def _table(
    style: str, rows: Sequence[Sequence[str]], widths: Sequence[int], title: str, *, head: bool = False, foot: bool = False,
    height: int = 0,
) -> str:  # fmt: skip
    """A table and the little room after it, without which Word joins it to the next."""
    look = (
        f'<w:tblLook w:firstRow="{head:d}" w:lastRow="{foot:d}" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    named = f"<w:tblCaption w:val={attribute(title)}/>" if title else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = []
    for place, cells in enumerate(rows):
        kept = "<w:cantSplit/>"
        if height and place:
            kept += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>'
        if head and not place:
            kept += "<w:tblHeader/>"
        filled = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for cell, width in zip(cells, widths, strict=True)
        )
        lines.append(f"<w:tr><w:trPr>{kept}</w:trPr>{filled}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{look}{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>{_paragraph('AfterTable', '')}"
    )
