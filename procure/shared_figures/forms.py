"""The form of what a city agrees to: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from procure.domain.shared_figures import ALONE, NAMED, UNNAMED
from procure.web import widgets

CHOICE_NAMES = {
    ALONE: _l("No: our figures are shared with nobody"),
    UNNAMED: _l("Yes, without our name: our numbers are counted among those of the other cities"),
    NAMED: _l("Yes, and our city may be named in the list of cities that take part"),
}


class ConsentForm(FlaskForm):
    choice = RadioField(
        _l("Does the city share its figures with the network?"),
        widget=widgets.Radios(),
        choices=[SelectChoice(value, words) for value, words in CHOICE_NAMES.items()],
        validators=[InputRequired(message=_l("Choose whether the city shares its figures"))],
    )
    save = SubmitField(_l("Save the choice"), widget=widgets.Submit())
