"""Dates and money stand in the form of the page's language."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from procure.web import filters
from tests.web import small_app

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def app() -> Flask:
    return small_app.make()


@pytest.fixture
def shown(app: Flask) -> Callable[..., list[str]]:
    """The value through a filter in Finnish, Swedish and English, no-break spaces shown as spaces."""

    def show(name: str, *values: Any) -> list[str]:
        found = []
        for language in ("fi", "sv", "en"):
            with app.test_request_context(f"/?language={language}"):
                value, *rest = values
                template = app.jinja_env.from_string(f"{{{{ value | {name}(*rest) }}}}")
                found.append(template.render(value=value, rest=rest).replace("\u00a0", " "))
        return found

    return show


def test_whole_euros_have_no_cents(shown: Callable[..., list[str]]) -> None:
    assert shown("money", Decimal("480000")) == ["480 000 €", "480 000 €", "€480,000"]
    assert shown("money", "480000.00") == ["480 000 €", "480 000 €", "€480,000"]


def test_cents_are_shown_when_there_are_some(shown: Callable[..., list[str]]) -> None:
    assert shown("money", Decimal("12500.5")) == ["12 500,50 €", "12 500,50 €", "€12,500.50"]


def test_an_amount_never_breaks_over_two_lines(app: Flask) -> None:
    with app.test_request_context("/?language=fi"):
        assert " " not in filters.money("480000")


@pytest.mark.parametrize("name", ["money", "day", "long_day", "weekday", "moment"])
def test_nothing_is_shown_for_nothing(shown: Callable[..., list[str]], name: str) -> None:
    assert shown(name, None) == ["", "", ""]


def test_days(shown: Callable[..., list[str]]) -> None:
    assert shown("day", DAY) == ["24.11.2026", "24.11.2026", "24 November 2026"]
    assert shown("day", "2026-11-24") == shown("day", DAY)
    assert shown("long_day", DAY) == ["24. marraskuuta 2026", "24 november 2026", "24 November 2026"]
    assert shown("weekday", DAY) == ["tiistai 24. marraskuuta 2026", "tisdag 24 november 2026", "Tuesday 24 November 2026"]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (date(2026, 11, 30), ["24.11.–30.11.2026", "24.11.–30.11.2026", "24–30 November 2026"]),
        (date(2026, 12, 1), ["24.11.–1.12.2026", "24.11.–1.12.2026", "24 November – 1 December 2026"]),
        (date(2027, 1, 8), ["24.11.2026–8.1.2027", "24.11.2026–8.1.2027", "24 November 2026 – 8 January 2027"]),
        (DAY, ["24.11.2026", "24.11.2026", "24 November 2026"]),
        (None, ["24.11.2026", "24.11.2026", "24 November 2026"]),
    ],
)
def test_a_period_says_nothing_twice(shown: Callable[..., list[str]], ends: date | None, expected: list[str]) -> None:
    assert shown("period", DAY, ends) == expected


def test_a_moment_is_told_in_finnish_time_in_winter_and_summer(shown: Callable[..., list[str]]) -> None:
    assert shown("moment", datetime(2026, 11, 24, 22, 5, 59, tzinfo=UTC)) == [
        "25.11.2026 klo 0.05", "25.11.2026 kl. 0.05", "25 November 2026, 00:05"]  # fmt: skip
    assert shown("moment", datetime(2026, 7, 1, 9, 0, tzinfo=UTC))[0] == "1.7.2026 klo 12.00"


def test_a_value_shown_in_one_language_is_not_kept_for_another(shown: Callable[..., list[str]]) -> None:
    assert shown("money", "1000") == shown("money", "1000")
    assert len(set(shown("money", "1000"))) == 2


def test_a_constant_in_a_template_follows_the_language_of_each_page(app: Flask) -> None:
    with app.test_request_context("/?language=fi"):
        template = app.jinja_env.from_string("{{ '1000' | money }} {{ '2026-11-24' | day }}")
        in_finnish = template.render().replace("\u00a0", " ")
    with app.test_request_context("/?language=en"):
        in_english = template.render()

    assert in_finnish == "1 000 € 24.11.2026"
    assert in_english == "€1,000 24 November 2026"
