"""Forms of approvals: shape and input checks only."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from procure.approvals.service import Wanted
from procure.domain.approvals import ALL, CHANGES_ASKED, GIVEN, LONGEST_WORDS, MOST_PEOPLE, OF, ORDER, REJECTED
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, WholeNumberField, number_in

TOO_LONG: Final = _l("The text is too long: use at most %(max)d characters")
PLACES: Final = range(1, MOST_PEOPLE + 1)
SHOWN: Final = 3
"""So many persons are asked for at once; the others are folded away."""


def _person(place: int) -> SelectField:
    label = _l("Person %(place)s", place=place) if place == 1 else _l("Person %(place)s (optional)", place=place)
    return SelectField(label, widget=widgets.Select(), choices=[], validate_choice=False, default="")


class AskForm(FlaskForm):
    """What is to be approved, by whom and how."""

    subject = RadioField(
        _l("What is to be approved?"),
        widget=widgets.Radios(),
        choices=[],
        validators=[InputRequired(message=_l("Choose what is to be approved"))],
    )
    words = TextAreaField(
        _l("Words to those who approve (optional)"),
        widget=widgets.LongText(),
        description=_l("For something else: what it is. The words are kept in the history of the case."),
        validators=[Length(max=LONGEST_WORDS, message=TOO_LONG)],
    )
    person_1, person_2, person_3, person_4, person_5, person_6, person_7 = map(_person, PLACES)
    rule = RadioField(
        _l("Who has to approve?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(ALL, _l("Everybody, in any order")),
            SelectChoice(ORDER, _l("Everybody, one after another in the order above")),
            SelectChoice(OF, _l("So many of them, in any order")),
        ],
        default=ALL,
        validators=[InputRequired(message=_l("Choose who has to approve"))],
    )
    needed = WholeNumberField(
        _l("How many of them?"),
        widget=widgets.Text(),
        description=_l("Only when not everybody has to approve."),
        validators=[Optional()],
        most=MOST_PEOPLE,
    )
    due_on = DatePartsField(
        _l("By which day?"),
        widget=DatePartsWidget(),
        validators=[InputRequired(message=_l("Enter the day by which you need the approval"))],
    )
    save = SubmitField(_l("Ask for approval"), widget=widgets.Submit())

    @property
    def people(self) -> list[Any]:
        return [getattr(self, f"person_{place}") for place in PLACES]

    @property
    def first_people(self) -> list[Any]:
        return self.people[:SHOWN]

    @property
    def other_people(self) -> list[Any]:
        return self.people[SHOWN:]

    @property
    def wanted(self) -> Wanted:
        people = tuple(number_in(field.data) or 0 for field in self.people if field.data)
        return Wanted(
            self.subject.data or "", self.words.data or "", self.rule.data or "", self.needed.data or 0, people, self.due_on.data
        )


class SayForm(FlaskForm):
    saying = RadioField(
        _l("Your answer"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(GIVEN, _l("I approve")),
            SelectChoice(CHANGES_ASKED, _l("I ask for changes")),
            SelectChoice(REJECTED, _l("I reject")),
        ],
        validators=[InputRequired(message=_l("Choose your answer"))],
    )
    words = TextAreaField(
        _l("Your words"),
        widget=widgets.LongText(),
        description=_l("Needed when you ask for changes or reject. They are kept in the history of the case."),
        validators=[Length(max=LONGEST_WORDS, message=TOO_LONG)],
    )
    save = SubmitField(_l("Send the answer"), widget=widgets.Submit())


class DelegateForm(FlaskForm):
    to = SelectField(
        _l("To whom?"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose to whom you hand it"))],
    )
    save = SubmitField(_l("Hand on"), widget=widgets.Submit())

    @property
    def to_id(self) -> int:
        return number_in(self.to.data) or 0


class WithdrawForm(FlaskForm):
    save = SubmitField(_l("Withdraw the request"), widget=widgets.Submit())
