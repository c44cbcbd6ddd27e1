"""Fields read what people write, refuse the rest with a sentence, and always show back what was typed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, MoneyField, WholeNumberField, error_rows, typed_money
from tests.pages import parse, text_of
from tests.web import small_app

CHOICES = [SelectChoice("a", "First"), SelectChoice("b", "Second")]


class Form(FlaskForm):
    kind = RadioField("Kind", widget=widgets.Radios(), choices=CHOICES, validators=[InputRequired("Choose")])
    several = SelectMultipleField("Several", widget=widgets.Checkboxes(), choices=CHOICES, validators=[Optional()])
    needed = DatePartsField("Needed by", widget=DatePartsWidget(), validators=[Optional()])
    value = MoneyField("Value", widget=widgets.Text(), validators=[Optional()])
    count = WholeNumberField("Units", widget=widgets.Text(), validators=[Optional()])
    text = TextAreaField("Problem", widget=widgets.CountedText(), validators=[Length(max=20)])


@pytest.fixture(scope="module")
def app() -> Flask:
    return small_app.make()


@pytest.fixture(autouse=True)
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def posted(**typed: str) -> Any:
    form = Form(formdata=MultiDict({"kind": "a"} | {name.replace("__", "-"): value for name, value in typed.items()}))
    form.validate()
    return form


def day(day: str, month: str, year: str) -> Any:
    return posted(needed__day=day, needed__month=month, needed__year=year)


@pytest.mark.parametrize("typed", [("15", "9", "2027"), (" 15 ", "09", "2027")])
def test_a_day_is_read_from_its_three_parts(typed: tuple[str, str, str]) -> None:
    assert day(*typed).needed.data == date(2027, 9, 15)


@pytest.mark.parametrize(
    "typed",
    [("31", "2", "2027"), ("15", "", "2027"), ("15", "9", "27"), ("+5", "9", "2027"), ("1_0", "9", "2027"), ("١٥", "9", "2027"),
     ("x", "y", "z"), ("1" * 5000, "9", "2027"), ("²", "9", "2027")],
)  # fmt: skip
def test_what_is_no_real_day_is_refused_and_shown_back(typed: tuple[str, str, str]) -> None:
    form = day(*typed)

    assert form.needed.data is None
    assert form.needed.errors == ["Enter a real date with a day, month and year, such as 15 9 2027"]
    assert tuple(form.needed.values.values()) == typed


def test_a_day_left_empty_is_none_and_no_error() -> None:
    form = day("", "", "")

    assert form.needed.data is None
    assert not form.needed.errors


def test_a_post_with_one_part_of_a_day_is_answered() -> None:
    assert posted(needed__day="15").needed.errors


def test_a_form_without_the_day_keeps_the_day_it_was_given() -> None:
    assert Form(formdata=MultiDict({"kind": "a"}), data={"needed": date(2027, 9, 15)}).needed.data == date(2027, 9, 15)


def test_the_error_link_of_a_day_lands_on_the_first_empty_part() -> None:
    assert day("15", "", "").needed.error_target == "needed-month"
    assert day("31", "2", "2027").needed.error_target == "needed-day"


def test_a_day_is_drawn_as_three_labelled_inputs_with_what_was_typed() -> None:
    inputs = parse(str(day("31", "2", "2027").needed())).findall(".//input")

    assert [(field.get("id"), field.get("value")) for field in inputs] == [
        ("needed-day", "31"), ("needed-month", "2"), ("needed-year", "2027")]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("12500", "12500"), ("12 500,50 €", "12500.50"), ("12\u00a0500\u00a0€", "12500"), ("12\u202f500.5", "12500.5"), ("EUR 900", "900"),
     ("0", "0"), ("999999999999999,99", "999999999999999.99")],
)  # fmt: skip
def test_money_is_read_as_people_write_it(typed: str, amount: str) -> None:
    form = posted(value=typed)

    assert form.value.data == Decimal(amount)
    assert form.value._value() == typed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("paljon", "Enter the amount in euros"), ("12,500", "Enter the amount in euros"), ("1.500.000", "Enter the amount in euros"),
     ("1e9", "Enter the amount in euros"), ("NaN", "Enter the amount in euros"), ("١٢", "Enter the amount in euros"),
     ("-5", "not below zero"), ("−5", "not below zero"), ("1" * 16, "a smaller amount"), ("9" * 100_000, "a smaller amount")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_its_own_sentence_and_shown_back(typed: str, sentence: str) -> None:
    form = posted(value=typed)

    assert form.value.data is None
    assert sentence in form.value.errors[0]
    assert form.value._value() == typed


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_saved_amount_is_shown_so_that_it_is_read_back_the_same(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?language={language}"):
        for amount in ("480000", "12500.50", "0.01", "999999999999999"):
            assert posted(value=typed_money(Decimal(amount))).value.data == Decimal(amount)


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("12", 12), ("1 200", 1200), ("", None)])
def test_a_whole_number_is_read(typed: str, number: int | None) -> None:
    assert posted(count=typed).count.data == number


@pytest.mark.parametrize("typed", ["-3", "1,5", "10001", "²", "x", "9" * 100_000])
def test_what_is_no_whole_number_in_range_is_refused_and_shown_back(typed: str) -> None:
    form = posted(count=typed)

    assert form.count.data is None
    assert len(form.count.errors) == 1
    assert form.count._value() == typed


def test_several_choices_come_back_ticked() -> None:
    form = Form(formdata=MultiDict([("kind", "a"), ("several", "b")]))
    ticked = [field.get("value") for field in parse(str(form.several())).findall(".//input") if field.get("checked") is not None]

    assert ticked == ["b"]


def test_the_counter_speaks_of_characters_and_keeps_its_place_holder() -> None:
    drawn = str(posted().text(params={"maxlength": 20}))

    assert "You have %{count} characters left" in drawn
    assert "You have %{count} character too many" in drawn


def test_every_error_of_a_form_leads_to_an_input_that_exists() -> None:
    form = posted(kind="x", several="x", needed__day="31", value="paljon", count="-1", text="x" * 21)
    ids = {field.get("id") for field in parse("".join(str(field()) for field in form)).iter()}

    rows = error_rows(form)

    assert [target for _, target in rows] == ["kind", "several", "needed-month", "value", "count", "text"]
    assert {target for _, target in rows} <= ids


def test_an_error_of_the_whole_form_leads_nowhere() -> None:
    form = posted()
    form.form_errors.append("Somebody has changed the case")

    assert error_rows(form) == [("Somebody has changed the case", "")]
    assert error_rows(None) == []


def test_a_field_without_a_hint_draws_none_and_own_legend_classes_keep_its_words() -> None:
    root = parse(str(posted().kind(params={"fieldset": {"legend": {"classes": "govuk-fieldset__legend--s"}}})))

    assert text_of(root.find(".//legend")) == "Kind"
    assert not [element for element in root.iter() if "govuk-hint" in (element.get("class") or "")]
