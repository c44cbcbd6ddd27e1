"""Lists of dates as people paste them."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from procure.planning.city_forms import read_days

NEW_YEAR = date(2027, 1, 5)


FORMS = (
    "5.1.2027", "05.01.2027", "5/1/2027", "5 1 2027", "5. 1. 2027", "2027-01-05", "ti 5.1.2027", "tis. 5.1.2027", "Tuesday 5.1.2027",
    "\t5.1.2027 ",
)  # fmt: skip


@pytest.mark.parametrize("typed", FORMS)
def test_a_date_is_read_in_every_usual_form(app: Flask, typed: str) -> None:
    assert read_days(typed) == [NEW_YEAR]


@pytest.mark.parametrize(
    "typed", ["31.2.2027", "5.1.27", "5.1", "next Tuesday", "5.1.2027 6.1.2027", "2027-13-01", "٥.١.٢٠٢٧", "0.1.2027"]
)
def test_what_is_not_a_date_is_named(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError) as caught:
        read_days(f"5.1.2027\n{typed}")

    assert typed in str(caught.value)


def test_of_many_faults_the_first_are_named(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(ValueError) as caught:
        read_days("\n".join(f"x{number}" for number in range(20)))

    assert "x4" in str(caught.value)
    assert "x5" not in str(caught.value)


@given(days=st.lists(st.dates(date(2000, 1, 1), date(2100, 12, 31))), between=st.sampled_from(["\n", "\r\n", ", ", ";", "\n\n"]))
def test_a_list_gives_its_dates_in_its_order(days: list[date], between: str) -> None:
    assert read_days(between.join(f"{day.day}.{day.month}.{day.year}" for day in days)) == days
    assert read_days(between.join(day.isoformat() for day in days)) == days
