"""What the history says of tenders counted, reviews and effects: everything but suppliers' names, which the log does not have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from flask_babel import gettext as _

from procure.catalogue import results as catalogue
from procure.catalogue.results import Words
from procure.domain.language import LOCALES
from procure.web import filters

KEYS: Final = ("tenders", "review", "effect")
"""What such an event's payload is about."""


def subject(payload: Mapping[str, Any], language: str) -> str:
    """What it is about: the lot and round, the number and kind of the review, or the effect."""
    if "tenders" in payload:
        said = payload["tenders"]
        lot = _("Lot %(number)s", number=said["lot"]) if said["lot"] else _("The whole procurement")
        return _("%(what)s, round %(number)s", what=lot, number=said["round"])
    found = catalogue.catalogue()
    if "review" in payload:
        kind = _named(found.reviews, payload.get("said", {}).get("kind", ""), language)
        return kind or _("Review %(number)s", number=payload["review"])
    aim = payload.get("aim", {})
    kind = _named(found.effects, aim.get("kind", ""), language)
    return ": ".join(filter(None, (kind, aim.get("indicator", "")))) or _("Effect %(number)s", number=payload["effect"])


def notes(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What was recorded, a sentence each."""
    if "tenders" in payload:
        return _numbers(payload, language)
    if "review" in payload:
        return _review(payload, language)
    return _effect(payload, language) if "effect" in payload else ()


def _named(words: Words, value: str, language: str) -> str:
    return words[value].name[language] if value in words else value


def _numbers(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    now, before = payload["tenders"]["numbers"], payload.get("old", {})
    found = []
    for word in catalogue.catalogue().submissions.values():
        new, old = now.get(word.id), before.get(word.id)
        if new is not None and (old is None or old == new):
            found.append(f"{word.name[language]}: {new}")
        elif new != old:
            shown = _("not known") if new is None else new
            found.append(_("%(what)s: %(new)s, before %(old)s", what=word.name[language], new=shown, old=old))
    return tuple(found)


def _review(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    words, found = catalogue.catalogue(), []
    said, decision = payload.get("said", {}), payload.get("decision", {})
    if said.get("diary"):
        found.append(_("Diary number %(diary)s", diary=said["diary"]))
    found += [
        _named(among, said[key], language)
        for key, among in (("party", words.parties), ("subject", words.subjects), ("stay", words.stays))
        if key in said
    ]
    if said.get("served_on"):
        found.append(_("The city was told on %(day)s", day=filters.day(said["served_on"])))
    found += [_named(words.outcomes, outcome, language) for outcome in decision.get("outcomes", ())]
    return tuple([*found, decision["follows"]] if "follows" in decision else found)


def _effect(payload: Mapping[str, Any], language: str) -> tuple[str, ...]:
    aim, measured, found = payload.get("aim", {}), payload.get("measured", {}), []
    if aim:
        found.append(_("Expected: %(value)s", value=_number(aim.get("expected"), aim.get("unit", ""), language)))
        found += [_named(catalogue.catalogue().spans, aim["span"], language)] if "span" in aim else []
        found += [aim[key] for key in ("reference", "method", "source") if key in aim]
    if measured:
        found.append(_("Achieved: %(value)s", value=_number(measured.get("value"), "", language)))
        found += [measured[key] for key in ("source", "note") if key in measured]
    return tuple(found)


def _number(value: str | None, unit: str, language: str) -> str:
    if value is None:
        return _("not known")
    return " ".join(filter(None, (format_decimal(Decimal(value), "#,##0.###", locale=LOCALES[language]), unit)))
