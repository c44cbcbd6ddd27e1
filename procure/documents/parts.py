"""What a document is made of: frozen records that the templates lay out and decide nothing about."""

from dataclasses import dataclass

from procure.documents.columns import widths
from procure.domain.letterheads import Logo
from procure.domain.marking import Marked
from procure.web.bars import Chart
from procure.web.timeline import Drawing


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, or a value in words. `language` is the language it is in, which may not be the document's."""

    paragraphs: tuple[str, ...]
    """The lines as they were typed, marks and all: what is kept of an issued document is compared by them."""
    language: str
    foreign: str = ""
    """ "written in Finnish", when it is not in the document's language."""
    absent: bool = False
    """A placeholder: there is nothing to say yet."""
    marked: tuple[Marked, ...] = ()
    """The same lines with their lists, sub-headings and emphasis; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: Text
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A line of a list, the section of law behind it, and how sure it is when that must be said."""

    text: str
    citation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts, label and value side by side."""

    rows: tuple[Fact, ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Prose:
    """A longer text under its own small heading; no heading when the section's says it all."""

    fact: Fact
    kind: str = "prose"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    strong: bool = False
    """To be seen by everybody: framed."""
    citation: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Points:
    heading: str
    points: tuple[Point, ...]
    kind: str = "points"


@dataclass(frozen=True, slots=True)
class Table:
    """`numeric`: numbers of the columns that hold amounts. No caption where the section's heading says it. The empty cells of a
    table `by_hand` are to be written in."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    by_hand: bool = False
    foot: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Where the first cell of each row leads; none where the table is no list of contents."""
    kind: str = "table"

    @property
    def widths(self) -> tuple[int, ...]:
        """Of each column, in hundredths of the line."""
        return widths(self.head, (*self.rows, self.foot) if self.foot else self.rows, self.numeric)


@dataclass(frozen=True, slots=True)
class Figure:
    """A timetable as a drawing. `alternative` says in words what it shows, `legend` what its signs mean; the table after it has the
    same days."""

    drawing: Drawing
    alternative: str
    legend: str
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """Numbers as bars or columns. `title` says what is drawn, `description` what it shows; the table after it has the same numbers."""

    id: str
    chart: Chart
    title: str
    description: str
    kind: str = "chart"


Block = Facts | Prose | Paragraph | Points | Table | Figure | ChartBlock


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]
    citation: str = ""
    """The section of law that asks for this part."""
    beside: bool = False
    """Stands in the narrow column of a one-page document, next to the section before it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure of the one-page document. `light`: red, yellow, green, grey or ""; `word` says the same."""

    label: str
    value: str
    detail: str = ""
    light: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage on the timeline, in the drawing's units."""

    x: float
    width: float
    state: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A timeline one line high, 660 units wide. `alternative` says in words what it shows."""

    bars: tuple[Bar, ...]
    today: float
    first: str
    last: str
    today_word: str
    steps: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, at the top of the first page. `full`: with the contact block, for people outside the city."""

    edition: int
    full: bool
    names: tuple[Named, ...]
    """The city's, that of the document's language first."""
    unit: str = ""
    columns: tuple[tuple[str, ...], ...] = ()
    """Of the contact block, each with its lines."""
    footer: str = ""
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document, ready to be laid out on the screen or on paper."""

    kind: str
    language: str
    name: str
    title: Text
    city: str
    reference: str
    status: str
    draft: bool
    dated: str
    """The date in words, as the head of each page shows it."""
    created: str
    """The same as ISO, for the file's metadata."""
    printed: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    sources: Table | None
    sources_heading: str = ""
    sources_intro: str = ""
    lead: str = ""
    tiles: tuple[Tile, ...] = ()
    strip: Strip | None = None
    strip_heading: str = ""
    letterhead: Letterhead | None = None
    apart: Fact | None = None
    """What tells it apart from other documents of its kind in the same case."""

    @property
    def window_title(self) -> str:
        """What a reader shows in its window, and the first words of the page's title."""
        apart = " ".join(self.apart.text.paragraphs) if self.apart else ""
        name = f"{self.name}, {apart}" if apart else self.name
        return f"{name}: {' '.join(self.title.paragraphs)} ({self.reference})"

    @property
    def one_page(self) -> bool:
        return bool(self.tiles)
