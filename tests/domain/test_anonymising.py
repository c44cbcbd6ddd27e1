"""What tells whose matter a text is about: found in three languages, wherever it stands, and never left behind."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import organisations
from procure.domain.anonymising import (
    KINDS,
    REPLACEMENTS,
    Names,
    cleaned,
    companies_in,
    kept_form,
    proposals,
    propose,
    replacement,
    stems,
    without,
)
from procure.domain.language import LANGUAGES

CITIES = tuple(
    dict.fromkeys(
        text for city in organisations.catalogue().municipalities for text in (city.name.fi, city.name.sv, city.name.en)
    )
)
NAMES = Names(
    places=CITIES, people=("Aino Esimerkki", "Mikko Mäki", "Liisa Virtanen"), companies=("Mallianturi Oy", "Provbolaget Ab"),
    references=("TRE-2026-0042", "T-0012"), titles=("Pyöräteiden talvihoidon seuranta",),
)  # fmt: skip

PLANTED = (
    # text, kind: in the forms in which people write them
    ("Oulun", "place"), ("Oulussa", "place"), ("Ouluun", "place"), ("Helsingin", "place"), ("Helsinkiin", "place"),
    ("Helsingistä", "place"), ("HELSINKI", "place"), ("helsinkiläinen", "place"), ("Espoossa", "place"), ("Vantaalla", "place"),
    ("Turun", "place"), ("Turkuun", "place"), ("Lahdessa", "place"), ("Lahteen", "place"), ("Seinäjoella", "place"),
    ("Rovaniemen", "place"), ("Rovaniemellä", "place"), ("Lappeenrannassa", "place"), ("Tampereella", "place"),
    ("tamperelaisten", "place"), ("Jyväskylän", "place"), ("Kokkolassa", "place"), ("Mikkelistä", "place"), ("Porin", "place"),
    ("Imatralla", "place"), ("Joensuusta", "place"), ("Kajaanin", "place"), ("Kuopioon", "place"), ("Sotkamossa", "place"),
    ("Vaasalle", "place"), ("Esbo stad", "place"), ("Helsingfors", "place"), ("Åbos", "place"), ("Uleåborgs", "place"),
    ("S:t Michel", "place"), ("Tammerfors", "place"), ("Karleby", "place"), ("the City of Tampere", "place"), ("Oulun kaupunki", "place"),
    ("Aino Esimerkki", "person"), ("Aino Esimerkin", "person"), ("Esimerkille", "person"), ("Ainolta", "person"), ("Mäen", "person"),
    ("Virtasen", "person"), ("Liisa Virtaselle", "person"), ("AINO ESIMERKKI", "person"),
    ("Mallianturi Oy", "company"), ("Mallianturin", "company"), ("Provbolagets", "company"), ("Tuntematon Tekniikka Oyj:n", "company"),
    ("Okänt Bolag Ab", "company"), ("Unknown Robotics Ltd", "company"), ("Beispiel Technik GmbH", "company"),
    ("esimerkkiyritys oy", "company"),
    ("1234567-8", "business_id"), ("FI12345678", "business_id"), ("010190-123A", "identity_code"), ("131052A308T", "identity_code"),
    ("FI21 1234 5600 0007 85", "iban"), ("FI2112345600000785", "iban"), ("etu.suku@kaupunki.example", "email"),
    ("https://www.kaupunki.example/hanke?x=1", "url"), ("www.kaupunki.example", "url"), ("kaupunki.fi/hankinnat", "url"),
    ("040 123 4567", "phone"), ("+358 40 123 4567", "phone"), ("09 310 1691", "phone"),
    ("HEL 2026-001234", "reference"), ("D/123/02.08.00/2026", "reference"), ("TRE:1234/02.07.01/2026", "reference"),
    ("TRE-2026-0042", "reference"), ("T-0012", "reference"), ("2026/S 123-456789", "reference"), ("123456-2026", "reference"),
    ("1,2 M€", "amount"), ("480 000 euroa", "amount"), ("EUR 480,000", "amount"), ("€1.2 million", "amount"), ("3 miljoonaa", "amount"),
    ("2,5 miljoner euro", "amount"), ("250.000 €", "amount"), ("75 t€", "amount"), ("kaksi miljoonaa euroa", "amount"),
    ("two million", "amount"), ("en miljon", "amount"), ("120 tuhatta euroa", "amount"), ("49 999,50 €", "amount"),
    ("Esimerkkikatu 12 A", "address"), ("Kuvitteellisentie 3", "address"), ("Exempelgatan 4", "address"), ("12 Example Street", "address"),
    ("33100 TAMPERE", "address"), ("Pyöräteiden talvihoidon seuranta", "title"),
)  # fmt: skip

LAW = (
    "Hankintalain (1397/2016) 35 §:n 2 momentti, 93 §, 136 § ja direktiivi 2014/24/EU. Määräaika on 30 päivää ja sopimus 10 vuotta.",
    "Enligt 38 § i upphandlingslagen 1397/2016 och 27–30 § i förvaltningslagen 434/2003 är tidsfristen 14 dagar.",
    "Section 25 of the Act 1397/2016 and Article 31 of Directive 2014/24/EU; the period is 14 days, 12 months at most, 60 % by quality.",
)

FILLER = st.lists(
    st.sampled_from(
        ["Hankinta", "koskee", "menettelyä", "ja", "vaatimuksia", "vi", "behöver", "råd", "om", "avtalet", "the", "contract", "runs", "for",
         "seven", "years", "§", "30", "päivää", "–", "(ks.", "93 §)"]
    ),
    max_size=8,
).map(" ".join)  # fmt: skip
JOINTS = st.sampled_from([" ", ", ", ". ", ": ", " (", "\n", " ”", " – ", "; "])
CLOSINGS = st.sampled_from([" ", ", ", ". ", ") ", "\n", "” ", "; ", "? ", "! "])


@pytest.mark.parametrize(("text", "kind"), PLANTED, ids=lambda value: value)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_planted_is_found_whole_and_as_what_it_is(text: str, kind: str, language: str) -> None:
    whole = f"Kysymys koskee tätä: {text}, ja siksi kysymme."
    found = [removal for removal in propose({"question": whole}, NAMES, language) if text in removal.text or removal.text in text]

    assert [removal.kind for removal in found] == [kind]
    assert text in found[0].text
    assert text not in without(whole, found)


@given(
    st.lists(st.tuples(FILLER, JOINTS, st.sampled_from(PLANTED), CLOSINGS), min_size=1, max_size=5),
    FILLER,
    st.sampled_from(LANGUAGES),
)
def test_nothing_planted_anywhere_survives(pieces: list[tuple[str, str, tuple[str, str], str]], end: str, language: str) -> None:
    text = "".join(before + joint + planted + closing for before, joint, (planted, _kind), closing in pieces) + end
    clean = without(text, propose({"answer": text}, NAMES, language))

    assert not [planted for _before, _joint, (planted, _kind), _closing in pieces if planted.casefold() in clean.casefold()]
    assert propose({"answer": clean}, NAMES, language) == ()


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_is_taken_and_no_two_removals_overlap(text: str, language: str) -> None:
    found = propose({"a": text}, NAMES, language)

    assert all(removal.text == text[removal.start : removal.end] for removal in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(
    st.integers(min_value=1, max_value=99_999_999),
    st.sampled_from(
        ["{} €", "{} euroa", "€{}", "EUR {}", "{} EUR", "{} miljoonaa euroa", "{} M€", "{} tusen euro", "{} k€", "{} euron"]
    ),
    st.sampled_from([",", " ", ".", ""]),
)
def test_no_amount_of_euros_survives_however_it_is_written(number: int, form: str, thousands: str) -> None:
    written = form.format(f"{number:,}".replace(",", thousands))
    text = f"Ennakoitu arvo on {written} ilman optioita."

    assert without(text, propose({"a": text}, Names(), "fi")) == "Ennakoitu arvo on [summa] ilman optioita."


@given(st.from_regex(r"\A(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y]\Z"), FILLER, FILLER)
def test_no_personal_identity_code_survives(code: str, before: str, after: str) -> None:
    text = f"{before} {code} {after}"

    assert code not in without(text, propose({"a": text}, Names(), "sv"))


@pytest.mark.parametrize("text", LAW)
def test_sections_of_law_and_periods_stay(text: str) -> None:
    assert propose({"answer": text}, NAMES, "fi") == ()


@pytest.mark.parametrize("text", ["Lahden pohjukassa", "lahti on jäässä", "Kaupunki ostaa", "staden upphandlar", "the city buys"])
def test_a_word_that_only_looks_like_a_name_is_told_by_its_capital(text: str) -> None:
    assert bool(propose({"a": text}, NAMES, "fi")) == text.startswith("Lahden")


def test_a_person_after_a_title_is_found_though_nobody_knows_the_name() -> None:
    for text in ("hankintapäällikkö Testi Henkilö", "projektchef Prov Person-Exempel", "Ms Trial Person"):
        found = propose({"a": text}, Names(), "en")
        assert [removal.kind for removal in found] == ["person"]
        assert "Person" not in without(text, found)
        assert "Henkilö" not in without(text, found)


def test_exact_days_are_proposed_only_when_asked_for() -> None:
    text = "Päätös tehtiin 12.3.2026, 12. maaliskuuta 2026 ja den 12 mars 2026."

    assert propose({"a": text}, Names(), "fi") == ()
    assert [removal.kind for removal in propose({"a": text}, Names(), "fi", dates=True)] == ["date"] * 3


def test_every_kind_has_its_words_in_every_language() -> None:
    assert set(REPLACEMENTS) == set(KINDS)
    assert all(set(words) == set(LANGUAGES) for words in REPLACEMENTS.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Oulu", "kaupunki"), ("Oulun", "kaupungin"), ("Espoossa", "kaupungissa"), ("Turkuun", "kaupunkiin"), ("Vantaalta", "kaupungista"),
     ("Tampereelle", "kaupungille")],
)  # fmt: skip
def test_a_finnish_city_is_replaced_in_its_own_case(text: str, expected: str) -> None:
    assert replacement("place", text, "fi") == expected


def test_the_stem_of_a_finnish_name_bends_with_its_sounds() -> None:
    assert {"Helsinki", "Helsingi"} <= set(stems("Helsinki"))
    assert {"Lahti", "Lahde", "Lahte"} <= set(stems("Lahti"))
    assert "Virtase" in stems("Virtanen")


def test_what_overlaps_is_removed_as_one() -> None:
    text = "Toimittaja on Oulun Mallianturi Oy."
    (found,) = propose({"a": text}, NAMES, "fi")

    assert found.text.endswith("Oulun Mallianturi Oy")
    assert "Oulu" not in without(text, [found])


def test_the_same_words_of_a_language_are_decided_once_with_every_place() -> None:
    texts = {
        "fi": {"question": "Oulussa kysytään. Oulussa tehdään.", "answer": "OULUSSA myös."},
        "en": {"answer": "In Oulu too."},
    }
    found = proposals(texts, Names(places=("Oulu",)), ())

    assert [(one.language, one.text, len(one.places)) for one in found] == [("fi", "Oulussa", 3), ("en", "Oulu", 1)]
    assert found[0].places[1].before == "Oulussa kysytään. "


def test_what_is_kept_is_not_asked_about_again_and_what_is_removed_is_gone() -> None:
    texts = {"fi": {"answer": "Kynnysarvo on 60 000 euroa. Hinta oli 75 000 euroa."}}
    kept, removed = proposals(texts, Names(), ())
    clean = cleaned(texts, Names(), {removed.key})

    assert clean == {"fi": {"answer": "Kynnysarvo on 60 000 euroa. Hinta oli [summa]."}}
    assert proposals(clean, Names(), {kept_form(kept.text)}) == ()


def test_companies_are_known_by_their_form() -> None:
    assert companies_in(["Kysyimme: Mallianturi Oy ja Okänt Bolag Ab.", "Mallianturi Oy"]) == ("Mallianturi Oy", "Okänt Bolag Ab")
