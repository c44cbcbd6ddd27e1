"""Forms of a team, its tasks and notes: shape and input checks only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.domain.team import LONGEST_TEXT, LONGEST_TITLE
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, number_in

TOO_LONG = _l("The text is too long: use at most %(max)d characters")


def choices(pairs: Sequence[tuple[str, Any]]) -> list[SelectChoice]:
    """(value, words) pairs as a field takes them."""
    return [SelectChoice(value, words) for value, words in pairs]


class MemberForm(FlaskForm):
    """Who comes into the team, and as what."""

    person = RadioField(
        _l("Person"), widget=widgets.Radios(), choices=[], validators=[InputRequired(message=_l("Choose a person"))]
    )
    part = RadioField(
        _l("Part in the team"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("member", _l("Member: prepares the case and can be given tasks")),
            SelectChoice("substitute", _l("Substitute: stands in when the responsible officer is away")),
            SelectChoice("guest", _l("Guest: reads the case and changes nothing, whatever the role")),
        ],
        validators=[InputRequired(message=_l("Choose the part in the team"))],
    )
    save = SubmitField(_l("Add to the team"), widget=widgets.Submit())

    @property
    def person_id(self) -> int:
        return number_in(self.person.data) or 0


class RemoveForm(FlaskForm):
    save = SubmitField(_l("Remove from the team"), widget=widgets.Submit())


class HandOverForm(FlaskForm):
    to = SelectField(
        _l("New responsible officer"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose the new responsible officer"))],
    )
    from_day = DatePartsField(
        _l("From which day?"), widget=DatePartsWidget(), description=_l("Today or an earlier day."),
        validators=[InputRequired(message=_l("Enter the day from which the new officer is responsible"))],
    )  # fmt: skip
    reason = TextAreaField(
        _l("Reason"),
        widget=widgets.LongText(),
        description=_l("It is kept in the history of the case."),
        validators=[DataRequired(message=_l("Write the reason")), Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    with_tasks = BooleanField(_l("Open tasks go to the new responsible officer"), widget=widgets.Checkbox())
    stays = BooleanField(
        _l("The present one stays in the team as substitute; otherwise every open task goes along"),
        widget=widgets.Checkbox(),
    )
    save = SubmitField(_l("Hand over the case"), widget=widgets.Submit())

    @property
    def day(self) -> date:
        """Only after validation."""
        assert self.from_day.data is not None
        return self.from_day.data

    @property
    def to_id(self) -> int:
        return number_in(self.to.data) or 0


class HandOverManyForm(HandOverForm):
    which = RadioField(
        _l("Which cases?"),
        widget=widgets.Radios(),
        choices=[],
        validators=[InputRequired(message=_l("Choose which cases are handed over"))],
    )
    cases = SelectMultipleField(_l("Chosen cases"), widget=widgets.Checkboxes(), choices=[], validate_choice=False)
    save = SubmitField(_l("Hand over the cases"), widget=widgets.Submit())


class TaskForm(FlaskForm):
    """`version` is that of the task which was on the screen; `newest`, for a new task, the number of the case's newest one then."""

    version = HiddenField()
    newest = HiddenField()
    title = StringField(
        _l("What is to be done?"),
        widget=widgets.Text(),
        validators=[DataRequired(message=_l("Write what is to be done")), Length(max=LONGEST_TITLE, message=TOO_LONG)],
    )
    owner = SelectField(
        _l("Who does it?"),
        widget=widgets.Select(),
        description=_l("Somebody of the team who may change the case."),
        choices=[],
        validate_choice=False,
    )
    due_on = DatePartsField(
        _l("By which day?"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the day by which it is to be done"))]
    )  # fmt: skip
    stage = SelectField(
        _l("Stage (optional)"), widget=widgets.Select(), choices=[], validate_choice=False, default=""
    )  # fmt: skip
    note = TextAreaField(
        _l("More about it (optional)"),
        widget=widgets.LongText(),
        validators=[Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    save = SubmitField(_l("Save the task"), widget=widgets.Submit())

    @property
    def owner_id(self) -> int:
        return number_in(self.owner.data) or 0

    @property
    def seen(self) -> int:
        """The version that was on the screen; 0 for none."""
        return number_in(self.version.data) or 0

    @property
    def seen_newest(self) -> int | None:
        """The newest task's number when the form was drawn; 0: there was none. None: the form does not say."""
        return number_in(self.newest.data)


class NoteForm(FlaskForm):
    """`newest` is the number of the case's newest note when the form was drawn."""

    newest = HiddenField()
    text = TextAreaField(
        _l("Note"),
        widget=widgets.LongText(),
        description=_l("A note is not changed afterwards: a correction is a new note. Web addresses become links."),
        validators=[DataRequired(message=_l("Write the note")), Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    mentions = SelectMultipleField(
        _l("Whom do you want to tell?"),
        widget=widgets.Checkboxes(),
        description=_l(
            "They see the note in their own work and get a letter as they have chosen, usually once a day. "
            "You can also write @ and the name in the note."
        ),
        choices=[],
        validate_choice=False,
    )
    save = SubmitField(_l("Write the note"), widget=widgets.Submit())

    @property
    def mentioned(self) -> list[int]:
        return [(number_in(text) or 0) for text in self.mentions.data or ()]

    @property
    def seen_newest(self) -> int | None:
        """The newest note's number when the form was drawn; 0: there was none. None: the form does not say."""
        return number_in(self.newest.data)


class VersionForm(FlaskForm):
    """A button beside a task: done, or to be done after all."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        return number_in(self.version.data) or 0
