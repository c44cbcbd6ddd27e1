"""Which clauses hold on a day, where they stand, and what a document goes without."""

from datetime import date

import pytest

from procure.catalogue import compositions
from procure.domain import clauses
from procure.domain.clauses import Clause, Wanted
from procure.domain.outcomes import Refusal

TODAY = date(2026, 11, 28)
PLACES = {"contract": ("price", "data")}


def clause(number: int, edition: int, day: int, ended: bool = False, part: str = "price") -> Clause:
    return Clause(number, edition, "contract", part, "", {"fi": "Maksu"}, {"fi": "30 päivää"}, date(2026, 12, day), ended)


def wanted(**changes: object) -> Wanted:
    values = {
        "kind": "contract", "part": "price", "subject": "", "titles": {"fi": "Maksu"}, "texts": {"fi": "x"}, "valid_from": TODAY,
    }  # fmt: skip
    return Wanted(**values | changes)  # type: ignore[arg-type]


def test_each_clause_stands_in_the_edition_of_the_day_until_it_ends() -> None:
    editions = [clause(2, 1, 1), clause(1, 1, 1), clause(1, 2, 10), clause(1, 3, 20, ended=True)]

    def on(day: int) -> list[tuple[int, int]]:
        return [(one.number, one.edition) for one in clauses.in_force(editions, date(2026, 12, day))]

    assert on(1) == [(1, 1), (2, 1)]
    assert on(10) == [(1, 2), (2, 1)]
    assert on(20) == [(2, 1)]


def test_a_clause_of_a_part_that_is_gone_stands_at_the_end() -> None:
    contract = compositions.catalogue().get("contract")
    found = clauses.at_end([clause(1, 1, 1), clause(2, 1, 1, part=""), clause(3, 1, 1, part="gone")], contract)

    assert [one.number for one in found] == [2, 3]


def test_a_choice_about_a_clause_that_is_not_on_the_form_stays() -> None:
    assert clauses.choice(before=[1, 7], shown=[1, 2], ticked=[2, 99]) == [2, 7]


@pytest.mark.parametrize(
    ("changes", "targets"),
    [
        ({"part": "nowhere"}, ["part"]),
        ({"kind": "summary"}, ["part"]),
        ({"texts": {"fi": "  "}}, ["text_fi"]),
        ({"texts": {"fi": "x", "sv": "y"}}, ["title_sv"]),
        ({"titles": {"fi": "Maksu", "en": "Payment"}}, ["text_en"]),
        ({"valid_from": date(2026, 11, 27)}, ["valid_from"]),
    ],
)
def test_a_clause_has_a_place_a_heading_for_each_text_and_a_day_to_come(changes: dict[str, object], targets: list[str]) -> None:
    with pytest.raises(Refusal) as refusal:
        clauses.check(wanted(**changes), PLACES, TODAY)
    assert [reason.target for reason in refusal.value.reasons] == targets
