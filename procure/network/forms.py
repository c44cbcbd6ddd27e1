"""Forms of the network: shape and input checks only."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from procure.domain.network import (
    LONGEST_ABOUT,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_OPEN,
    MOST_SOURCES,
    Fact,
    Meeting,
    Words,
    read_time,
    sources_in,
)
from procure.network.people_service import Wanted
from procure.network.queries import Profile
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, WholeNumberField, number_in

TOO_LONG: Final = _l("The text is too long: use at most %(max)d characters")


class SeenForm(FlaskForm):
    """`seen`: the version that is on the screen, so that two people who change at once lose nothing."""

    seen = HiddenField()

    @property
    def version(self) -> int | None:
        return number_in(self.seen.data)


def _text(label: Any, most: int) -> TextAreaField:
    return TextAreaField(label, widget=widgets.LongText(), validators=[Length(max=most, message=TOO_LONG)])


class FactForm(SeenForm):
    """What is said of one thing, in the languages in which its wording is known."""

    fi = _text(_l("In Finnish"), LONGEST_TEXT)
    sv = _text(_l("In Swedish"), LONGEST_TEXT)
    en = _text(_l("In English"), LONGEST_TEXT)
    mark = RadioField(
        _l("How sure is it?"),
        widget=widgets.Radios(),
        choices=[],
        validate_choice=False,
    )
    sources = TextAreaField(
        _l("Where can it be read?"),
        widget=widgets.LongText(),
        description=_l("One address of a web page on each line. What is verified needs one."),
        validators=[Length(max=MOST_SOURCES * (LONGEST_SOURCE + 2), message=TOO_LONG)],
    )
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    def ask(self, marks: list[tuple[str, str]]) -> None:
        self.mark.choices = [SelectChoice(value, label) for value, label in marks]

    def show(self, fact: Fact) -> None:
        self.fi.data, self.sv.data, self.en.data = fact.words.fi, fact.words.sv, fact.words.en
        self.mark.data, self.sources.data = fact.mark, "\n".join(fact.sources)
        self.seen.data = str(fact.version)

    @property
    def words(self) -> Words:
        return Words(self.fi.data or "", self.sv.data or "", self.en.data or "")

    @property
    def source_list(self) -> tuple[str, ...]:
        return sources_in(self.sources.data or "")


class RestoreForm(SeenForm):
    save = SubmitField(_l("Put this back"), widget=widgets.Submit())


class TimeField(StringField):
    """A time of day; its data is 09:30, "" for nothing. What was typed is shown back."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = ""
        try:
            self.data = read_time(valuelist[0] if valuelist else "")
        except ValueError as error:
            raise ValueError(_("Enter a time of day such as 9.30 or 13:00")) from error

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


def _line(label: Any, most: int, **more: Any) -> StringField:
    return StringField(label, widget=widgets.Text(), validators=[Length(max=most, message=TOO_LONG)], **more)


class MeetingForm(SeenForm):
    form_key = HiddenField(validators=[Length(max=40)])
    title_fi = _line(_l("Name of the meeting in Finnish"), LONGEST_TITLE)
    title_sv = _line(_l("Name of the meeting in Swedish"), LONGEST_TITLE)
    title_en = _line(_l("Name of the meeting in English"), LONGEST_TITLE)
    on = DatePartsField(_l("Day"), widget=DatePartsWidget())
    starts = TimeField(
        _l("Starts at (optional)"),
        widget=widgets.Text(),
        description=_l("Finnish time, such as 9.30. Leave empty for a whole day."),
    )
    ends = TimeField(_l("Ends at (optional)"), widget=widgets.Text())
    place = _line(_l("Place (optional)"), LONGEST_TITLE, description=_l("For example: online, or an address"))
    link = _line(_l("Address of a web page (optional)"), LONGEST_SOURCE, description=_l("Where one takes part or reads more"))
    about = TextAreaField(
        _l("What it is about (optional)"),
        widget=widgets.LongText(),
        validators=[Length(max=LONGEST_ABOUT, message=TOO_LONG)],
    )
    save = SubmitField(_l("Save the meeting"), widget=widgets.Submit())

    def show(self, meeting: Meeting, version: int) -> None:
        self.title_fi.data, self.title_sv.data, self.title_en.data = meeting.title.fi, meeting.title.sv, meeting.title.en
        self.on.data, self.starts.data, self.ends.data = meeting.on, meeting.starts, meeting.ends
        self.place.data, self.link.data, self.about.data = meeting.place, meeting.link, meeting.about
        self.seen.data = str(version)

    @property
    def meeting(self) -> Meeting:
        title = Words(self.title_fi.data or "", self.title_sv.data or "", self.title_en.data or "")
        return Meeting(
            title, self.on.data, self.starts.data or "", self.ends.data or "", (self.place.data or "").strip(),
            (self.link.data or "").strip(), self.about.data or "",
        )  # fmt: skip


class CancelForm(SeenForm):
    why = TextAreaField(
        _l("Why it is cancelled (optional)"),
        widget=widgets.LongText(),
        description=_l("Everybody who reads the meeting sees this."),
        validators=[Length(max=LONGEST_ABOUT, message=TOO_LONG)],
    )
    save = SubmitField(_l("Cancel the meeting"), widget=widgets.Submit())


class MeetingAgainForm(SeenForm):
    save = SubmitField(_l("The meeting takes place after all"), widget=widgets.Submit())


class WorkForm(SeenForm):
    """What the coordinator may say of an expert's work."""

    topics = SelectMultipleField(_l("Topics"), widget=widgets.Checkboxes(), choices=[], validate_choice=False)
    languages = SelectMultipleField(
        _l("Languages of advice"),
        widget=widgets.Checkboxes(),
        choices=[SelectChoice("fi", _l("Finnish")), SelectChoice("sv", _l("Swedish")), SelectChoice("en", _l("English"))],
        validate_choice=False,
    )
    most_open = WholeNumberField(
        _l("Requests at a time, at most"),
        widget=widgets.Text(),
        validators=[InputRequired(message=_l("Enter how many requests fit at a time"))],
        most=MOST_OPEN,
    )
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    def ask(self, topics: list[tuple[str, str]]) -> None:
        self.topics.choices = [SelectChoice(value, label) for value, label in topics]

    def show(self, profile: Profile, version: int) -> None:
        self.topics.data, self.languages.data = list(profile.topics), list(profile.languages)
        self.most_open.data, self.seen.data = profile.most_open, str(version)

    @property
    def wanted(self) -> Wanted:
        return Wanted(tuple(self.topics.data or ()), tuple(self.languages.data or ()), self.most_open.data)


class ProfileForm(WorkForm):
    """What an expert says of the own work."""

    not_cities = SelectMultipleField(
        _l("Cities whose requests you do not take"),
        widget=widgets.Checkboxes(),
        description=_l("For example because you work for them. Only you and the coordinator see this."),
        choices=[],
        validate_choice=False,
    )
    shown = BooleanField(_l("Show my name, topics and languages on the page of the network’s experts"), widget=widgets.Checkbox())
    about = TextAreaField(
        _l("A few words about your experience (optional)"),
        widget=widgets.LongText(),
        description=_l("Shown beside your name, if you choose to be shown."),
        validators=[Length(max=LONGEST_ABOUT, message=TOO_LONG)],
    )

    def ask_all(self, topics: list[tuple[str, str]], cities: list[tuple[str, str]]) -> None:
        self.ask(topics)
        self.not_cities.choices = [SelectChoice(value, label) for value, label in cities]

    def show(self, profile: Profile, version: int) -> None:
        super().show(profile, version)
        self.not_cities.data, self.shown.data, self.about.data = list(profile.not_cities), profile.shown, profile.about

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            tuple(self.topics.data or ()), tuple(self.languages.data or ()), self.most_open.data,
            tuple(self.not_cities.data or ()), bool(self.shown.data), self.about.data or "",
        )  # fmt: skip
