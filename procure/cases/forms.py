"""Forms of a case's stages and procedure: shape and input checks only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from procure.cases.deadlines import Given
from procure.domain.after_events import CALL_OFF, DYNAMIC_PURCHASE, ONLY_TENDER, Asked
from procure.domain.deadlines import EMAIL, LETTER
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, number_in

LONGEST_REASON = 2000


class StageForm(FlaskForm):
    """What every act on a stage asks: the day it happened on."""

    happened_on = DatePartsField(
        _l("On which day did it happen?"),
        widget=DatePartsWidget(),
        description=_l("It may be an earlier day than today. Both the day and the time of recording are kept."),
        validators=[InputRequired(message=_l("Enter the day on which it happened"))],
    )
    seen = HiddenField()
    """How the stages stood on the page (`Progress.sequence`): whoever acts second is told."""

    @property
    def seen_sequence(self) -> int | None:
        """None when the page did not say."""
        return number_in(self.seen.data)

    @property
    def day(self) -> date:
        """The day that was entered. Only once the form has been found valid."""
        day = self.happened_on.data
        assert day is not None
        return day

    def propose(self, today: date, sequence: int = 0) -> None:
        """Put today, and how the stages stand, into a form that has not been sent yet."""
        if not self.is_submitted():
            self.happened_on.data = today
            self.seen.data = str(sequence or "")

    def look_again(self, sequence: int) -> None:
        """The person has been told that the stages stand otherwise now: sent once more, the form counts."""
        self.seen.data = str(sequence)


class CompleteForm(StageForm):
    """What completing a stage asks. `keep` takes away what this stage does not ask."""

    confirmed = SelectMultipleField(
        _l("Confirm what has been done"), widget=widgets.Checkboxes(), validate_choice=False
    )  # somebody may have ticked a point since the page was opened
    note = TextAreaField(
        _l("Note for the history (optional)"), widget=widgets.LongText(), validators=[Length(max=LONGEST_REASON)]
    )
    sent_by = RadioField(
        _l("How was the decision sent?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(EMAIL, _l("Electronically: it counts as received on the day it was sent")),
            SelectChoice(LETTER, _l("By letter: it counts as received on the 7th day after it was sent")),
        ],
        description=_l("If it was sent in several ways or on several days, give the last one (127 §)."),
        validators=[InputRequired(message=_l("Choose how the decision was sent: the periods are counted from it"))],
    )
    evidence = TextAreaField(
        _l("Evidence (optional)"),
        widget=widgets.LongText(),
        description=_l("What was sent or signed, to whom, and the number of the message, notice or document."),
        validators=[Length(max=LONGEST_REASON)],
    )
    tenders_due_on = DatePartsField(
        _l("Last day for tenders (optional)"),
        widget=DatePartsWidget(),
        description=_l("The last day for answers to questions is counted back from it (69 §)."),
        validators=[Optional()],
    )
    exception = RadioField(
        _l("Was the contract allowed earlier under an exception?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(CALL_OFF, _l("A purchase under a framework agreement (130 § 1 mom 1 k)")),
            SelectChoice(
                ONLY_TENDER,
                _l("The only acceptable tender, and nobody is left whose position the choice could affect (130 § 1 mom 2 k)"),
            ),
            SelectChoice(DYNAMIC_PURCHASE, _l("A purchase inside a dynamic purchasing system (130 § 1 mom 3 k)")),
        ],
        description=_l("The Act knows only these three. Leave it empty and correct the day if none of them applies."),
        validate_choice=False,
    )
    exception_reason = TextAreaField(
        _l("Why does the exception apply?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case."),
        validators=[Length(max=LONGEST_REASON)],
    )
    save = SubmitField(_l("Complete the stage"), widget=widgets.Submit())

    def keep(self, asked: Asked) -> None:
        """Leave out the fields that the stage does not ask."""
        for name in ("sent_by", "evidence", "tenders_due_on"):
            if not getattr(asked, name):
                del self[name]

    def confirmed_of(self, gate: Sequence[Any]) -> frozenset[str]:
        """The points of the gate (`cases.pages.GateLine`) that are confirmed with this form and stand open."""
        return frozenset(self.confirmed.data or ()) & {line.id for line in gate if line.by_person and not line.satisfied}

    @property
    def given(self) -> Given:
        """What was told besides the day and the note."""
        return Given(
            sent_by=self.sent_by.data if self.sent_by else "",
            evidence=(self.evidence.data or "").strip() if self.evidence else "",
            tenders_due_on=self.tenders_due_on.data if self.tenders_due_on else None,
            exception=self.exception.data or "",
            exception_reason=(self.exception_reason.data or "").strip(),
        )


class DoneForm(StageForm):
    note = TextAreaField(
        _l("Note for the history (optional)"),
        widget=widgets.LongText(),
        description=_l("For example the number of the notice or the message."),
        validators=[Length(max=LONGEST_REASON)],
    )
    save = SubmitField(_l("Mark as done"), widget=widgets.Submit())


class ReasonForm(StageForm):
    reason = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case."),
        validators=[
            InputRequired(message=_l("Write the reason: it is kept in the history of the case")),
            Length(max=LONGEST_REASON),
        ],
    )


class SkipForm(ReasonForm):
    save = SubmitField(_l("Skip the stage"), widget=widgets.Submit())


class ReturnForm(ReasonForm):
    stage = RadioField(
        _l("To which stage does the case go back?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose the stage to which the case goes back"))],
        validate_choice=False,  # the rules refuse a wrong stage, and say so when somebody else has moved the case meanwhile
    )
    save = SubmitField(_l("Go back to this stage"), widget=widgets.Submit())
