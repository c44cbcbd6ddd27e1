"""Forms of opinions: shape and input checks only. What an opinion lacks, the rules say when it is issued: a draft may lack anything."""

from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from procure.domain.opinions import CONFIDENCES, MARKS, Content, Review
from procure.domain.support import OPINION_PARTS, Opinion
from procure.support.forms import LONGEST, TOO_LONG
from procure.web import widgets

LONGEST_PART: Final = 20_000


def _part(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        label, widget=widgets.LongText(), description=hint, validators=[Length(max=LONGEST_PART, message=TOO_LONG)],
    )  # fmt: skip


class OpinionForm(FlaskForm):
    """The parts of an opinion; the ids are those of `domain.opinions.Content`. `seen`: the version of the draft that it began from."""

    seen = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    question = _part(_l("The question"), _l("As you have understood it, in your own words."))
    facts_used = _part(_l("Facts used"), _l("What the city told you and what else you rely on, with its source."))
    opinion = _part(_l("Opinion and reasons"), _l("Your advice, with reasons and sections of law."))
    citations = SelectMultipleField(
        _l("Sections of law"),
        widget=widgets.Checkboxes(),
        validate_choice=False,
        description=_l("Those that the opinion rests on."),
    )
    more_citations = SelectMultipleField(_l("Other sections"), widget=widgets.Checkboxes(), validate_choice=False)
    alternatives_and_risks = _part(_l("Alternatives and risks"), _l("What else could be done, and what could go wrong."))
    confidence = RadioField(
        _l("How certain are you?"),
        widget=widgets.Radios(),
        choices=[SelectChoice("high", _l("High")), SelectChoice("medium", _l("Medium")), SelectChoice("low", _l("Low"))],
        validators=[Optional()],
    )
    confidence_reason = _part(_l("Why that certain?"), _l("What supports the opinion, and what could change it."))
    limits = _part(_l("Limits of the opinion"), _l("What you did not examine, and what the opinion does not answer."))
    conflict_statement = _part(_l("Statement on conflicts of interest"), _l("It appears in the opinion as you write it here."))
    changed = _part(_l("What has changed?"), _l("It stands at the head of the new version."))
    why = _part(_l("Why was it corrected?"), "")

    def offer(self, of_topic: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> None:
        """The sections of law: those of the topic, and the rest."""
        self.citations.choices = [SelectChoice(value, label) for value, label in of_topic]
        self.more_citations.choices = [SelectChoice(value, label) for value, label in others]

    def show(self, content: Content, seen: int) -> None:
        """Put in what has been written so far."""
        for part in OPINION_PARTS:
            self[part].data = getattr(content.parts, part)
        for name in ("confidence_reason", "changed", "why"):
            self[name].data = getattr(content, name)
        self.confidence.data = content.confidence or None
        offered = {choice.value for choice in self.citations.choices}
        self.citations.data = [name for name in content.citations if name in offered]
        self.more_citations.data = [name for name in content.citations if name not in offered]
        self.seen.data = seen

    def settle(self) -> None:
        """A reason about sections of law stands where there are some to choose."""
        if not self.citations.choices:
            self.more_citations.errors = [*self.more_citations.errors, *self.citations.errors]
            self.citations.errors = []

    def content(self, correction: bool) -> Content:
        """What has been written. `correction`: whether what changed belongs to it."""
        parts = Opinion(**{part: self[part].data or "" for part in OPINION_PARTS})
        chosen = self.confidence.data if self.confidence.data in CONFIDENCES else ""
        changed, why = (self.changed.data or "", self.why.data or "") if correction else ("", "")
        picked = (*(self.citations.data or ()), *(self.more_citations.data or ()))
        return Content(parts, picked, chosen, self.confidence_reason.data or "", changed, why)


class ReaderForm(FlaskForm):
    """Whom the expert asks to read the draft."""

    reader = SelectField(
        _l("Who reads the draft?"),
        widget=widgets.Select(),
        coerce=int,
        description=_l("Another expert or a coordinator of the network, who declares own interests before the draft opens."),
        validators=[InputRequired(message=_l("Choose who reads the draft"))],
    )

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.reader.choices = [SelectChoice(value, label) for value, label in people]


class ReaderDeclarationForm(FlaskForm):
    """The second reader's own interests."""

    interest = RadioField(
        _l("Do you have a conflict of interest?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("none", _l("I have no conflict of interest, and I read the draft")),
            SelectChoice("conflict", _l("I have a conflict of interest, or my impartiality could be doubted")),
        ],
        validators=[InputRequired(message=_l("Say whether you have a conflict of interest"))],
    )
    text = TextAreaField(
        _l("Grounds"),
        widget=widgets.LongText(),
        description=_l(
            "Required if you have a conflict of interest. The declaration is kept with its date and is never changed."
        ),
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )


class ReadingForm(FlaskForm):
    """What the second reader says. `seen`: fingerprint of the words that were read."""

    seen = HiddenField(validators=[Length(max=64)])
    verdict = RadioField(
        _l("What do you say of the draft?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("agree", _l("I agree: it can be issued as it is")),
            SelectChoice("return", _l("I return it with remarks")),
        ],
        validators=[InputRequired(message=_l("Say whether you agree"))],
    )
    remarks = TextAreaField(
        _l("Remarks"),
        widget=widgets.LongText(),
        description=_l("Required when you return the draft. Only the expert sees them."),
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )


def _mark(label: str) -> RadioField:
    steps = [SelectChoice(str(mark), str(mark)) for mark in range(1, 6)]
    return RadioField(
        label,
        widget=widgets.Radios(),
        choices=steps,
        validators=[Optional()],
        description=_l("1 is the lowest, 5 the highest mark."),
    )


class ReviewForm(FlaskForm):
    """What the city made of the opinion. `version`: the one that was on the screen."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(message=_l("Open the page again"))])
    outcome = RadioField(
        _l("Has the city followed the opinion?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("followed", _l("Yes, it has been followed")),
            SelectChoice("partly", _l("In part")),
            SelectChoice("not_followed", _l("No")),
        ],
        validators=[InputRequired(message=_l("Say whether the opinion has been followed"))],
    )
    because = TextAreaField(
        _l("Because"),
        widget=widgets.LongText(),
        description=_l(
            "Required unless the opinion has been followed. The expert and the coordinator of the network see it too."
        ),
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )
    useful = _mark(_l("Was it useful? (optional)"))
    clear = _mark(_l("Was it clear? (optional)"))
    in_time = _mark(_l("Did it come in time? (optional)"))

    def review(self) -> Review:
        marks = {mark: int(self[mark].data) if self[mark].data else None for mark in MARKS}
        return Review(self.outcome.data or "", self.because.data or "", marks)
