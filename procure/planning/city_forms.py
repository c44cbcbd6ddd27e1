"""Forms of how a city works: shape and input checks only."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from procure.catalogue import procedures
from procure.planning.city_service import MOST_MEETINGS, MOST_WORKING_DAYS, Wish
from procure.planning.models import LONGEST_NAME
from procure.web import widgets
from procure.web.fields import ONE_LINE, PARTS, DatePartsField, DatePartsWidget, WholeNumberField, number_in, read_day

BETWEEN_DAYS: Final = re.compile(r"[\n\r,;]+")
WEEKDAY: Final = re.compile(r"^[^\W\d_]+\.?\s+")
ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
USUAL_DAY: Final = re.compile(r"(\d{1,2})\s*[./\s]\s*(\d{1,2})\s*[./\s]\s*(\d{4})\.?")
SHOWN_FAULTS: Final = 5
LONGEST_LIST: Final = 20_000


class ClosingForm(FlaskForm):
    first_day = DatePartsField(
        _l("First day"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the first day"))]
    )
    last_day = DatePartsField(
        _l("Last day (optional)"),
        widget=DatePartsWidget(),
        description=_l("Leave this empty when the city is closed on one day only."),
    )
    name = StringField(
        _l("What the days are"),
        widget=widgets.Text(),
        description=_l("For example: days between the holidays"),
        validators=[
            InputRequired(message=_l("Enter what the days are")),
            Length(max=LONGEST_NAME, message=_l("Use at most %(max)d characters")),
            Regexp(ONE_LINE, message=_l("Enter what the days are, on one line")),
        ],
    )
    save = SubmitField(_l("Add the closing days"), widget=widgets.Submit())


def read_days(text: str) -> list[date]:
    """The dates of a list, one on a line or apart by commas, as people paste them: 15.9.2027, 15/9/2027, 2027-09-15, with or without
    the weekday before. ValueError with a sentence that names what is not a date."""
    found, faults = [], []
    for piece in (piece.strip() for piece in BETWEEN_DAYS.split(text)):
        if not piece:
            continue
        try:
            found.append(_day(WEEKDAY.sub("", piece)))
        except ValueError:
            faults.append(piece)
    if faults:
        named = ", ".join(fault[:40] for fault in faults[:SHOWN_FAULTS]) + (" …" if len(faults) > SHOWN_FAULTS else "")
        raise ValueError(_("Not a date: %(texts)s. Enter each date on a line of its own, such as 15.9.2027", texts=named))
    return found


def _day(text: str) -> date:
    if match := ISO_DAY.fullmatch(text):
        parts: tuple[str, ...] = match.groups()[::-1]
    elif match := USUAL_DAY.fullmatch(text):
        parts = match.groups()
    else:
        raise ValueError(text)
    day = read_day(dict(zip(PARTS, parts, strict=True)))
    if day is None:
        raise ValueError(text)
    return day


class DaysField(TextAreaField):
    """Several dates, one on a line. Its data are the dates; what was typed is shown back."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0] if valuelist else ""
        if len(text) > LONGEST_LIST:
            raise ValueError(_("Enter at most %(most)s dates at a time", most=MOST_MEETINGS))
        self.data = read_days(text)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""


class MeetingsForm(FlaskForm):
    body = StringField(
        _l("Who meets"),
        widget=widgets.Text(),
        description=_l("The board, committee or official that decides, such as the city board"),
        validators=[
            InputRequired(message=_l("Enter who meets")),
            Length(max=LONGEST_NAME, message=_l("Use at most %(max)d characters")),
            Regexp(ONE_LINE, message=_l("Enter who meets, on one line")),
        ],
    )
    days = DaysField(
        _l("Meeting days"),
        widget=widgets.LongText(),
        description=_l("One date or several, each on a line of its own, such as 15.9.2027. A list can be pasted as it is."),
        validators=[InputRequired(message=_l("Enter at least one date"))],
    )
    save = SubmitField(_l("Add the meetings"), widget=widgets.Submit())

    def validate_days(self, field: DaysField) -> None:
        if not field.data and not field.errors:
            raise ValidationError(_("Enter at least one date"))


class RemoveForm(FlaskForm):
    save = SubmitField(_l("Remove"), widget=widgets.Submit())


class DurationsForm(FlaskForm):
    """A number for each stage, named days-STAGE, and beside it what the page showed, named seen-STAGE: so that two people who change
    at once lose nothing."""

    stages: tuple[str, ...] = ()
    save = SubmitField(_l("Save the durations"), widget=widgets.Submit())

    def wishes(self) -> list[Wish]:
        """What was entered. Only once the form has been found valid; a stage that was not sent is left as it is."""
        sent = [stage for stage in self.stages if self[f"days-{stage}"].raw_data]
        return [Wish(stage, self[f"days-{stage}"].data, number_in(self[f"seen-{stage}"].data, digits=4)) for stage in sent]

    def show_present(self, present: Mapping[str, int]) -> None:
        """Let the next try begin from the numbers as they are now. What the person changed stays as it was typed, and then overwrites
        knowingly; what they left alone shows the others' numbers."""
        untouched = {wish.stage for wish in self.wishes() if wish.days == wish.seen}
        for stage in self.stages:
            if stage in untouched:
                self[f"days-{stage}"].raw_data, self[f"days-{stage}"].data = None, present.get(stage)
            self[f"seen-{stage}"].data = _text(present.get(stage))


def _text(days: int | None) -> str:
    return "" if days is None else str(days)


@cache
def _durations_form_class() -> type[DurationsForm]:
    stages = tuple(procedures.catalogue().versions_of_stages())
    fields: dict[str, Any] = {"stages": stages}
    for stage in stages:
        fields[f"days-{stage}"] = WholeNumberField(_l("Working days"), most=MOST_WORKING_DAYS)
        fields[f"seen-{stage}"] = HiddenField()
    return type("DurationsOfCity", (DurationsForm,), fields)


def durations_form(present: Mapping[str, int]) -> DurationsForm:
    """The form with the city's own numbers in it, and with what was posted over them."""
    made = _durations_form_class()
    data: dict[str, Any] = {}
    for stage in made.stages:
        data |= {f"days-{stage}": present.get(stage), f"seen-{stage}": _text(present.get(stage))}
    return made(data=data)
