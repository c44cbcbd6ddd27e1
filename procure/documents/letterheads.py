"""The letterhead of the case's own city on a document: what holds on its day, and how much of it the document shows."""

from datetime import date

from procure.catalogue import wording
from procure.documents.parts import Letterhead, Named
from procure.documents.service import OUTSIDE, Material, composition_of
from procure.domain import letterheads as rules
from procure.domain.language import Trilingual


def on_page(kind: str, material: Material, language: str, on: date) -> Letterhead | None:
    """None where the city has none that day: the document looks as it does without. An internal one shows no contact block."""
    held = rules.holding(material.letterheads, on)
    composition = composition_of(kind)
    outside = kind in OUTSIDE or (composition is not None and composition.outside)
    return laid_out(held, material.case.organisation.names, language, outside)


def of_sender(sender: rules.Sender, language: str, on: date) -> Letterhead | None:
    """On what belongs to no kind of document, such as a report: as on an internal one."""
    return laid_out(rules.holding(sender.editions, on), sender.names, language, outside=False)


def laid_out(held: rules.Letterhead | None, city: Trilingual, language: str, outside: bool) -> Letterhead | None:
    """In the document's language; None for an empty edition."""
    if held is None or held.empty:
        return None
    names = (Named(city[language], language), *_other_names(held, city, language))
    if not outside:
        return Letterhead(held.edition, False, names, logo=held.logo)
    return Letterhead(
        held.edition, True, names, held.word("unit", language), _columns(held, language), held.word("footer", language), held.logo
    )  # fmt: skip


def _other_names(held: rules.Letterhead, city: Trilingual, language: str) -> tuple[Named, ...]:
    """The other of the two national languages, or both beside English, where they call the city otherwise."""
    if not held.both_names:
        return ()
    known, found = {city[language]}, []
    for code in ("fi", "sv"):
        if city[code] not in known:
            known.add(city[code])
            found.append(Named(city[code], code))
    return tuple(found)


def _columns(held: rules.Letterhead, language: str) -> tuple[tuple[str, ...], ...]:
    """Where it is, how to reach it, and what identifies it."""
    words, facts = wording.catalogue(), held.facts

    def labelled(phrase: str, text: str) -> str:
        return f"{words.text(phrase, language)} {text}" if text else ""

    place = " ".join(part for part in (facts.get("post_code", ""), held.word("place", language)) if part)
    columns = (
        (held.word("street", language), place),
        (labelled("contact_phone", facts.get("phone", "")), facts.get("email", ""), facts.get("web", "")),
        (
            labelled("contact_registry", held.word("registry", language)),
            labelled("contact_business_id", facts.get("business_id", "")),
        ),
    )
    shown = (tuple(line for line in column if line) for column in columns)
    return tuple(column for column in shown if column)
