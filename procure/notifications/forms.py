"""Forms of how a person wants to be told, and of absences: shape and input checks only."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from procure.accounts.models import Person
from procure.domain.notifications import AT_ONCE, DAILY, NONE, WEEKLY, Kind
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, number_in

CADENCE_NAMES: Final[Mapping[str, Any]] = {
    AT_ONCE: _l("At once"),
    DAILY: _l("Daily summary"),
    WEEKLY: _l("Weekly summary"),
    NONE: _l("No letters"),
}
KIND_NAMES: Final[Mapping[str, tuple[Any, Any]]] = {
    # kind -> its name, what such letters tell
    "team": (_l("Team"), _l("You have been added to a team, or a case has been handed over")),
    "task": (_l("Tasks"), _l("A task has been given to you")),
    "mention": (_l("Mentions"), _l("A note speaks to you")),
    "support": (_l("Expert support"), _l("A request for advice has moved on or waits for you")),
    "approval": (_l("Approvals"), _l("Something waits for your approval, or has been approved or returned")),
    "deadline": (_l("Reminders of dates"), _l("A period of the law, the next date of a case or a task is near or has passed")),
    "standing_still": (
        _l("Cases that stand still"), _l("Nothing has been recorded for 20 working days in a case that you are responsible for"),
    ),
    "declaration": (_l("Declarations of interests"), _l("A declaration is asked of you or has been given")),
    "report": (_l("Reports"), _l("A report that is made on a schedule is ready for you")),
    "knowledge": (_l("Articles"), _l("An article is to be looked over, has come back, or is to be checked")),
}  # fmt: skip


class CadenceForm(FlaskForm):
    """One choice for each kind; the fields are made by `cadence_form`."""

    save = SubmitField(_l("Save the choices"), widget=widgets.Submit())


def cadence_form(kinds: Iterable[Kind], chosen: Mapping[str, str]) -> tuple[FlaskForm, list[str]]:
    """The form for these kinds with what is chosen now, and the names of its fields in order."""
    names = [kind.id for kind in kinds]
    fields = {
        name: RadioField(
            KIND_NAMES[name][0],
            widget=widgets.Radios(),
            description=KIND_NAMES[name][1],
            choices=[SelectChoice(value, words) for value, words in CADENCE_NAMES.items()],
            validators=[InputRequired(message=_l("Choose how often"))],
        )
        for name in names
    }
    form: FlaskForm = type("KindsForm", (CadenceForm,), fields)(data=dict(chosen))
    return form, names


class AbsenceForm(FlaskForm):
    first_day = DatePartsField(
        _l("First day away"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the first day away"))]
    )
    last_day = DatePartsField(
        _l("Last day away"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the last day away"))]
    )
    delegate = SelectField(
        _l("Who gets your letters"),
        widget=widgets.Select(),
        description=_l("Somebody of your organisation whose role sees the same things"),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose who gets your letters"))],
    )
    save = SubmitField(_l("Add the absence"), widget=widgets.Submit())

    def offer(self, people: Iterable[Person]) -> None:
        self.delegate.choices = [
            SelectChoice("", _l("Choose a person")),
            *(SelectChoice(str(person.id), f"{person.name} ({person.email})") for person in people),
        ]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day; only after validation."""
        assert self.first_day.data is not None
        assert self.last_day.data is not None
        return self.first_day.data, self.last_day.data

    @property
    def delegate_id(self) -> int:
        return number_in(self.delegate.data) or 0


class EndForm(FlaskForm):
    save = SubmitField(_l("End the absence"), widget=widgets.Submit())
