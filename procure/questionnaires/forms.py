"""Forms made of the questions: one class a page, whatever the language. Shape and input checks only."""

import re
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SubmitField
from wtforms.fields.choices import SelectChoice

from procure.catalogue import organisations
from procure.catalogue import questions as catalogue
from procure.domain.language import Trilingual
from procure.domain.questions import Answer, Answers, Question
from procure.questionnaires import answers as kept
from procure.questionnaires import fields
from procure.questionnaires.fields import NOT_KNOWN, WITH_RADIO
from procure.web import widgets
from procure.web.language import language

FIRST_QUESTIONS: Final = ("title", "contract_kind", "value_amount")
"""What a case starts with."""

CHECK: Final = "check"
"""The button that asks for remarks on what has been typed."""

ONE_TIME_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def in_language(text: Trilingual) -> LazyString:
    """The text in whatever language the page has when it is drawn."""
    return LazyString(lambda: text[language()])


def unknown_name(question: str) -> str:
    """The name of the checkbox "Not known yet" of a question."""
    return f"{question}-unknown"


class QuestionsForm(FlaskForm):
    """A form whose fields are questions; `asked` are those of this form that are asked in this case."""

    asked: tuple[Question, ...] = ()
    saved: Answers
    """The saved answers as the page shows them."""
    others: Mapping[str, Mapping[str, str]]
    """What saved texts say in further languages, by question."""

    def prepare(self, asked: tuple[Question, ...], answers: Answers, case_language: str, own_city: str) -> None:
        """Leave out what is not asked, and offer the cities."""
        for question in self.asked:
            if question not in asked:
                del self[question.id]
                if unknown_name(question.id) in self:
                    del self[unknown_name(question.id)]
            elif question.kind == "municipalities":
                cities = [
                    SelectChoice(c.code, c.name[language()])
                    for c in organisations.catalogue().municipalities
                    if c.code != own_city
                ]
                self[question.id].choices = sorted(cities, key=lambda city: city.label)
        self.asked = asked
        self.saved = {q.id: kept.shown(q, answers[q.id], case_language) for q in asked if q.id in answers}
        texts = [q for q in asked if q.kind in kept.WORDS and q.id in answers]
        self.others = {q.id: kept.other_texts(answers[q.id].value, case_language) for q in texts}

    def read(self, strict: bool = True) -> dict[str, Answer]:
        """The answer to each question that has no input error, after `validate`; further errors are put at the fields. `strict`
        False passes over required answers that are still missing: the person comes back later."""
        found = {}
        for question in self.asked:
            field = self[question.id]
            answer = None if field.errors else self._answer(question, field)
            message = self._fault(question, answer, strict) if answer else ""
            if message:
                field.errors = [*field.errors, message]
            elif answer:
                found[question.id] = answer
        return found

    def words(self) -> dict[str, str]:
        """What stands in the fields that hold words, saved or just typed, by question."""
        return {q.id: str(self[q.id].data or "") for q in self.asked if q.kind in kept.WORDS}

    def _answer(self, question: Question, field: Field) -> Answer | None:
        value = field.given()
        if question.kind in WITH_RADIO:
            return Answer(None, known=False) if value == NOT_KNOWN else Answer(value)
        if unknown_name(question.id) not in self or not self[unknown_name(question.id)].data:
            return Answer(value)
        if value is None or kept.same(question, self.saved.get(question.id), Answer(value)):
            return Answer(None, known=False)  # only the tick is new
        if self[unknown_name(question.id)].object_data:
            return Answer(value)  # the tick was there before the words
        field.errors = [*field.errors, _("Either answer or tick “Not known yet”, not both")]
        return None

    def _fault(self, question: Question, answer: Answer, strict: bool) -> str:
        if answer.known and answer.value is None and not self.others.get(question.id):
            needed = question.required and (strict or not question.may_be_unknown)
            return question.missing[language()] if needed else ""
        if question.kind not in kept.WORDS or answer.value is None or answer == self.saved.get(question.id):
            return ""
        if "\0" in answer.value:
            return _("Remove the characters that cannot be shown")
        over = len(answer.value) - question.limit
        if over > 0:
            return ngettext("Shorten the text by %(num)s character", "Shorten the text by %(num)s characters", over)
        return ""


class PageForm(QuestionsForm):
    """One page of questions. `seen` says which answers were on the screen."""

    seen = HiddenField()
    save = SubmitField(_l("Save and continue"), widget=widgets.Submit())
    later = SubmitField(_l("Save and return later"), widget=widgets.Submit())

    def rearrange(self, posted: Any) -> bool:
        """Do what a button inside the form asks (a row more or less, the other person's text, a look at the words) and say whether
        one was pressed: the page is then shown again with every word kept, and nothing is saved."""
        if CHECK in posted:
            return True
        for button, act in (("add", self._add), ("remove", self._remove), ("take", self._take)):
            if button in posted:
                act(posted[button])
                return True
        return False

    def _add(self, question: str) -> None:
        if question in self and hasattr(self[question], "add"):
            self[question].add()

    def _remove(self, place: str) -> None:
        question, _sign, number = place.rpartition("-")
        if question in self and hasattr(self[question], "remove") and number.isdecimal() and len(number) < 7:
            self[question].remove(int(number))

    def _take(self, question: str) -> None:
        for name in (question, unknown_name(question)):
            if name in self:
                self[name].process(None, self[name].object_data)


class StartForm(QuestionsForm):
    """Three things are enough to start a case."""

    key = HiddenField()
    save = SubmitField(_l("Start the case"), widget=widgets.Submit())

    @property
    def one_time_key(self) -> str:
        """The key that the form was drawn with; a new one in place of anything else."""
        return self.key.data if ONE_TIME_KEY.fullmatch(self.key.data or "") else secrets.token_urlsafe(32)


@cache
def form_class(edition: str, section: str, page: str) -> type[PageForm]:
    """The form of one page of one edition of the questions. KeyError when there is no such page."""
    found = next((p for p in catalogue.catalogue().get(edition).section(section).pages if p.id == page), None)
    if found is None:
        raise KeyError(page)
    return type("PageOfQuestions", (PageForm,), _fields(edition, found.questions) | {"asked": found.questions})


@cache
def start_form_class() -> type[StartForm]:
    latest = catalogue.catalogue().latest
    asked = tuple(latest.question(question) for question in FIRST_QUESTIONS)
    return type("StartOfCase", (StartForm,), _fields(latest.edition, asked) | {"asked": asked})


def _fields(edition: str, asked: tuple[Question, ...]) -> dict[str, Any]:
    kinds = [(kind.id, in_language(kind.label)) for kind in catalogue.catalogue().get(edition).question("contract_kind").choices]
    made: dict[str, Any] = {}
    for question in asked:
        made[question.id] = fields.unbound(question, in_language, kinds)
        if question.may_be_unknown and question.kind not in WITH_RADIO:
            made[unknown_name(question.id)] = BooleanField(_l("Not known yet"), widget=widgets.Checkbox())
    return made


def field_data(asked: tuple[Question, ...], answers: Answers, case_language: str) -> dict[str, Any]:
    """What the fields show of the saved answers."""
    data: dict[str, Any] = {}
    for question in asked:
        answer = kept.shown(question, answers.get(question.id), case_language)
        if answer.known:
            data[question.id] = fields.BY_KIND[question.kind].shown(answer.value)
        elif question.kind in WITH_RADIO:
            data[question.id] = NOT_KNOWN
        else:
            data[unknown_name(question.id)] = True
    return data


def page_form(
    edition: str, section: str, page: str, asked: tuple[Question, ...], answers: Answers, case_language: str, own_city: str
) -> PageForm:
    """The form of a page with the saved answers in it, and with what was posted over them."""
    made = form_class(edition, section, page)
    form = made(data=field_data(made.asked, answers, case_language))
    form.prepare(asked, answers, case_language, own_city)
    return form


def start_form() -> StartForm:
    """The empty form that starts a case, with a one-time key."""
    made = start_form_class()
    form = made(data={"key": secrets.token_urlsafe(32)})
    form.prepare(made.asked, {}, "", "")
    return form
