"""Forms of a city's own points: shape and input checks only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from procure.domain.gates import LONGEST_POINT, Wanted
from procure.web import widgets
from procure.web.fields import ONE_LINE, DatePartsField, DatePartsWidget

_ONE_TEXT = (
    Optional(),
    Length(max=LONGEST_POINT, message=_l("Use at most %(max)d characters")),
    Regexp(ONE_LINE, message=_l("Write the point on one line")),
)


class CityPointForm(FlaskForm):
    """A point of the city. `way` is "person", "approval" or one of the others with what it names, as "answer:need"."""

    stage = SelectField(
        _l("Stage"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose the stage"))],
    )
    procedure = SelectField(
        _l("Procedure"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        description=_l("In one procedure only, or wherever the stage comes."),
    )
    text_fi = StringField(
        _l("Point in Finnish"),
        widget=widgets.Text(),
        description=_l("For example: the legal service has read the contract. One language is enough; the others then show it."),
        validators=_ONE_TEXT,
    )
    text_sv = StringField(_l("Point in Swedish"), widget=widgets.Text(), validators=_ONE_TEXT)
    text_en = StringField(_l("Point in English"), widget=widgets.Text(), validators=_ONE_TEXT)
    required = RadioField(
        _l("Does the stage wait for it?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("yes", _l("Yes: the stage cannot be completed before, unless a manager waives the point")),
            SelectChoice("no", _l("No: the point is advice")),
        ],
        validators=[InputRequired(message=_l("Choose whether the stage waits for it"))],
    )
    way = SelectField(
        _l("Who or what says that it holds?"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        description=_l("A person ticks it, or the service sees it by itself."),
    )
    valid_from = DatePartsField(
        _l("From which day?"),
        widget=DatePartsWidget(),
        description=_l(
            "Procurements that enter the stage on that day or later have the point. Those already in the stage do not change."
        ),
        validators=[InputRequired(message=_l("Enter the day from which the point holds"))],
    )
    save = SubmitField(_l("Save the point"), widget=widgets.Submit())

    def wanted(self) -> Wanted:
        """What was entered. Only once the form has been found valid."""
        first: date | None = self.valid_from.data
        assert first is not None
        way, _colon, what = (self.way.data or "").partition(":")
        texts = {"fi": self.text_fi.data or "", "sv": self.text_sv.data or "", "en": self.text_en.data or ""}
        required = self.required.data == "yes"
        return Wanted(self.stage.data or "", self.procedure.data or "", texts, required, way, what, first)


class EndForm(FlaskForm):
    until = DatePartsField(
        _l("From which day does the point no longer hold?"),
        widget=DatePartsWidget(),
        description=_l(
            "Procurements that enter the stage on that day or later do not have it. Those already in the stage keep it."
        ),
        validators=[InputRequired(message=_l("Enter the day from which the point no longer holds"))],
    )
    save = SubmitField(_l("End the point"), widget=widgets.Submit())

    @property
    def day(self) -> date:
        """Only once the form has been found valid."""
        assert self.until.data is not None
        return self.until.data
