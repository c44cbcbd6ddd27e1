"""The form with the file: shape and input checks only."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SubmitField
from wtforms.validators import ValidationError

from procure.domain.attachments import MEGABYTE
from procure.verification.service import LARGEST_FILE
from procure.web import widgets


class VerifyForm(FlaskForm):
    file = FileField(
        _l("The document as a PDF"), widget=widgets.File(), validators=[FileRequired(message=_l("Choose the document as a PDF"))]
    )
    save = SubmitField(_l("Check"), widget=widgets.Submit())

    def validate_file(self, field: Any) -> None:
        if getattr(getattr(field.data, "stream", None), "too_large", False):
            raise ValidationError(
                _("The file is too large to be checked here: at most %(most)s MB", most=LARGEST_FILE // MEGABYTE)
            )
