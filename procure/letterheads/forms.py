"""The form of a city's letterhead: shape and input checks only."""

from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from procure.domain.language import LANGUAGES
from procure.domain.letterheads import ALIKE, IN_LANGUAGES, LONGEST, LONGEST_FOOTER, Letterhead, Logo
from procure.letterheads.service import Wanted, too_large
from procure.web import widgets, wording
from procure.web.fields import ONE_LINE, DatePartsField, DatePartsWidget, number_in

TOO_LONG: Final = _l("Use at most %(max)d characters")
ONE: Final = _l("Write it on one line")


def _line(label: Any, hint: Any = "", most: int = LONGEST) -> StringField:
    validators = (Optional(), Length(max=most, message=TOO_LONG), Regexp(ONE_LINE, message=ONE))
    return StringField(label, widget=widgets.Text(), description=hint, validators=validators)


class LetterheadForm(FlaskForm):
    """Every field may be empty: what is not there is not printed."""

    logo = FileField(
        _l("Logo"),
        widget=widgets.File(),
        description=_l(
            "PNG or JPEG, at most 1 MB, each side from 60 to 2,500 pixels. Only the picture itself is kept; "
            "what is transparent becomes white."
        ),
    )
    without_logo = BooleanField(_l("Leave the present logo out from now on"), widget=widgets.Checkbox())
    both_names = BooleanField(
        _l("Print the city’s Finnish and Swedish names side by side"),
        widget=widgets.Checkbox(),
        description=_l("For a bilingual city. The name in the document’s language comes first."),
    )
    unit_fi = _line(_l("Unit in Finnish"), _l("For example: Hankintapalvelut"))
    unit_sv = _line(_l("Unit in Swedish"))
    unit_en = _line(_l("Unit in English"))
    street_fi = _line(_l("Street or post office box in Finnish"))
    street_sv = _line(_l("Street or post office box in Swedish"))
    street_en = _line(_l("Street or post office box in English"))
    post_code = _line(_l("Post code"), _l("Five digits"))
    place_fi = _line(_l("Place in Finnish"))
    place_sv = _line(_l("Place in Swedish"))
    place_en = _line(_l("Place in English"))
    phone = _line(_l("Telephone"), _l("For example: +358 3 565 611"))
    email = _line(_l("E-mail"))
    web = _line(_l("Web address"), _l("For example: www.kunta.fi/hankinnat"))
    business_id = _line(_l("Business ID"), _l("For example: 1234567-1"))
    registry_fi = _line(
        _l("Registry’s address in Finnish"), _l("Where official post goes: an e-mail address, or street and place")
    )
    registry_sv = _line(_l("Registry’s address in Swedish"))
    registry_en = _line(_l("Registry’s address in English"))
    footer_fi = _line(
        _l("Line at the foot of each page in Finnish"),
        _l("Readers of a screen reader do not hear it: whatever everybody needs has to stand in the fields above, too."),
        LONGEST_FOOTER,
    )
    footer_sv = _line(_l("Line at the foot of each page in Swedish"), most=LONGEST_FOOTER)
    footer_en = _line(_l("Line at the foot of each page in English"), most=LONGEST_FOOTER)
    valid_from = DatePartsField(
        _l("From which day?"),
        widget=DatePartsWidget(),
        description=_l("Documents of that day and later carry it. What has been issued stays as it is."),
        validators=[InputRequired(message=_l("Enter the day from which the letterhead holds"))],
    )
    seen = HiddenField()
    save = SubmitField(_l("Save as a new edition"), widget=widgets.Submit())

    def validate_logo(self, field: Any) -> None:
        if getattr(getattr(field.data, "stream", None), "too_large", False):
            raise ValidationError(wording.sentence(too_large().reasons[0]))

    @property
    def seen_edition(self) -> int:
        """-1 for what is no number."""
        found = number_in(self.seen.data)
        return -1 if found is None else found

    def wanted(self, logo: Logo | None) -> Wanted:
        """What was entered. Only once the form has been found valid."""
        first: date | None = self.valid_from.data
        assert first is not None
        words = {name: {code: self[f"{name}_{code}"].data or "" for code in LANGUAGES} for name in IN_LANGUAGES}
        facts = {name: self[name].data or "" for name in ALIKE}
        return Wanted(words, facts, bool(self.both_names.data), logo, first)


def filled(present: Letterhead | None, today: date) -> dict[str, Any]:
    """What the form begins with: the edition saved last, or nothing."""
    data: dict[str, Any] = {"valid_from": today, "seen": "0"}
    if present is None:
        return data
    words = {f"{name}_{code}": present.words.get(name, {}).get(code, "") for name in IN_LANGUAGES for code in LANGUAGES}
    first = max(present.valid_from, today)
    return (
        data | words | dict(present.facts) | {"both_names": present.both_names, "valid_from": first, "seen": str(present.edition)}
    )
