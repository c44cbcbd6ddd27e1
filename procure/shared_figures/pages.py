"""The figures of the cities that share theirs, in words: one list of parts for the page and the sheet, in the running language.

What may be shown is asked of domain.shared_figures for each number; nothing of one city alone is ever made.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from procure.domain import portfolio
from procure.domain.portfolio import LEGS, STATES, Tally
from procure.domain.shared_figures import enough, part_shown, shown, together
from procure.domain.stages import STOPPED
from procure.figures.pages import Part, Row
from procure.figures.words import Value
from procure.figures.words import number as written
from procure.portfolio import words
from procure.portfolio.pages import euros
from procure.shared_figures.queries import Cell
from procure.web import bars
from procure.web.bars import Item

MOST_BARS = 12

ByCity = Mapping[int, Tally]


@dataclass(frozen=True, slots=True)
class Report:
    """`cities` and `cases` that are behind the figures; None for what may not be shown."""

    cities: int
    cases: int | None
    value: int | None
    share: Decimal | None
    parts: tuple[Part, ...]


def number(value: Value, language: str) -> str:
    return _("not shown") if value is None else written(value, language)


def small_note() -> str:
    return _(
        "Not shown: fewer than three cities or five cases are behind the number, or such a number could be had by subtraction."
    )


def report(cells: Sequence[Cell], language: str) -> Report:
    """Every figure of the cities together."""
    cities = _merged(cells, lambda cell: cell.city)
    whole = portfolio.merged(_bare(cities))
    standing, valued = _support(cities, "cases", "all"), _support(cities, "cases", "valued")
    innovation = _innovation(cities, whole, language)
    parts = (
        innovation,
        _levels(cities, language),
        _states(cities, language),
        _procedures(cells, language),
        _themes(cities, whole, language),
        *(_lead(cells, cities, leg, language) for leg in LEGS),
        _spent(cities, whole, language),
    )
    share = innovation.rows[0].values[3]
    return Report(
        sum(1 for cases in standing.values() if cases),
        sum(standing.values()) if enough(standing) else None,
        euros(whole["value"]["all"]) if enough(valued) else None,
        share if isinstance(share, Decimal) else None,
        parts,
    )


def _merged(cells: Iterable[Cell], of: Callable[[Cell], int]) -> dict[int, Tally]:
    groups: dict[int, list[Mapping[str, Mapping[str, int]]]] = {}
    for cell in cells:
        groups.setdefault(of(cell), []).append(cell.tally)
    return {key: _tally(tallies) for key, tallies in groups.items()}


def _tally(tallies: Sequence[Mapping[str, Mapping[str, int]]]) -> Tally:
    """With the group `state` besides those of the portfolio."""
    found = portfolio.merged({group: counts for group, counts in tally.items() if group != "state"} for tally in tallies)
    states: dict[str, int] = {}
    for tally in tallies:
        for state, cases in tally.get("state", {}).items():
            states[state] = states.get(state, 0) + cases
    found["state"] = type(found["cases"])(states)
    return found


def _support(cities: ByCity, group: str, key: str = "") -> dict[int, int]:
    """City -> how many cases of the group: of one key, or of all of them."""
    return {city: tally[group][key] if key else sum(tally[group].values()) for city, tally in cities.items()}


def _row(label: str, support: Mapping[int, int], visible: bool, *values: Value) -> Row:
    """Cases, cities and the values, or that they are not shown."""
    if not visible:
        return Row(label, (None, None, *(None for _value in values)))
    return Row(label, (sum(support.values()), sum(1 for cases in support.values() if cases), *values))


def _part(part: str, heading: str, how: str, first: str, rows: Sequence[Row], language: str, *more: str, drawn: int = 0) -> Part:
    """`drawn`: the column that the bars show."""
    columns = (_("Cases"), _("Cities"), *more)
    bare = [row for row in rows if row.values[drawn]][:MOST_BARS]
    chart = bars.bars([Item(row.label, int(row.values[drawn] or 0), number(row.values[drawn], language)) for row in bare])
    said = "; ".join(f"{row.label}: {number(row.values[drawn], language)}" for row in bare)
    small = any(value is None for row in rows for value in row.values)
    title = f"{heading}: {columns[drawn]}" if bare else ""
    return Part(part, heading, how, first, columns, tuple(rows), chart if bare else None, title, said, small)


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-int(row.values[0] or 0), row.label))


# the parts


def _innovation(cities: ByCity, whole: Tally, language: str) -> Part:
    goal = Decimal(portfolio.GOAL)
    new, of_all = _support(cities, "innovative", "number"), _support(cities, "cases", "all")
    rows = [
        _row(
            _("By number of cases"), new, part_shown(new, of_all), sum(of_all.values()),
            portfolio.share(sum(new.values()), sum(of_all.values())) or Decimal("0.0"), goal,
        )
    ]  # fmt: skip
    part, rest = _valued(cities)
    money, all_money = whole["innovative"]["value"], whole["value"]["all"]
    share = portfolio.share(money, all_money) or Decimal("0.0")
    visible = enough(part) and enough(rest)
    by_value = (euros(money), sum(1 for cases in part.values() if cases), euros(all_money), share, goal)
    rows.append(Row(_("By value, euros"), by_value if visible else (None,) * 5))
    how = _(
        "Cases opened in the year, without cancelled ones. Innovative: as each city’s own answers on novelty say, by the definition of "
        "its portfolio. Value: the estimated value without VAT, where it is known. The goal of %(goal)s per cent of all procurement "
        "was the Government programme’s.",
        goal=portfolio.GOAL,
    )  # fmt: skip
    drawn = [(row.label, value) for row in rows if isinstance(value := row.values[3], Decimal)] + [(_("Goal"), goal)]
    chart = bars.bars([Item(label, int(value * 10), _percent(value, language)) for label, value in drawn])
    said = "; ".join(f"{label}: {_percent(value, language)}" for label, value in drawn)
    heading, small = _("Share of innovative procurement"), any(row.values[0] is None for row in rows)
    columns = (_("Innovative"), _("Cities"), _("All procurement"), _("Share, per cent"), _("Goal, per cent"))
    return Part(
        "innovation",
        heading,
        how,
        _("Counted how"),
        columns,
        tuple(rows),
        chart if len(drawn) > 1 else None,
        heading,
        said,
        small,
    )


def _valued(cities: ByCity) -> tuple[dict[int, int], dict[int, int]]:
    """At least how many cases with a value are innovative, and at least how many are not: what is kept does not say it exactly."""
    part, rest = {}, {}
    for city, tally in cities.items():
        count, valued, new = tally["cases"]["all"], tally["cases"]["valued"], tally["innovative"]["number"]
        part[city] = max(0, valued - (count - new)) or (1 if tally["innovative"]["value"] else 0)
        rest[city] = max(0, valued - new)
    return part, rest


def _percent(share: Decimal, language: str) -> str:
    return f"{written(share, language)}\N{NO-BREAK SPACE}%"


def _levels(cities: ByCity, language: str) -> Part:
    supports = {level: _support(cities, "level", level) for level in words.LEVEL_NAMES}
    visible = shown(supports)
    new = together(supports[level] for level in ("2", "3", "4"))
    if not part_shown(new, _support(cities, "innovative", "number")):  # with the share of innovation these would say more
        visible = frozenset()
    rows = [_row(str(name), supports[level], level in visible) for level, name in words.LEVEL_NAMES.items()]
    how = _("Each case at its highest level, from the answers on novelty. Cancelled cases are left out.")
    return _part("levels", _("How new"), how, _("Level"), rows, language)


def _states(cities: ByCity, language: str) -> Part:
    supports = {state: _support(cities, "state", state) for state in STATES}
    visible = set(shown({state: support for state, support in supports.items() if state != STOPPED}))
    if enough(supports[STOPPED]):
        visible.add(STOPPED)
    rows = [_row(str(words.STATE_NAMES[state]), supports[state], state in visible) for state in STATES]
    how = _("Where each case stands now. Cancelled cases are counted here only.")
    return _part("states", _("Cases by state"), how, _("State"), rows, language)


def _by_procedure(cells: Sequence[Cell]) -> dict[str, ByCity]:
    found: dict[str, dict[int, Tally]] = {}
    for cell in cells:
        found.setdefault(cell.procedure, {})[cell.city] = _tally([cell.tally])
    return dict(found)


def _procedures(cells: Sequence[Cell], language: str) -> Part:
    supports = {procedure: _support(cities, "cases", "all") for procedure, cities in _by_procedure(cells).items()}
    visible = shown(supports)
    rows = [
        _row(words.procedure_name(procedure, language), support, procedure in visible) for procedure, support in supports.items()
    ]
    how = _("The procedure that the case follows now.")
    return _part("procedures", _("Cases by procedure"), how, _("Procedure"), _most_first(rows), language)


def _themes(cities: ByCity, whole: Tally, language: str) -> Part:
    rows = []
    for theme in whole["theme"]:
        support = _support(cities, "theme", theme)
        rows.append(_row(words.theme_name(theme, language), support, enough(support)))
    how = _(
        "The shared themes that the case’s answers name. A case with several themes stands under each, so the sums are larger."
    )
    return _part("themes", _("Cases by theme"), how, _("Theme"), _most_first(rows), language)


def _lead(cells: Sequence[Cell], cities: ByCity, leg: str, language: str) -> Part:
    by_procedure = _by_procedure(cells)
    supports = {procedure: _support(found, leg) for procedure, found in by_procedure.items()}
    supports = {procedure: support for procedure, support in supports.items() if any(support.values())}
    visible = shown(supports)
    rows = [
        _row(
            words.procedure_name(procedure, language), support, procedure in visible,
            *_times(portfolio.merged(_bare(by_procedure[procedure])), leg),
        )
        for procedure, support in supports.items()
    ]  # fmt: skip
    rows = _most_first(rows)
    if rows:
        total = _support(cities, leg)
        rows.append(_row(_("All procedures"), total, enough(total), *_times(portfolio.merged(_bare(cities)), leg)))
    how = _(
        "Of the cases that have both days: half were done within the median, four in five within the 80th percentile. Days on hold are "
        "in it. Working days: the national calendar, without Saturdays, Sundays and holidays."
    )
    more = (
        _("Median, days"), _("80th percentile, days"), _("Median, working days"), _("80th percentile, working days"),
    )  # fmt: skip
    return _part(f"lead-{leg}", str(words.LEG_NAMES[leg]), how, _("Procedure"), rows, language, *more, drawn=2)


def _bare(cities: ByCity) -> list[Mapping[str, Mapping[str, int]]]:
    return [{group: tally[group] for group in portfolio.GROUPS} for tally in cities.values()]


def _times(tally: Tally, leg: str) -> tuple[Value, ...]:
    days, working = portfolio.time_of(tally[leg]), portfolio.time_of(tally[f"{leg}_working"])
    return (days.median, days.slow, working.median, working.slow)


def _spent(cities: ByCity, whole: Tally, language: str) -> Part:
    by_city = {city: portfolio.spent_by_stage(tally["spent"]) for city, tally in cities.items()}
    by_stage = portfolio.spent_by_stage(whole["spent"])
    rows = []
    for stage in (stage for stages in portfolio.PHASES.values() for stage in stages):
        if stage not in by_stage:
            continue
        support = {city: sum(found.get(stage, {}).values()) for city, found in by_city.items()}
        time = portfolio.time_of(by_stage[stage])
        rows.append(_row(words.stage_name(stage, language), support, enough(support), time.median, time.slow))
    how = _("Of the cases that have passed the stage: working days in it, all visits together, without the days on hold.")
    more = (_("Median, working days"), _("80th percentile, working days"))
    return _part("spent", _("Time per stage"), how, _("Stage"), rows, language, *more, drawn=2)
