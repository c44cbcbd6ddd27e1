"""Forms of tenders, reviews and effects: shape and input checks only. What is left empty is not known."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, RadioField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from procure.catalogue import results as catalogue
from procure.catalogue.results import Word
from procure.domain import results as rules
from procure.domain.results import Aim, Measurement
from procure.domain.reviews import LONGEST_DIARY, OUTCOMES_OF, STAYS, Decision, Said
from procure.results.service import Words
from procure.web import widgets
from procure.web.fields import MINUS, SPACES, DatePartsField, DatePartsWidget, WholeNumberField, number_in
from procure.web.language import language

TOO_LONG = _l("The text is too long: use at most %(max)d characters")
NOT_KNOWN: Final = ""


def choices(words: Iterable[Word], not_known: bool = False) -> list[SelectChoice]:
    """In the language of the page; with "not known" last."""
    found = [SelectChoice(word.id, word.name[language()]) for word in words]
    return [*found, SelectChoice(NOT_KNOWN, _("Not known yet"))] if not_known else found


def _line(label: Any, hint: Any = "", most: int = rules.LONGEST_LINE) -> StringField:
    return StringField(label, widget=widgets.Text(), description=hint, validators=[Length(max=most, message=TOO_LONG)])


def _text(label: Any, hint: Any = "") -> TextAreaField:
    return TextAreaField(
        label, widget=widgets.LongText(), description=hint, validators=[Length(max=rules.LONGEST_TEXT, message=TOO_LONG)]
    )


def _day(label: Any, hint: Any = "", missing: Any = "") -> DatePartsField:
    needed = InputRequired(message=missing) if missing else Optional()
    return DatePartsField(label, widget=DatePartsWidget(), description=hint, validators=[needed])


def read_decimal(text: str) -> Decimal | None:
    """A number as people write it, below zero too, with at most three decimals; None for nothing. ValueError with a sentence."""
    for left_out in (*SPACES, "€"):
        text = text.replace(left_out, "")
    if not text:
        return None
    sign = "-" if text.startswith(MINUS) else ""
    text = (text[1:] if sign else text).replace(",", ".")
    try:
        if not text.isascii() or not text.replace(".", "", 1).isdecimal():
            raise ValueError(text)
        value = Decimal(sign + text)
        if abs(value) > rules.LARGEST or len(text.partition(".")[2]) > 3:
            raise ValueError(text)
    except (ValueError, InvalidOperation) as error:
        raise ValueError(_("Enter a number, such as 12 500 or -3,5: at most three decimals")) from error
    return value


def typed_decimal(value: Decimal | None) -> str:
    """As `read_decimal` reads it back."""
    if value is None:
        return ""
    text = format(value, "f")
    return text if str(get_locale()).startswith("en") else text.replace(".", ",")


class NumberField(DecimalField):
    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        self.data = read_decimal(valuelist[0].strip()) if valuelist else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed_decimal(self.data)


def _number(label: Any, hint: Any = "") -> NumberField:
    return NumberField(label, widget=widgets.Text(), description=hint, validators=[Optional()])


def _count(label: Any) -> WholeNumberField:
    return WholeNumberField(label, widget=widgets.Text(), validators=[Optional()], most=rules.MOST)


class SeenForm(FlaskForm):
    """`seen`: the entry that was on the screen, or the number given last: whoever acts second is told."""

    seen = HiddenField()
    reason = _text(_l("Why is it corrected?"), _l("It is kept in the history of the case."))

    @property
    def seen_number(self) -> int:
        return number_in(self.seen.data) or 0

    def propose(self, seen: int) -> None:
        """Say what is on the screen now: also after somebody has been told that something has changed."""
        self.seen.data = str(seen)

    def without_reason(self) -> None:
        """Nothing is there yet that could be corrected."""
        del self.reason

    @property
    def why(self) -> str:
        return self.reason.data or "" if self.reason is not None else ""


class TendersForm(SeenForm):
    requests = _count(_l("Requests to participate"))
    tenders = _count(_l("Tenders"))
    electronic = _count(_l("Of the tenders: submitted electronically"))
    sme = _count(_l("Of the tenders: from SMEs"))
    other_eea = _count(_l("Of the tenders: from other EEA countries"))
    non_eea = _count(_l("Of the tenders: from outside the EEA"))
    excluded = _count(_l("Candidates or tenderers excluded (80–81 §)"))
    rejected = _count(_l("Tenders rejected"))
    rejected_low = _count(_l("Of the rejected: because of an abnormally low price (96 §)"))
    save = SubmitField(_l("Save the numbers"), widget=widgets.Submit())

    @property
    def numbers(self) -> dict[str, int]:
        """Those that were given."""
        return {name: value for name in rules.NUMBERS if name in self and (value := self[name].data) is not None}

    def show(self, numbers: Any) -> None:
        for name in rules.NUMBERS:
            if name in self:
                self[name].data = numbers.get(name)


class ReviewForm(SeenForm):
    """`keep` takes away what the person does not see."""

    kind = RadioField(
        _l("Which kind of review is it?"), widget=widgets.Radios(), choices=[],
        validators=[InputRequired(message=_l("Choose which kind of review it is"))],
    )  # fmt: skip
    filed_on = _day(
        _l("When was it filed, demanded or begun?"), missing=_l("Enter the day on which it was demanded, filed or begun")
    )
    served_on = _day(_l("When was the city told of it? (optional)"))
    diary = _line(_l("Diary number (optional)"), _l("For example 123/2026."), LONGEST_DIARY)
    party = RadioField(
        _l("By whom, in general?"), widget=widgets.Radios(), choices=[], default=NOT_KNOWN, validators=[Optional()],
        description=_l("No names here: everybody who reads the case sees this."),
    )  # fmt: skip
    subject = RadioField(_l("What is it about?"), widget=widgets.Radios(), choices=[], default=NOT_KNOWN, validators=[Optional()])
    stay = RadioField(
        _l("Does the contract wait for the court?"), widget=widgets.Radios(), choices=[], default=NOT_KNOWN, validators=[Optional()],
        description=_l("For an appeal to a court only. Left open, the Act decides (150 §)."),
    )  # fmt: skip
    supplier = _line(_l("Name of the supplier (optional)"), _l("Tender material: seen only after a declaration of interests."))
    text = _text(_l("What is demanded, and why (optional)"), _l("Tender material: seen only after a declaration of interests."))
    save = SubmitField(_l("Save the review"), widget=widgets.Submit())

    def offer(self, opens: bool) -> None:
        """The lists in the language of the page; the supplier's name only where tender material is open."""
        found = catalogue.catalogue()
        self.kind.choices = choices(found.reviews.values())
        self.party.choices = choices(found.parties.values(), not_known=True)
        self.subject.choices = choices(found.subjects.values(), not_known=True)
        self.stay.choices = choices((found.stays[stay] for stay in STAYS), not_known=True)
        if not opens:
            del self.supplier, self.text

    @property
    def said(self) -> Said:
        return Said(
            self.kind.data, self.filed_on.data, self.served_on.data, (self.diary.data or "").strip(), self.party.data or "",
            self.subject.data or "", self.stay.data or "",
        )  # fmt: skip

    @property
    def words(self) -> Words | None:
        """None where they are not shown."""
        if self.supplier is None:
            return None
        return Words((self.supplier.data or "").strip(), (self.text.data or "").replace("\r\n", "\n").strip())

    def show(self, said: Said, words: Words | None) -> None:
        for name in ("kind", "filed_on", "served_on", "diary", "party", "subject", "stay"):
            self[name].data = getattr(said, name)
        if words is not None and self.supplier is not None:
            self.supplier.data, self.text.data = words.supplier, words.text


class OutcomeForm(SeenForm):
    decided_on = _day(_l("When was it decided or withdrawn?"), missing=_l("Enter the day of the outcome"))
    outcomes = SelectMultipleField(
        _l("Outcome"), widget=widgets.Checkboxes(), choices=[], validators=[InputRequired(message=_l("Choose the outcome"))],
        description=_l("Choose one; where the decision was changed, everything that was ordered."),
    )  # fmt: skip
    follows = _text(
        _l("What follows (optional)"), _l("What the city does now. No names here: everybody who reads the case sees this.")
    )
    save = SubmitField(_l("Save the outcome"), widget=widgets.Submit())

    def offer(self, kind: str) -> None:
        words = catalogue.catalogue().outcomes
        self.outcomes.choices = choices(words[outcome] for outcome in OUTCOMES_OF[kind])

    @property
    def decision(self) -> Decision:
        """Only after validation."""
        assert self.decided_on.data is not None
        follows = (self.follows.data or "").replace("\r\n", "\n").strip()
        return Decision(self.decided_on.data, tuple(self.outcomes.data or ()), follows)

    def show(self, decision: Decision) -> None:
        self.decided_on.data, self.outcomes.data, self.follows.data = (
            decision.decided_on,
            list(decision.outcomes),
            decision.follows,
        )


class RemoveForm(SeenForm):
    reason = TextAreaField(
        _l("Why is it taken back?"), widget=widgets.LongText(), description=_l("It is kept in the history of the case."),
        validators=[Length(max=rules.LONGEST_TEXT, message=TOO_LONG)],
    )  # fmt: skip
    save = SubmitField(_l("Take it back"), widget=widgets.Submit())


class AimForm(SeenForm):
    kind = RadioField(
        _l("What kind of effect is it?"), widget=widgets.Radios(), choices=[],
        validators=[InputRequired(message=_l("Choose what kind of effect it is"))],
    )  # fmt: skip
    indicator = _line(_l("What is measured?"), _l("For savings and emissions only if it needs a name of its own."))
    unit = _line(_l("Unit of another effect (optional)"), _l("For example minutes, kilometres or per cent."), 60)
    span = RadioField(
        _l("Which time is the number of?"), widget=widgets.Radios(), choices=[], default=NOT_KNOWN, validators=[Optional()]
    )  # fmt: skip
    reference = _text(_l("Against what is it counted?"), _l("For example the present contract, or the same work done as before."))
    method = _text(_l("How is it worked out?"), _l("Formula, assumptions and what is left out."))
    source = _line(_l("Source of the expectation (optional)"))
    baseline = _number(_l("Baseline of another effect (optional)"))
    expected = _number(
        _l("Expected"),
        _l(
            "Savings: euros without VAT. Emissions: tonnes of CO2 equivalent, a cut with a minus sign. Another effect: the target. "
            "Empty: not known yet."
        ),
    )
    save = SubmitField(_l("Save the effect"), widget=widgets.Submit())

    def offer(self) -> None:
        found = catalogue.catalogue()
        self.kind.choices = choices(found.effects.values())
        self.span.choices = [*choices(found.spans.values()), SelectChoice(NOT_KNOWN, _("Neither"))]

    @property
    def aim(self) -> Aim:
        words = {
            name: (self[name].data or "").replace("\r\n", "\n").strip()
            for name in ("indicator", "unit", "span", "reference", "method", "source")
        }
        return Aim(self.kind.data, **words, baseline=self.baseline.data, expected=self.expected.data)

    def show(self, aim: Aim) -> None:
        for name in ("kind", "indicator", "unit", "span", "reference", "method", "source", "baseline", "expected"):
            self[name].data = getattr(aim, name)


class MeasureForm(SeenForm):
    on = _day(_l("By which day was it measured?"), missing=_l("Enter the day by which it was measured"))
    value = _number(_l("Achieved"), _l("Empty: it could not be measured, or is not known."))
    source = _line(_l("Source"), _l("For example a meter, an invoice or a survey, and of which time."))
    note = _text(_l("Note (optional)"), _l("What part comes from the solution, what was different than expected."))
    save = SubmitField(_l("Save what was measured"), widget=widgets.Submit())

    @property
    def measurement(self) -> Measurement:
        """Only after validation."""
        assert self.on.data is not None
        note = (self.note.data or "").replace("\r\n", "\n").strip()
        return Measurement(self.on.data, self.value.data, (self.source.data or "").strip(), note)
