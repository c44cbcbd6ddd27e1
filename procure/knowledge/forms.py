"""Forms of knowledge articles: shape and input checks only."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.domain.anonymising import Proposal
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget

LONGEST_TITLE: Final = 200
LONGEST_SHORT: Final = 1000
LONGEST: Final = 20_000
TOO_LONG: Final = _l("The text is too long: use at most %(max)d characters")
REMOVE, KEEP = "remove", "keep"
QUESTIONS: Final = 3
"""Questions at which one article can be offered."""


def _text(label: Any, hint: Any, most: int) -> TextAreaField:
    return TextAreaField(label, widget=widgets.LongText(), description=hint, validators=[Length(max=most, message=TOO_LONG)])


class TextForm(FlaskForm):
    """The article in one language; names as in domain.articles.FIELDS."""

    title = StringField(
        _l("Title of the article"), widget=widgets.Text(), validators=[Length(max=LONGEST_TITLE, message=TOO_LONG)]
    )
    question = _text(_l("The question"), _l("As any city could ask it."), LONGEST_SHORT * 3)
    short_answer = _text(
        _l("Short answer"), _l("Two or three sentences. They show wherever the article is offered."), LONGEST_SHORT
    )
    answer = _text(_l("Answer"), _l("An empty line begins a new paragraph."), LONGEST)
    citations = _text(
        _l("What it rests on (optional)"),
        _l("Sections of law, decisions of courts, guidance: one on each line."),
        LONGEST_SHORT * 3,
    )
    save = SubmitField(_l("Save the text"), widget=widgets.Submit())


class PlaceForm(FlaskForm):
    """Of what the article speaks, and where it is offered."""

    topic = SelectField(_l("Topic"), widget=widgets.Select(), choices=[], default="")
    section = SelectField(_l("Part of the questionnaire (optional)"), widget=widgets.Select(), choices=[], default="")
    stage = SelectField(_l("Stage (optional)"), widget=widgets.Select(), choices=[], default="")
    question_1 = SelectField(_l("Question (optional)"), widget=widgets.Select(), choices=[], default="")
    question_2 = SelectField(_l("Second question (optional)"), widget=widgets.Select(), choices=[], default="")
    question_3 = SelectField(_l("Third question (optional)"), widget=widgets.Select(), choices=[], default="")
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    @property
    def questions(self) -> list[Any]:
        return [self.question_1, self.question_2, self.question_3]

    def ask(self, topics: Sequence[Any], sections: Sequence[Any], stages: Sequence[Any], questions: Sequence[Any]) -> None:
        """Offer (id, words) of each."""
        self.topic.choices = [SelectChoice(value, label) for value, label in topics]
        for field, choices in [(self.section, sections), (self.stage, stages), *((one, questions) for one in self.questions)]:
            field.choices = [SelectChoice("", _l("None")), *(SelectChoice(value, label) for value, label in choices)]


class DecisionForm(FlaskForm):
    """What is to be removed and what stays, one radio and one reason for each; the fields are made by `decision_form`."""

    save = SubmitField(_l("Save the decisions"), widget=widgets.Submit())

    @property
    def decisions(self) -> tuple[list[str], dict[str, str]]:
        """Keys of what is removed, and key -> reason of what stays."""
        chosen = {name.removeprefix("do-"): field.data for name, field in self._fields.items() if name.startswith("do-")}
        kept = {key: self[f"why-{key}"].data or "" for key, act in chosen.items() if act == KEEP}
        return [key for key, act in chosen.items() if act == REMOVE], kept


def decision_form(proposals: Sequence[Proposal]) -> DecisionForm:
    """The form for these proposals, in their order."""
    fields: dict[str, Any] = {}
    for proposal in proposals:
        fields[f"do-{proposal.key}"] = RadioField(
            proposal.text,
            widget=widgets.Radios(),
            validate_choice=False,
            choices=[
                SelectChoice(REMOVE, _l("Remove: “%(words)s” comes in its place", words=proposal.replacement)),
                SelectChoice(KEEP, _l("Keep: it does not tell whose matter it was")),
            ],
        )
        fields[f"why-{proposal.key}"] = StringField(
            _l("Why it can stay"), widget=widgets.Text(), validators=[Length(max=300, message=TOO_LONG)]
        )
    form: DecisionForm = type("Decisions", (DecisionForm,), fields)()
    return form


class WordsForm(FlaskForm):
    words = StringField(
        _l("Words to remove"),
        widget=widgets.Text(),
        description=_l("Copy them from the text. They are removed wherever they stand, in every language."),
        validators=[DataRequired(message=_l("Copy the words here")), Length(max=300, message=TOO_LONG)],
    )
    remove = SubmitField(_l("Remove the words"), widget=widgets.Submit())


class ReasonForm(FlaskForm):
    text = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write the reason")), Length(max=6000, message=TOO_LONG)],
    )
    save = SubmitField(_l("Send"), widget=widgets.Submit())

    def ask(self, label: Any, button: Any) -> None:
        self.text.label.text, self.save.label.text = label, button


class ValidityForm(FlaskForm):
    valid_until: Field = DatePartsField(
        _l("Valid until"),
        widget=DatePartsWidget(),
        description=_l("At most five years ahead. The owner is asked every year whether it still holds."),
        validators=[InputRequired(message=_l("Enter the day until which it is valid"))],
    )
    save = SubmitField(_l("Publish"), widget=widgets.Submit())

    def ask(self, button: Any) -> None:
        self.save.label.text = button
