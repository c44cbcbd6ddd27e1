"""Two cases at the ends: one of which everything is written at length, and one of which hardly anything is known."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.catalogue import questions
from procure.documents import issuing_service, making, pages, service
from procure.documents.service import Material
from procure.domain.compositions import Column, Composition, Field
from procure.domain.questions import Question
from procure.infra import clock
from procure.infra.pdf import Job
from tests import factories
from tests.advice import builders as advice
from tests.communications import builders as communications
from tests.documents import builders
from tests.support.builders import answered

ROWS: Final = 60
FEW_ROWS: Final = 7
LONG_WORD: Final = "jätekeräysajoneuvoliikenteenohjausjärjestelmäyhteentoimivuusvaatimusmäärittely"
ADDRESS: Final = "https://www.hankintailmoitukset.example/fi/public/procedure/120455/enotice/164322/overview?language=fi&view=all"
FINNISH: Final = (
    "Kaupungin jäteastioita tyhjennetään nykyisin kiinteän reittisuunnitelman mukaan, vaikka täyttymisaste vaihtelee kortteleittain, "
    "vuodenajoittain ja tapahtumittain. Ylitäyttöilmoituksia kertyi viime vuonna 1 240, ja tarpeettomia tyhjennyskäyntejä arvioidaan "
    f"olleen noin kolmannes kaikista. Hankinnan piiriin kuuluu {LONG_WORD}, jonka sisältö on kuvattu osoitteessa {ADDRESS} ja sen "
    "liitteissä.\n\nPalveluntuottajalta edellytetään pakkasenkestäviä mittalaitteita, avointa rajapintaa sekä raportointia, jonka "
    "perusteella vaikuttavuutta voidaan seurata. Tietosuojavaikutusten arviointi tehdään ennen käyttöönottoa."
)
SWEDISH: Final = (
    "Invånarna i de svenskspråkiga stadsdelarna har under flera år framfört att återvinningskärlen töms för sällan under "
    "sommarmånaderna, och att upphandlingsannonserna bör publiceras även på svenska.\n\nTjänsteleverantören ska beakta "
    "tillgänglighetskraven i förvaltningslagen och kommunikationsskyldigheten gentemot invånarna."
)
NAMES: Final = (
    "Anturi Oy",
    "Kontti Ab",
    "Pohjanmaan Kunnossapitotekniikka Oy",
    "Smart Waste Consulting Nordic Ab",
    "Reittioptimointi Ky",
)
SENTENCES: Final = (
    "Vähimmäisvaatimukset täyttyvät.",
    "Täydentävä selvitys on pyydetty ja saatu määräajassa; vertailuperusteen mukainen perustelu on kirjattu arviointipöytäkirjaan.",
    "Ei huomautettavaa.",
)


def long_case(person: Person, expert: Person) -> Case:
    """Of Tampere, in Finnish: every question is answered, most at length, some only in Swedish; advice has been asked and a procedure
    chosen on kept advice, much is planned to be told."""
    case = builders.full_case(person, procedure="")
    told = {
        question.id: _answer(question)
        for question in questions.catalogue().latest.questions
        if question.id not in builders.ANSWERS or question.kind == "text"
    }
    factories.answer(case, person, **told)
    factories.answer(
        case,
        person,
        title={
            "fi": "Älykäs jätehuolto keskustaan ja itäisiin kaupunginosiin",
            "sv": "Smart avfallshantering i centrum",
            "en": "Smart waste collection in the centre",
        },
        users={"sv": SWEDISH},
        award_criteria={"sv": SWEDISH},
        lots=[{"title": f"Osa {number}: {NAMES[number % 5]}", "value": "123456.50"} for number in range(1, 11)],
        cpv=["90511000", "48000000", "34144512", "31682000", "72512000"],
    )
    answered(case, person, expert)
    advice.choose(case, person, "open", f"{FINNISH} {FINNISH}")
    for number in range(12):
        communications.approved(
            case,
            person,
            key=f"item-{number}",
            title=f"Tiedote {number + 1}: katujen talvihoidon kokeilu",
            audience="Asukkaat ja yritykset",
        )
    return case


def bare_case(person: Person) -> Case:
    """Opened a moment ago, with the three answers that a case starts with."""
    return factories.make_case(person)


def _answer(question: Question) -> Any:
    if question.kind == "text":
        return {"fi": FINNISH, "en": "Bins are emptied by a fixed plan.\n\nA third of the visits was needless."}
    if question.kind in ("choice", "choices"):
        ids = [choice.id for choice in question.choices]
        return ids[0] if question.kind == "choice" else ids
    values: dict[str, Any] = {
        "line": {"fi": f"Kaupunkiympäristön palvelualue, {LONG_WORD}"}, "yes_no": True, "money": "1234567.89", "date": "2027-03-31",
        "number": 12, "municipalities": ["564", "905", "091"],
    }  # fmt: skip
    return values[question.kind]


def words_for(composition: Composition) -> dict[str, Any]:
    """Everything that can be written for that document, at length; the table of most columns over several pages."""
    tables = sorted((field for field in composition.fields if field.kind == "table"), key=lambda field: -len(field.columns))
    return {field.id: _field(field, ROWS if field in tables[:1] else FEW_ROWS) for field in composition.fields}


def _field(field: Field, rows: int) -> Any:
    if field.kind == "table":
        return [{column.id: _cell(column, number) for column in field.columns} for number in range(rows)]
    values: dict[str, Any] = {
        "line": "Kaupunkiympäristön palvelualue, hankintapäällikön päätös 14.12.2026 § 112", "text": FINNISH, "date": "2027-01-31",
        "money": "1234567.89", "number": "87.5", "yes_no": True,
    }  # fmt: skip
    return values[field.kind]


def _cell(column: Column, number: int) -> Any:
    values: dict[str, Any] = {
        "line": f"{NAMES[number % 5]} {number + 1}", "text": SENTENCES[number % 3], "date": f"2027-{number % 12 + 1:02d}-28",
        "money": f"{1234567.89 * (number + 1):.2f}", "number": f"{number + 0.25}",
    }  # fmt: skip
    return values[column.kind]


def material_of(kind: str, case: Case, person: Person, *, full: bool) -> Material:
    """What that kind of document is made from; `full`: with every word that can be written for it."""
    opinion = service.opinion_of(factories.actor_of(person), case, None)
    material = service.gather(case, opinion, kind)
    composition = service.composition_of(kind)
    return replace(material, fields=words_for(composition)) if full and composition else material


def draft(kind: str, material: Material, language: str) -> Job:
    """The document as it can be downloaded today."""
    page = pages.page(kind, material, language, clock.today())
    return Job(making.html(page), language, page.window_title, ())


def issued(kind: str, material: Material, language: str, people: Mapping[str, Person]) -> Job:
    """The document as it would be issued, with its number and the files inside it. Refusal where something is missing."""
    composition = service.composition_of(kind)
    issuer = people["officer" if composition is None or "officer" in composition.issued_by else "manager"]
    prepared = issuing_service.prepare(kind, material, language, factories.actor_of(issuer), clock.today())
    return Job(prepared.html, language, prepared.window_title, prepared.attachments)


def every_kind(*, bare: bool = False) -> Iterator[str]:
    """An opinion exists only where an expert has answered."""
    return (kind for kind in service.kinds() if not (bare and kind == service.OPINION))
