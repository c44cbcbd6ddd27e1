"""What procurements brought, in words: tenders, standstill, reviews, savings and emissions. Words come in the running language."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.catalogue import results as catalogue
from procure.domain import portfolio, reviews
from procure.domain.brought import PARTS
from procure.domain.portfolio import Tally
from procure.domain.results import ACHIEVED, CO2, CONTRACT, EXPECTED, SAVINGS, YEAR
from procure.figures.pages import Part, Row
from procure.portfolio import words
from procure.portfolio.parts import part_of, table_of

Query = Callable[..., dict[str, str]]
"""`pages.Chosen.query`."""

MANY: Final = 5
"""So many tenders and more stand in one line."""
SUM_NAMES: Final = {
    (EXPECTED, YEAR): _l("Expected, a year"), (EXPECTED, CONTRACT): _l("Expected, whole contract period"),
    (ACHIEVED, YEAR): _l("Achieved, a year"), (ACHIEVED, CONTRACT): _l("Achieved, whole contract period"),
}  # fmt: skip
GROUP_NAMES: Final = {
    reviews.ENDED: _l("Withdrawn, dismissed, lapsed or referred back"), reviews.REJECTED: _l("Rejected: the decision stood"),
    reviews.UPHELD: _l("Upheld in whole or in part, or rectified"),
}  # fmt: skip


def parts(query: Query, by_procedure: Mapping[str, Tally], whole: Tally, language: str) -> tuple[Part, ...]:
    """In the order of a procurement."""
    return (
        _tenders(query, by_procedure, whole, language),
        _spread(whole, language),
        _single(query, whole),
        _standstill(query, whole),
        _reviewed(query, whole),
        _reviews(query, whole, language),
        _outcomes(whole, language),
        _sums(query, SAVINGS, whole),
        _sums(query, CO2, whole),
    )


def _competitions(tally: Tally) -> tuple[int, int | None, int, Decimal]:
    """How many lots or procurements were counted, the median of tenders, those with one, and their share in per cent."""
    counts = tally["tenders"]
    number, one = sum(counts.values()), counts["1"]
    return number, portfolio.time_of(counts).median, one, portfolio.share(one, number) or Decimal("0.0")


def _tenders(query: Query, found: Mapping[str, Tally], whole: Tally, language: str) -> Part:
    rows = [
        Row(
            words.procedure_name(procedure, language), (tally["tendered"]["cases"], *_competitions(tally)),
            query(procedure=procedure, what="tendered"),
        )
        for procedure, tally in found.items()
        if tally["tendered"]["cases"]
    ]  # fmt: skip
    rows.sort(key=lambda row: (-int(row.values[0] or 0), row.label))
    if rows:
        rows.append(Row(_("All procedures"), (whole["tendered"]["cases"], *_competitions(whole)), query(what="tendered")))
    how = _(
        "Of the cases in which the numbers of tenders have been recorded, once their period was over. Each lot that was counted is one "
        "competition, else the whole procurement; of several rounds the first one counts, as later ones have fewer tenders."
    )
    columns = (
        _("Cases"),
        _("Lots or procurements"),
        _("Median, tenders"),
        _("With one tender"),
        _("Share with one tender, per cent"),
    )
    return part_of("tenders", _("Tenders per procurement"), how, _("Procedure"), columns, rows, language, drawn=2)


def _spread(whole: Tally, language: str) -> Part:
    counts = {int(number): count for number, count in whole["tenders"].items()}
    names = {0: _("No tender"), 1: _("One tender")} | {
        number: _("%(number)s tenders", number=number) for number in range(2, MANY)
    }
    rows = [Row(name, (counts.get(number, 0),)) for number, name in names.items()]
    many = sum(count for number, count in counts.items() if number >= MANY)
    rows.append(Row(_("%(number)s tenders or more", number=MANY), (many,)))
    how = _("The same competitions by how many tenders came in.")
    columns = (_("Lots or procurements"),)
    found = rows if counts else []
    return part_of("tenders-spread", _("Competitions by number of tenders"), how, _("Tenders"), columns, found, language)


def _single(query: Query, whole: Tally) -> Part:
    number, single = whole["tendered"]["cases"], whole["tendered"]["single"]
    rows = [Row(_("One tender only"), (single, number, portfolio.share(single, number) or Decimal("0.0")), query(what="single"))]
    how = _("Cases in which one tender came in for the procurement or for at least one of its lots, of all cases with numbers.")
    columns = (_("Cases"), _("Cases with numbers of tenders"), _("Share, per cent"))
    return table_of("single", _("Cases with one tender only"), how, _("What"), columns, rows if number else [])


def _standstill(query: Query, whole: Tally) -> Part:
    time = portfolio.time_of(whole["standstill_days"])
    rows = [Row(_("Standstill waited out"), (time.count, time.median, time.slow), query(what="standstill"))]
    how = _(
        "Calendar days from the day on which the stage of the standstill was entered to the day on which it was completed; the law "
        "asks for 14 or 10 days from the receipt of the decision (129 §)."
    )
    columns = (_("Cases"), _("Median, days"), _("80th percentile, days"))
    return table_of("standstill-days", _("Length of the standstill"), how, _("What"), columns, rows if time.count else [])


def _reviewed(query: Query, whole: Tally) -> Part:
    cases, zero = whole["review_cases"], Decimal("0.0")
    awarded = cases["awarded"]
    rows = [
        Row(
            name, (cases[what], cases[f"awarded_{what}"], awarded, portfolio.share(cases[f"awarded_{what}"], awarded) or zero),
            query(what=what),
        )
        for what, name in (("reviewed", _("Any review")), ("stayed", _("The contract waited for it")))
    ]  # fmt: skip
    how = _(
        "Rectification, demanded or by own motion (132–135 §), and appeals, as recorded in the cases. Share: of the cases in which the "
        "award decision has been made. The contract waited: by the Act itself (150 §) or by a court’s order, also where it was lifted "
        "later."
    )
    columns = (_("Cases"), _("Of them with an award decision"), _("All cases with an award decision"), _("Share, per cent"))
    return table_of(
        "reviewed", _("Share of cases with a review"), how, _("What"), columns, rows if awarded or cases["reviewed"] else []
    )


def _reviews(query: Query, whole: Tally, language: str) -> Part:
    rows = []
    for kind, word in catalogue.catalogue().reviews.items():
        days = portfolio.time_of(_of(whole["review_days"], kind))
        values = (
            whole["review_cases"][kind], whole["reviews"][kind], whole["reviews"][f"{kind}:stayed"], days.count, days.median, days.slow,
        )  # fmt: skip
        rows.append(Row(word.name[language], values, query(review=kind)))
    how = _("Days: calendar days from filing to the outcome, of the reviews that have one.")
    columns = (
        _("Cases"), _("Reviews"), _("The contract waited"), _("With an outcome"), _("Median, days"), _("80th percentile, days"),
    )  # fmt: skip
    found = rows if whole["reviews"] else []
    return part_of("reviews", _("Reviews and appeals"), how, _("Review"), columns, found, language, drawn=1)


def _of(counts: Mapping[str, int], kind: str) -> dict[str, int]:
    """The rest of the names that begin with the kind, with their counts."""
    return {name.removeprefix(f"{kind}:"): count for name, count in counts.items() if name.startswith(f"{kind}:")}


def _outcomes(whole: Tally, language: str) -> Part:
    kinds, counts = catalogue.catalogue().reviews, whole["review_outcomes"]
    rows = [Row(str(name), tuple(counts[f"{kind}:{group}"] for kind in kinds)) for group, name in GROUP_NAMES.items()]
    how = _("Outcomes of the reviews that have one: a review that was upheld in part counts as upheld.")
    columns = tuple(word.name[language] for word in kinds.values())
    return table_of("review-outcomes", _("Outcomes of reviews"), how, _("Outcome"), columns, rows if counts else [])


def _sums(query: Query, kind: str, whole: Tally) -> Part:
    rows, count = [], whole["cases"]["all"]
    for (when, span), name in SUM_NAMES.items():
        sum_name = f"{kind}_{when}_{span}"
        if number := whole["effects"][f"{sum_name}:cases"]:
            rows.append(Row(str(name), (number, count, _shown(kind, whole["effects"][sum_name])), query(effect=sum_name)))
    how = _(
        "Sums of the effects recorded in the cases: what was expected, and of what was measured the newest number of each. The two "
        "are not of the same cases, and a year and a whole contract period are never added. Against what and how each is counted "
        "stands in its case."
    )
    if kind == SAVINGS:
        how += " " + _("Euros without VAT; a number below zero is a cost.")
        return table_of("savings", _("Savings"), how, _("What"), (_("Cases"), _("Of all cases"), _("Sum, euros")), rows)
    how += " " + _("Tonnes of CO2 equivalent; a cut is below zero.")
    columns = (_("Cases"), _("Of all cases"), _("Sum, t CO2e"))
    return table_of("co2", _("Effect on emissions"), how, _("What"), columns, rows)


def _shown(kind: str, value: int) -> int | Decimal:
    """Whole euros, or tonnes to one decimal."""
    found = value / PARTS[kind]
    return int(found.to_integral_value(ROUND_HALF_UP)) if kind == SAVINGS else found.quantize(Decimal("0.1"), ROUND_HALF_UP)
