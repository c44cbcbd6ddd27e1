"""Forms of the case list: the name of a view, the columns."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Regexp

from procure.web import widgets
from procure.web.fields import ONE_LINE

LONGEST_NAME = 60


class ViewForm(FlaskForm):
    name = StringField(
        _l("Name of the view"),
        widget=widgets.Text(),
        description=_l("For example: my late cases"),
        validators=[
            InputRequired(message=_l("Enter a name for the view")),
            Length(max=LONGEST_NAME, message=_l("Use at most %(max)d characters")),
            Regexp(ONE_LINE, message=_l("Enter a name for the view")),
        ],
    )
    save = SubmitField(_l("Save the view"), widget=widgets.Submit())


class RemoveViewForm(FlaskForm):
    save = SubmitField(_l("Remove"), widget=widgets.Submit())


class ColumnsForm(FlaskForm):
    columns = SelectMultipleField(
        _l("Columns"),
        widget=widgets.Checkboxes(),
        description=_l("The case itself is always shown. When you choose none, the usual columns are shown."),
    )
    save = SubmitField(_l("Save the columns"), widget=widgets.Submit())
