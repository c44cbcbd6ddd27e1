"""Forms of standard clauses: shape and input checks only."""

from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from procure.domain.clauses import LONGEST_TEXT, LONGEST_TITLE, Clause, Wanted
from procure.domain.language import LANGUAGES
from procure.web import widgets
from procure.web.fields import ONE_LINE, DatePartsField, DatePartsWidget, number_in

TOO_LONG: Final = _l("Use at most %(max)d characters")


def _title(label: Any, hint: Any = "") -> StringField:
    one_line = Regexp(ONE_LINE, message=_l("Write it on one line"))
    validators = (Optional(), Length(max=LONGEST_TITLE, message=TOO_LONG), one_line)
    return StringField(label, widget=widgets.Text(), description=hint, validators=validators)


def _text(label: Any, hint: Any = "") -> TextAreaField:
    length = Length(max=LONGEST_TEXT, message=TOO_LONG)
    shown = Regexp(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$", message=_l("Remove the characters that cannot be shown"))
    return TextAreaField(label, widget=widgets.LongText(), description=hint, validators=(Optional(), length, shown))


class Seen(FlaskForm):
    seen = HiddenField()

    @property
    def seen_edition(self) -> int:
        """-1 for what is no number."""
        found = number_in(self.seen.data)
        return -1 if found is None else found


class ClauseForm(Seen):
    part = SelectField(
        _l("Where does it stand?"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        description=_l("In a part, after the sentences that always stand there; or at the end, among the city’s clauses."),
    )
    title_fi = _title(
        _l("Heading in Finnish"), _l("One language is enough: documents in another language then show it, and say so.")
    )
    text_fi = _text(_l("Text in Finnish"))
    title_sv = _title(_l("Heading in Swedish"))
    text_sv = _text(_l("Text in Swedish"))
    title_en = _title(_l("Heading in English"))
    text_en = _text(_l("Text in English"))
    valid_from = DatePartsField(
        _l("From which day?"),
        widget=DatePartsWidget(),
        description=_l(
            "Documents of that day and later have it. What has been issued stays as it is, and says that it is out of date."
        ),
        validators=[InputRequired(message=_l("Enter the day from which the clause holds"))],
    )
    save = SubmitField(_l("Save as a new edition"), widget=widgets.Submit())

    def wanted(self, kind: str, subject: str) -> Wanted:
        """What was entered. Only once the form has been found valid."""
        first: date | None = self.valid_from.data
        assert first is not None
        titles = {code: self[f"title_{code}"].data or "" for code in LANGUAGES}
        texts = {code: self[f"text_{code}"].data or "" for code in LANGUAGES}
        return Wanted(kind, self.part.data or "", subject, titles, texts, first)


class EndForm(Seen):
    valid_from = DatePartsField(
        _l("From which day does the clause no longer stand in documents?"),
        widget=DatePartsWidget(),
        validators=[InputRequired(message=_l("Enter the day from which the clause no longer holds"))],
    )
    save = SubmitField(_l("End the clause"), widget=widgets.Submit())


def filled(present: Clause, today: date) -> dict[str, Any]:
    """What the form of a change begins with: the edition saved last."""
    titles = {f"title_{code}": present.titles.get(code, "") for code in LANGUAGES}
    texts = {f"text_{code}": present.texts.get(code, "") for code in LANGUAGES}
    first = max(present.valid_from, today)
    return titles | texts | {"part": present.part, "valid_from": first, "seen": str(present.edition)}
