"""Forms of the thread: messages with files, meetings and what came of them. Shape and input checks only."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from procure.domain import threads
from procure.domain.attachments import LARGEST_FILE, MEGABYTE
from procure.domain.outcomes import Reason
from procure.support.forms import LONGEST, TOO_LONG
from procure.web import widgets, wording
from procure.web.fields import DatePartsField, DatePartsWidget

NO_QUESTION = "0"
CLOCK_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")


class TalkForm(FlaskForm):
    """A message. `ask` puts in the words of this side; what a side is not asked, its form has not."""

    what = RadioField(
        _l("What do you write?"),
        widget=widgets.Radios(),
        default="question",
        choices=[
            SelectChoice("question", _l("A question: the request waits for the city’s answer")),
            SelectChoice("message", _l("A message: nothing waits for an answer")),
        ],
        validators=[InputRequired(message=_l("Choose whether this is a question or a message"))],
    )
    question = RadioField(
        _l("Which question do you answer?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose the question that you answer, or none of them"))],
    )
    text = TextAreaField(
        _l("Message"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write the message")), Length(max=LONGEST, message=TOO_LONG)],
    )
    file = MultipleFileField(_l("Files (optional)"), widget=widgets.File())
    save = SubmitField(_l("Send"), widget=widgets.Submit())

    def ask(self, label: str, button: str, may_ask: bool, city: bool, questions: Sequence[tuple[int, str]]) -> None:
        """`may_ask`: whether questions can be asked; `city`: whether they are answered. `questions`: id and words of
        those that wait; with fewer than two there is nothing to choose between."""
        self.text.label.text, self.save.label.text = label, button
        if not may_ask:
            del self.what
        if not city or len(questions) < 2:
            del self.question
        else:
            named = [SelectChoice(str(number), text) for number, text in questions]
            self.question.choices = [*named, SelectChoice(NO_QUESTION, _l("None of them: I add something"))]

    @property
    def is_question(self) -> bool:
        return "what" in self and self.what.data == "question"

    @property
    def answered(self) -> int | None:
        return int(self.question.data) if "question" in self and self.question.data != NO_QUESTION else None

    @property
    def chosen(self) -> list[Any]:
        """The files that were chosen; a browser sends an empty one for none."""
        return [file for file in self.file.data or [] if getattr(file, "filename", "")]

    def validate_file(self, field: Any) -> None:
        if len(self.chosen) > threads.MOST_FILES:
            raise ValidationError(wording.sentence(Reason("thread_files_many", {"most": str(threads.MOST_FILES)})))
        if any(getattr(file.stream, "too_large", False) for file in self.chosen):
            raise ValidationError(wording.sentence(Reason("attachment_large", {"most": str(LARGEST_FILE // MEGABYTE)})))


class MeetingForm(FlaskForm):
    """A meeting; the people are put in by the page."""

    day = DatePartsField(
        _l("Day"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the day of the meeting"))]
    )
    begins = StringField(
        _l("Begins at"),
        widget=widgets.Text(),
        description=_l("Finnish time, for example 13:00"),
        validators=[InputRequired(message=_l("Enter when the meeting begins"))],
    )
    minutes = SelectField(_l("Length of the meeting"), widget=widgets.Select(), coerce=int, default=60)
    place = StringField(
        _l("Place"),
        widget=widgets.Text(),
        description=_l("A meeting has a place, a link, or both"),
        validators=[Length(max=200, message=TOO_LONG)],
    )
    link = StringField(
        _l("Link to an online meeting"),
        widget=widgets.Text(),
        description=_l("Begins with https://"),
        validators=[Optional(), Length(max=500, message=TOO_LONG)],
    )
    people = SelectMultipleField(
        _l("Who is invited?"),
        widget=widgets.Checkboxes(),
        coerce=int,
        description=_l("They get the invitation by e-mail, with an entry for their calendars."),
        validators=[InputRequired(message=_l("Choose who is invited"))],
    )
    save = SubmitField(_l("Send the invitation"), widget=widgets.Submit())

    def ask(self, people: Sequence[tuple[int, str]], lengths: Sequence[tuple[int, str]]) -> None:
        self.people.choices = [SelectChoice(number, name) for number, name in people]
        self.minutes.choices = list(lengths)

    def validate_begins(self, field: Any) -> None:
        if not CLOCK_TIME.fullmatch((field.data or "").strip()):
            raise ValidationError(_l("Enter a time such as 13:00"))

    @property
    def at(self) -> time:
        """When it begins. Only of a form that is valid."""
        found = CLOCK_TIME.fullmatch((self.begins.data or "").strip())
        assert found is not None
        return time(int(found[1]), int(found[2] or 0))


class ReportForm(FlaskForm):
    participants = TextAreaField(
        _l("Who took part?"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write who took part")), Length(max=LONGEST, message=TOO_LONG)],
    )
    summary = TextAreaField(
        _l("What was said and agreed?"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write what was said and agreed")), Length(max=LONGEST, message=TOO_LONG)],
    )
    save = SubmitField(_l("Add to the request"), widget=widgets.Submit())
