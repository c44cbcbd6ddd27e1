"""Forms of choosing: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SubmitField, TextAreaField
from wtforms.validators import Length

from procure.cases.forms import LONGEST_REASON, ReasonForm, StageForm
from procure.web import widgets


class ChoiceForm(StageForm):
    """`seen`: the mark of the advice that stood beside the form."""

    seen = HiddenField()
    reason = TextAreaField(
        _l("Why this procedure?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case and stands in the memo of the choice."),
        validators=[Length(max=LONGEST_REASON)],
    )
    save = SubmitField(_l("Choose this procedure"), widget=widgets.Submit())

    def make_reason_optional(self) -> None:
        """The recommended procedure needs no reason of its own."""
        self.reason.label.text = _l("Why this procedure? (optional)")


class ConfirmForm(ReasonForm):
    seen = HiddenField()
    save = SubmitField(_l("Keep the procedure"), widget=widgets.Submit())
