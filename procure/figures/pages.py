"""The figures in words: one list of parts, which the page, the document and the sheet all show. Words come in the running language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from procure.catalogue.calendar import finnish
from procure.domain import figures
from procure.domain.figures import AGES, ALL_CITIES, ALL_TOPICS, MARKS, OUTCOMES, Mean, Period, Speed, Tally
from procure.figures.queries import Cell, City, Counts
from procure.figures.words import KINDS, MARK_NAMES, OUTCOME_NAMES, Value, age_name, month_name, number, product_name, topic_name
from procure.web import bars
from procure.web.bars import Chart, Item

MOST_MONTHS: Final = 24
"""Longer periods are shown by year."""
MOST_BARS: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """`values` stand under the part's columns; None for what is not said of fewer than five. `link`: what to ask of the list of requests
    behind the row; None where there is none."""

    label: str
    values: tuple[Value, ...]
    link: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One figure: what is counted how, the table, and a drawing of the table's first column."""

    id: str
    heading: str
    how: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    chart_title: str = ""
    chart_text: str = ""
    small: bool = False
    """Whether a value is left out because too few requests are behind it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the figures are of. `since`: the first month there is."""

    period: Period
    topic: str
    city: City | None
    since: date

    @property
    def city_id(self) -> int:
        return self.city.id if self.city else ALL_CITIES

    def query(self, **more: str) -> dict[str, str]:
        """The same choice as an address says it."""
        found = {"period": self.period.id, "topic": self.topic, "city": self.city.code if self.city else ""} | more
        return {name: value for name, value in found.items() if value}

    def days(self) -> dict[str, str]:
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Material:
    """All that the parts are made from. `articles`: how the articles that helped are called."""

    chosen: Chosen
    cells: Sequence[Cell]
    open_cells: Sequence[Counts]
    cities: Sequence[City]
    people: Mapping[int, str]
    articles: Mapping[int, str]
    today: date
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    asked: int
    open: int
    first: Speed
    opinion: Speed
    parts: tuple[Part, ...]


def report(material: Material) -> Report:
    """Every figure of the chosen requests."""
    chosen = material.chosen
    whole = [cell for cell in material.cells if cell.topic == chosen.topic and cell.city == chosen.city_id]
    tally = figures.merged(cell.tally for cell in whole)
    present = figures.merged(material.open_cells)
    parts = [
        _months(material, whole),
        *([_topics(material)] if chosen.topic == ALL_TOPICS else []),
        *([_cities(material)] if chosen.city is None else []),
        _kinds(material, tally),
        _products(material, tally),
        _speeds(material, tally),
        _ages(material, present),
        _experts(material, tally, present),
        _outcomes(material, tally),
        _marks(tally),
        *([_articles(material, tally)] if tally["article"] else []),
    ]
    return Report(
        figures.asked(tally),
        present["open"].total(),
        figures.speed(tally["first"]),
        figures.speed(tally["opinion"]),
        tuple(parts),
    )


def people_of(cells: Iterable[Cell], open_cells: Iterable[Counts]) -> set[int]:
    """Whose names the parts need."""
    groups = [cell.tally.get(group, {}) for cell in cells for group in ("answered", "declined")]
    groups += [tally.get("held", {}) for tally in open_cells]
    return {int(person) for counts in groups for person in counts}


def articles_of(cells: Iterable[Cell]) -> set[int]:
    return {int(article) for cell in cells for article in cell.tally.get("article", {})}


# the parts


def _speed_columns() -> tuple[str, ...]:
    return (
        _("Requests"), _("First answer: median"), _("First answer: 90th percentile"), _("Opinion: median"),
        _("Opinion: 90th percentile"),
    )  # fmt: skip


def _values(tally: Tally) -> tuple[Value, ...]:
    first, opinion = figures.speed(tally["first"]), figures.speed(tally["opinion"])
    return (figures.asked(tally), first.median, first.slow, opinion.median, opinion.slow)


def _how_fast() -> str:
    return _(
        "By the day asked. Working days from the day asked to the first answer and to the opinion, holidays left out: half of the requests "
        "had it within the median, nine in ten within the 90th percentile. Requests still without an answer are not in the times, and "
        "a merged request counts once."
    )


def _part(part: str, heading: str, how: str, first: str, columns: tuple[str, ...], rows: Iterable[Row], language: str) -> Part:
    """With bars of the first column, the most first where the rows have no order of their own; of people and articles only those that
    have any."""
    found = tuple(rows)
    shown = tuple(row for row in found if _whole(row))[:MOST_BARS] if part in ("experts", "articles") else found
    chart = bars.bars([Item(row.label, _whole(row), number(row.values[0], language)) for row in shown])
    return _drawn(Part(id=part, heading=heading, how=how, first=first, columns=columns, rows=found), chart, shown, language)


def _drawn(part: Part, chart: Chart, shown: Sequence[Row], language: str) -> Part:
    said = "; ".join(f"{row.label}: {number(row.values[0], language)}" for row in shown[:MOST_BARS])
    drawn = chart if any(_whole(row) for row in shown) else None
    small = any(value is None for row in part.rows for value in row.values)
    return Part(
        part.id,
        part.heading,
        part.how,
        part.first,
        part.columns,
        part.rows,
        drawn,
        f"{part.heading}: {part.columns[0]}",
        said,
        small,
    )


def _whole(row: Row) -> int:
    return int(row.values[0] or 0)


def _by(cells: Iterable[Cell], of: Callable[[Cell], Any]) -> dict[Any, Tally]:
    groups: dict[Any, list[Counts]] = {}
    for cell in cells:
        groups.setdefault(of(cell), []).append(cell.tally)
    return {name: figures.merged(tallies) for name, tallies in groups.items()}


def _months(material: Material, whole: Sequence[Cell]) -> Part:
    chosen, language = material.chosen, material.language
    months = chosen.period.months
    yearly = len(months) > MOST_MONTHS
    found = _by(whole, lambda cell: cell.month.replace(month=1) if yearly and cell.month else cell.month)
    rows, items = [], []
    for first in dict.fromkeys(month.replace(month=1) if yearly else month for month in months):
        last = date(first.year, 12, 31) if yearly else figures.month_end(first)
        label = str(first.year) if yearly else month_name(first, language)
        values = _values(found.get(first) or figures.merged([]))
        days = {"from": first.isoformat(), "to": last.isoformat()}
        rows.append(Row(label, values, chosen.query(**days)))
        word, group = (str(first.year), "") if yearly else (str(first.month), str(first.year))
        items.append(Item(word, int(values[0] or 0), number(values[0], language), group))
    part = Part(
        id="months", heading=_("Requests by year") if yearly else _("Requests by month"), how=_how_fast(),
        first=_("Year") if yearly else _("Month"), columns=_speed_columns(), rows=tuple(rows),
    )  # fmt: skip
    return _drawn(part, bars.columns(items), rows, language)


def _topics(material: Material) -> Part:
    chosen, language = material.chosen, material.language
    found = _by([cell for cell in material.cells if cell.topic], lambda cell: cell.topic)
    rows = [
        Row(topic_name(topic, language), _values(tally), chosen.query(topic=topic, **chosen.days()))
        for topic, tally in found.items()
    ]
    return _part("topics", _("Requests by topic"), _how_fast(), _("Topic"), _speed_columns(), _most_first(rows), language)


def _cities(material: Material) -> Part:
    chosen, language = material.chosen, material.language
    known = {city.id: city for city in material.cities}
    found = _by([cell for cell in material.cells if cell.city in known], lambda cell: cell.city)
    rows = [
        Row(known[city].names[language], _values(tally), chosen.query(city=known[city].code, **chosen.days()))
        for city, tally in found.items()
    ]
    return _part("cities", _("Requests by city"), _how_fast(), _("City"), _speed_columns(), _most_first(rows), language)


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-_whole(row), row.label))


def _kinds(material: Material, tally: Tally) -> Part:
    chosen = material.chosen
    rows = [
        Row(str(KINDS.get(kind, kind)), (count,), chosen.query(kind=kind, **chosen.days()))
        for kind, count in tally["kind"].items()
    ]
    how = _("By the day asked: what kind of support the city asked for.")
    return _part("kinds", _("Requests by kind"), how, _("Kind"), (_("Requests"),), _most_first(rows), material.language)


def _products(material: Material, tally: Tally) -> Part:
    chosen, language = material.chosen, material.language
    rows = [
        Row(product_name(product, language), (count,), chosen.query(product=product or "none", **chosen.days()))
        for product, count in tally["product"].items()
    ]
    how = _("By the day asked: which product of the support catalogue the city chose.")
    return _part("products", _("Requests by product"), how, _("Product"), (_("Requests"),), _most_first(rows), language)


def _speeds(material: Material, tally: Tally) -> Part:
    """How many had their opinion within how long."""
    days = {int(day): count for day, count in tally["opinion"].items()}
    first = {int(day): count for day, count in tally["first"].items()}
    rows = [Row(age_name(age), (_between(days, age), _between(first, age))) for age in AGES]
    how = _(
        "By the day asked: in how many working days the opinion, and the first answer, came. The first answer is the first thing that "
        "the network wrote to the city; where nothing came before the opinion, it is the opinion. Requests still without one are not in it."
    )
    columns = (_("Opinions"), _("First answers"))
    return _part("speed", _("Time to opinion and first answer"), how, _("In how long"), columns, rows, material.language)


def _between(counts: Mapping[int, int], age: tuple[int, int | None]) -> int:
    return sum(count for day, count in counts.items() if day >= age[0] and (age[1] is None or day <= age[1]))


def _ages(material: Material, present: Tally) -> Part:
    chosen, calendar = material.chosen, finnish()
    rows = []
    for age, count in zip(AGES, figures.ages(present["open"], material.today, calendar), strict=True):
        first, last = figures.asked_between(age, material.today, calendar)
        days = {"from": first.isoformat() if first else chosen.since.isoformat(), "to": last.isoformat()}
        rows.append(Row(age_name(age), (count,), chosen.query(what="open", **days)))
    how = _("All that are open today, whenever they were asked: working days since the day asked.")
    return _part("ages", _("Open requests by age"), how, _("Time since asked"), (_("Open requests"),), rows, material.language)


def _experts(material: Material, tally: Tally, present: Tally) -> Part:
    chosen = material.chosen
    people = set(tally["answered"]) | set(tally["declined"]) | set(present["held"])
    rows = []
    for person in people:
        name = material.people.get(int(person), person)
        values = (present["held"][person], tally["answered"][person], tally["declined"][person])
        rows.append(Row(name, values, chosen.query(what="held", expert=person)))
    rows.sort(key=lambda row: (-_whole(row), -int(row.values[1] or 0), row.label))
    how = _(
        "Open: with the expert today. Opinions: issued in the period. Declined: requests that the expert let go in the period, because "
        "of a conflict of interest or for another reason."
    )
    columns = (_("Open now"), _("Opinions issued"), _("Requests declined"))
    return _part("experts", _("Load by expert"), how, _("Expert"), columns, rows, material.language)


def _outcomes(material: Material, tally: Tally) -> Part:
    rows = [
        Row(
            str(OUTCOME_NAMES[outcome]),
            (tally["outcome"][outcome],),
            material.chosen.query(what="reviewed", **material.chosen.days()),
        )
        for outcome in OUTCOMES
    ]
    how = _("By the day asked: what the city says it did with the opinion. Its last word counts.")
    return _part("outcomes", _("What became of the opinions"), how, _("Outcome"), (_("Requests"),), rows, material.language)


def _marks(tally: Tally) -> Part:
    means: dict[str, Mean] = {name: figures.mean(tally[name]) for name in MARKS}
    rows = tuple(Row(str(MARK_NAMES[name]), (means[name].value, means[name].count)) for name in MARKS)
    how = _("By the day asked: the mean of the marks 1 to 5 that the cities gave, and how many gave one.")
    columns = (_("Mean mark"), _("Marks given"))
    small = any(mean.value is None for mean in means.values())
    return Part("marks", _("How satisfied the cities are"), how, _("Question"), columns, rows, small=small)


def _articles(material: Material, tally: Tally) -> Part:
    rows = [Row(material.articles.get(int(article), article), (count,)) for article, count in tally["article"].items()]
    how = _("By the day on which somebody said that an article helped.")
    return _part(
        "articles", _("Articles that helped"), how, _("Article"), (_("Times helped"),), _most_first(rows), material.language
    )
