"""The form of a composed document: one class a kind, whatever the language. Shape and input checks only."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from procure.catalogue import compositions
from procure.domain import money
from procure.domain.clauses import numbers_left_out
from procure.domain.compositions import LONGEST, LONGEST_NAME, Column, Composition, Field
from procure.domain.language import Trilingual
from procure.questionnaires.fields import Day, Euros, Line, Words, YesNo
from procure.questionnaires.rows import Row, RowsField
from procure.web import widgets
from procure.web.fields import read_money, typed_money
from procure.web.language import language

TOO_LONG: Final = _l("The text is too long: use at most %(max)d characters")


def _in_language(text: Trilingual) -> LazyString:
    return LazyString(lambda: text[language()])


class Amount(Line):
    """A number, with decimals where it has any."""

    def given(self) -> str | None:
        return _number(str(self.data or ""))


def _number(text: str) -> str | None:
    """A plain decimal as the case keeps it; None for nothing. ValueError with a sentence for the person."""
    text = "".join(text.split()).replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(text) > 20:
        raise ValueError(_("Enter a number, such as 12 or 4,5"))
    return format(found, "f")


class TableField(RowsField):
    """Rows of the columns that the document's data name."""

    def __init__(self, *args: Any, columns: tuple[Column, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.parts = tuple(column.id for column in columns)

    def _texts(self, number: int, item: Mapping[str, Any]) -> dict[str, str]:
        return {column.id: _typed(column, item.get(column.id)) for column in self.columns}

    def _read(self, row: Row) -> dict[str, Any]:
        found = {}
        for column in self.columns:
            try:
                value = _READERS[column.kind](row.texts[column.id])
            except ValueError as error:
                row.errors[column.id] = str(error)
                continue
            if value is not None:
                found[column.id] = value
        return found


def _typed(column: Column, value: Any) -> str:
    if value is None:
        return ""
    return typed_money(Decimal(value)) if column.kind == "money" else str(value)


def _words(most: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        if "\0" in text:
            raise ValueError(_("Remove the characters that cannot be shown"))
        if len(text) > most:
            raise ValueError(_("The text is too long: use at most %(max)d characters") % {"max": most})
        return text.replace("\r\n", "\n").strip() or None

    return read


def _money(text: str) -> str | None:
    amount = read_money(text)
    return None if amount is None else money.plain(amount)


def _day(text: str) -> str | None:
    """In a table a day is one input: 15.9.2027, or as the computer writes it."""
    text = text.strip()
    if not text:
        return None
    try:
        if text.count(".") == 2:
            day, month, year = (int(part) for part in text.split("."))
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(_("Enter a real date, such as 15.9.2027")) from error


_READERS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "line": _words(LONGEST["line"]), "text": _words(2000), "money": _money, "number": _number, "date": _day,
}  # fmt: skip


class WritingForm(FlaskForm):
    """`fields` are those of the document; `seen` is the version that was on the screen."""

    wanted: tuple[Field, ...] = ()
    about: Line | None = None
    """What tells the document apart, where a case has several of its kind."""
    seen = HiddenField()
    clauses_left_out = SelectMultipleField(choices=[], coerce=int, validate_choice=False)
    """The numbers of the city's clauses that this document goes without."""
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    def rearrange(self, posted: Any) -> bool:
        """Do what a button inside the form asks, a row more or less, and say whether one was pressed: nothing is saved then."""
        if "add" in posted:
            if isinstance(self._fields.get(posted["add"]), TableField):
                self[posted["add"]].add()
            return True
        if "remove" in posted:
            name, _sign, number = posted["remove"].rpartition("-")
            if isinstance(self._fields.get(name), TableField) and number.isdecimal() and len(number) < 7:
                self[name].remove(int(number))
            return True
        return False

    def read(self) -> dict[str, Any]:
        """Field id -> value for what was given; input errors are put at the fields."""
        found = {}
        for field in self.wanted:
            if self[field.id].errors:
                continue
            try:
                value = self[field.id].given()
            except ValueError as error:
                self[field.id].errors = [str(error)]
                continue
            if value is not None:
                found[field.id] = value
        return found

    @property
    def named(self) -> str | None:
        """What tells it apart; None where the kind does not repeat."""
        return None if self.about is None else str(self.about.data or "")

    @property
    def seen_version(self) -> int:
        return int(self.seen.data) if (self.seen.data or "").isdecimal() and len(self.seen.data) < 9 else -1


class AnotherForm(FlaskForm):
    """What tells a further document of a kind apart from the others."""

    about: Line
    save = SubmitField(_l("Begin"), widget=widgets.Submit())


@cache
def form_class(kind: str) -> type[WritingForm]:
    """KeyError for a kind that is not composed."""
    composition = compositions.catalogue().get(kind)
    return type("ComposedDocument", (WritingForm,), _fields(composition) | {"wanted": composition.fields})


def _fields(composition: Composition) -> dict[str, Any]:
    about = {"about": _about(composition)} if composition.repeats else {}
    return about | {field.id: _unbound(field) for field in composition.fields}


def _about(composition: Composition) -> Any:
    assert composition.apart is not None
    assert composition.apart_hint is not None
    return Line(
        label=_in_language(composition.apart),
        description=_in_language(composition.apart_hint),
        validators=[Length(max=LONGEST_NAME, message=TOO_LONG)],
    )


@cache
def _another_class(kind: str) -> type[AnotherForm]:
    return type("AnotherDocument", (AnotherForm,), {"about": _about(compositions.catalogue().get(kind))})


def another_form(kind: str) -> AnotherForm:
    """The form that begins a further document of a kind that repeats."""
    return _another_class(kind)()


def _unbound(field: Field) -> Any:
    options: dict[str, Any] = {"label": _in_language(field.label)}
    if field.hint is not None:
        options["description"] = _in_language(field.hint)
    if field.kind == "table":
        return TableField(columns=field.columns, **options)
    if field.kind == "yes_no":
        return YesNo(choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))], **options)
    if field.kind == "text":
        return Words(widget=widgets.LongText(), validators=[Length(max=LONGEST["text"], message=TOO_LONG)], **options)
    if field.kind == "line":
        return Line(validators=[Length(max=LONGEST["line"], message=TOO_LONG)], **options)
    return {"money": Euros, "date": Day, "number": Amount}[field.kind](**options)


def writing_form(kind: str, fields: Mapping[str, Any], version: int, about: str = "") -> WritingForm:
    """The form with what has been saved in it, and with what was posted over it."""
    made = form_class(kind)
    data: dict[str, Any] = {field.id: _shown(field, fields.get(field.id)) for field in made.wanted}
    data |= {"clauses_left_out": sorted(numbers_left_out(fields)), "about": about}
    form = made(data=data)
    if not form.is_submitted():
        form.seen.data = str(version)
    return form


def _shown(field: Field, value: Any) -> Any:
    if field.kind == "money":
        return Euros.shown(value)
    if field.kind == "date":
        return Day.shown(value)
    if field.kind == "yes_no":
        return YesNo.shown(value)
    return value
