"""Sentences for outcome codes: what is wrong, in the user's words, and what to do now. The rules know codes only."""

from datetime import date
from typing import Any

from procure.domain.outcomes import Reason, Refusal
from procure.web.filters import day
from procure.web.reasons import SENTENCES


def sentence(reason: Reason) -> str:
    """The reason in the language of the page, with dates in that language's form and the section of law at the end."""
    parameters = {key: _shown(key, value) for key, value in reason.parameters.items()}
    text = str(SENTENCES[reason.code]) % parameters if parameters else str(SENTENCES[reason.code])
    return f"{text} ({reason.citation})" if reason.citation else text


def _shown(key: str, value: str) -> str:
    if key.endswith("_on") or key == "today":
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def put_into(form: Any, refusal: Refusal) -> None:
    """Show each reason at the field that it is about, else above the form."""
    for reason in refusal.reasons:
        field = getattr(form, "_fields", {}).get(reason.target)
        if field is None:
            form.form_errors.append(sentence(reason))
        else:
            field.errors = [*field.errors, sentence(reason)]
