"""Forms of scheduled reports: shape and input checks only."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from procure.domain.reports import FORMATS, PORTFOLIO, WEEKLY, Rule
from procure.portfolio.choosing import KEPT
from procure.reports.models import LONGEST_NAME
from procure.reports.service import Wish
from procure.reports.words import CADENCE_NAMES, FORMAT_NAMES, KIND_NAMES, WEEKDAYS
from procure.web import widgets
from procure.web.fields import ONE_LINE, number_in
from procure.web.language import NAMES

Choices = Iterable[tuple[str, str]]


class ScheduleForm(FlaskForm):
    seen = HiddenField()
    name = StringField(
        _l("Name of the report"),
        widget=widgets.Text(),
        description=_l("For example: Figures for the city board"),
        validators=[
            InputRequired(message=_l("Enter a name")),
            Length(max=LONGEST_NAME, message=_l("Use at most %(max)d characters")),
            Regexp(ONE_LINE, message=_l("Enter the name on one line")),
        ],
    )
    kind = RadioField(
        _l("Which report?"),
        widget=widgets.Radios(),
        choices=[SelectChoice(value, words) for value, words in KIND_NAMES.items()],
        validators=[InputRequired(message=_l("Choose the report"))],
    )
    period = SelectField(_l("Opened in"), widget=widgets.Select(), validate_choice=False)
    person = SelectField(_l("Responsible"), widget=widgets.Select(), validate_choice=False)
    procedure = SelectField(_l("Procedure"), widget=widgets.Select(), validate_choice=False)
    theme = SelectField(_l("Theme"), widget=widgets.Select(), validate_choice=False)
    state = SelectField(_l("State"), widget=widgets.Select(), validate_choice=False)
    receiver = SelectField(
        _l("Who gets it?"),
        widget=widgets.Select(),
        description=_l("You, or somebody else of the city who has an account here, such as the board’s secretary"),
        choices=[],
        validate_choice=False,
        validators=[InputRequired(message=_l("Choose who gets the report"))],
    )
    language = RadioField(
        _l("In which language?"),
        widget=widgets.Radios(),
        choices=[SelectChoice(code, name) for code, name in NAMES.items()],
        validators=[InputRequired(message=_l("Choose the language"))],
    )
    formats = SelectMultipleField(
        _l("As which files?"),
        widget=widgets.Checkboxes(),
        choices=[SelectChoice(value, words) for value, words in FORMAT_NAMES.items()],
        validators=[InputRequired(message=_l("Choose at least one kind of file"))],
    )
    cadence = RadioField(
        _l("When?"),
        widget=widgets.Radios(),
        choices=[SelectChoice(value, words) for value, words in CADENCE_NAMES.items()],
        validators=[InputRequired(message=_l("Choose when the report is made"))],
    )
    weekday = SelectField(
        _l("Weekday"),
        widget=widgets.Select(),
        description=_l("For a weekly report only. When the city does not work on that day, it comes on the next working day."),
        choices=[SelectChoice(str(number), words) for number, words in enumerate(WEEKDAYS)],
    )
    at_once = BooleanField(_l("Make the newest period at once"), widget=widgets.Checkbox())
    save = SubmitField(_l("Save the schedule"), widget=widgets.Submit())

    def offer(self, people: Choices, filters: dict[str, Choices]) -> None:
        self.receiver.choices = [SelectChoice("", _l("Choose a person")), *(SelectChoice(*pair) for pair in people)]
        for name in KEPT:
            first = {
                "person": _l("Everybody"), "procedure": _l("All procedures"), "theme": _l("All themes"), "state": _l("All states"),
            }.get(name)  # fmt: skip
            every = [SelectChoice("", first)] if first else []
            self[name].choices = [*every, *(SelectChoice(*pair) for pair in filters[name])]

    @property
    def wish(self) -> Wish:
        """Only after validation."""
        query = {name: str(self[name].data)[:40] for name in KEPT if self[name].data}
        formats = tuple(value for value in FORMATS if value in (self.formats.data or ()))
        weekday = int(self.weekday.data or 0) if self.cadence.data == WEEKLY else 0
        return Wish(
            str(self.name.data).strip(), self.kind.data, query if self.kind.data == PORTFOLIO else {}, self.language.data, formats,
            Rule(self.cadence.data, weekday), number_in(self.receiver.data) or 0, bool(self.at_once.data),
        )  # fmt: skip


class MoveForm(FlaskForm):
    """Pausing, going on, ending. `state`: what the schedule shall become."""

    state = HiddenField()
    seen = HiddenField()


def seen_in(field: Any) -> int:
    return number_in(field.data, digits=9) or 0
