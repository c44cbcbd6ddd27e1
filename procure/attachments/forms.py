"""Forms of attachments: shape and input checks only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from procure.attachments.models import LONGEST_TITLE
from procure.attachments.service import too_large
from procure.web import widgets, wording
from procure.web.fields import ONE_LINE

LONGEST_NOTE = 500
LONGEST_REASON = 2000


class FileForm(FlaskForm):
    """What every form that takes a file has: the file, and whether so much of it arrived as may."""

    file = FileField(_l("File"), widget=widgets.File(), validators=[FileRequired(message=_l("Choose a file"))])

    def validate_file(self, field: Any) -> None:
        if getattr(getattr(field.data, "stream", None), "too_large", False):
            raise ValidationError(wording.sentence(too_large().reasons[0]))


class AddForm(FileForm):
    caption = StringField(
        _l("What the file is"),
        widget=widgets.Text(),
        description=_l("In a few words, so that others find it: for example, minutes of the market consultation"),
        validators=[
            InputRequired(message=_l("Enter what the file is")),
            Length(max=LONGEST_TITLE, message=_l("Use at most %(max)d characters")),
            Regexp(ONE_LINE, message=_l("Enter what the file is, on one line")),
        ],
    )
    document = SelectField(_l("Document of the procurement (optional)"), widget=widgets.Select())
    tender_material = BooleanField(
        _l("This is tender material"),
        widget=widgets.Checkbox(),
        description=_l(
            "It tells of tenders or of those who make them: only those who have declared that they have no conflict see it and its name"
        ),
    )
    save = SubmitField(_l("Add the attachment"), widget=widgets.Submit())


class VersionForm(FileForm):
    news = StringField(
        _l("What is new (optional)"),
        widget=widgets.Text(),
        validators=[Length(max=LONGEST_NOTE, message=_l("Use at most %(max)d characters"))],
    )
    save = SubmitField(_l("Add the version"), widget=widgets.Submit())


class RemoveForm(FlaskForm):
    reason = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case."),
        validators=[
            InputRequired(message=_l("Write the reason: it is kept in the history of the case")),
            Length(max=LONGEST_REASON, message=_l("Use at most %(max)d characters")),
        ],
    )
    save = SubmitField(_l("Remove the attachment"), widget=widgets.Submit())
