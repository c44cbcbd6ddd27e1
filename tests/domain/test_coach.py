"""What the coach remarks on, sentence by sentence in three languages, and what it leaves in peace."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import coach
from procure.domain.coach import CHECKS, CODES, CoachRules, Lexicon, Remark, lexicon, remarks

RULES = coach.catalogue().rules


def only(*checks: str) -> CoachRules:
    """The words that ship, with those checks for the question `answer`."""
    return CoachRules({"answer": checks}, RULES.languages, RULES.fewest_words)


def found(check: str, language: str, text: str) -> str | None:
    """What a single check quotes; None when it remarks on nothing."""
    made = remarks("answer", text, language, only(check))
    assert len(made) <= 1
    return made[0].found if made else None


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("fi", "Oppilaille hankitaan iPadeja.", "iPadeja"),
        ("fi", "Aineisto on siirrettävä Microsoftin pilveen.", "Microsoftin"),
        ("fi", "Tiedot viedään SAP:iin joka yö.", "SAP:iin"),
        ("fi", "Raportit tehdään nyt Excelillä.", "Excelillä"),
        ("fi", "Valaisimet ovat Superlux® -sarjaa.", "Superlux"),
        ("fi", "Raportointi tehdään Power BI:llä.", "Power BI:llä"),
        ("fi", "Kokoukset pidetään MS Teams -palvelussa.", "MS Teams"),
        ("fi", "Viestit huoltajille lähetetään Wilmassa.", "Wilmassa"),
        ("fi", "Työasemissa on Windows 11.", "Windows 11"),
        ("sv", "Lärarna använder WhatsApp för att nå hemmen.", "WhatsApp"),
        ("sv", "Bilarna ska vara från Volvo.", "Volvo"),
        ("sv", "Belysningen styrs med Lumina™ i dag.", "Lumina"),
        ("en", "The maps must open in ArcGIS.", "ArcGIS"),
        ("en", "Drawings come from AUTOCAD every week.", "AUTOCAD"),
        ("en", "Figures are copied to Excel by hand.", "Excel"),
    ],
)
def test_a_make_or_product_is_quoted(language: str, text: str, quoted: str) -> None:
    assert found("brand", language, text) == quoted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Pöytälaitteina käytetään iPadeja tai vastaavia."),
        ("fi", "Lumi aurataan koneella ja apple-omenat kerätään."),
        ("fi", "Kone seisoo talven varikolla."),
        ("fi", "Kaupunki hankkii katuvalot Tampereella."),
        ("sv", "Systemet ska kunna läsa filer från Excel eller motsvarande."),
        ("sv", "Skolan ligger i Vasa nära hamnen."),
        ("en", "The tablets run Android or equivalent."),
        ("en", "Pupils excel when the air is fresh, and teams of nurses zoom in on slack hours."),
        ("en", "The sap of birches stains the canon of the church."),
        ("en", "Windows of the schools are old, and apple trees shade them."),
        ("en", "Excellent air and windows that open are wanted."),
    ],
)
def test_common_words_and_makes_with_or_equivalent_are_no_brands(language: str, text: str) -> None:
    assert found("brand", language, text) is None


def test_or_equivalent_allows_the_make_in_its_own_sentence_only() -> None:
    assert found("brand", "en", "Android or equivalent is fine. Photos are kept on Google.") == "Google"


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("fi", "Hankitaan sovellus.", "Hankitaan sovellus"),
        ("fi", "Tarvitsemme uuden, helpon varausjärjestelmän nuorille.", "Tarvitsemme uuden, helpon varausjärjestelmän"),
        ("fi", "Tarvitaan yksi alusta, jonka kautta valaistusta ohjataan.", "Tarvitaan yksi alusta"),
        ("fi", "Kaupunki hankkii siivousrobotteja päiväkoteihin.", "hankkii siivousrobotteja"),
        ("fi", "Kouluissa otetaan käyttöön oppimisalusta.", "otetaan käyttöön oppimisalusta"),
        ("fi", "Uusi toiminnanohjausjärjestelmä on hankittava pian.", "toiminnanohjausjärjestelmä on hankittava"),
        ("sv", "Vi behöver ett system.", "behöver ett system"),
        ("sv", "Staden ska upphandla en ny mobilapp för turister.", "upphandla en ny mobilapp"),
        ("sv", "En gemensam plattform behövs.", "plattform behövs"),
        ("en", "We need an app.", "need an app"),
        ("en", "The city will procure a new parking platform.", "procure a new parking platform"),
        ("en", "One platform is needed to control the lighting.", "platform is needed"),
        ("en", "Staff want a mobile application for field work.", "want a mobile application"),
    ],
)
def test_a_solution_in_place_of_the_need_is_quoted(language: str, text: str, quoted: str) -> None:
    assert found("solution", language, text) == quoted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Kaupungin järjestelmät keräävät tietoa omissa siiloissaan."),
        ("fi", "Nykyinen varausjärjestelmä kaatuu viikoittain, ja asukkaat jonottavat puhelimessa."),
        ("fi", "Tarvitsemme tietoa järjestelmän käytöstä."),
        ("fi", "Pieni yksikkö ei tarvitse järjestelmää lainkaan."),
        ("fi", "Hanke tarvitsee keinon seurata laitteiden kuntoa."),
        ("fi", "Toiminta tarvitsee selkeät säännöt alusta alkaen."),
        ("fi", "Tarvitaan tapa, joka korvaa nykyisen järjestelmän."),
        ("fi", "Tarvitsemme ratkaisun, joka korvaa nykyisen järjestelmän."),
        ("fi", "Kala tarvitsee terveen ekojärjestelmän."),
        ("sv", "Systemet är gammalt och invånarna väntar länge."),
        ("sv", "Personalen behöver hjälp med systemet."),
        ("sv", "Vi behöver en ersättare för det gamla systemet."),
        ("sv", "Fiskarna behöver ett friskt ekosystem."),
        ("en", "The city's systems collect data in silos."),
        ("en", "Nurses need to log in to a different system for each visit."),
        ("en", "Residents need last-mile connections to rail and trunk bus lines."),
        ("en", "No system can yet operate a fleet of minibuses."),
        ("en", "Officers need one place for the software licences."),
        ("en", "Officers need help with the software they have."),
    ],
)
def test_the_present_state_and_a_need_that_only_touches_a_system_are_left_in_peace(language: str, text: str) -> None:
    assert found("solution", language, text) is None


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("fi", "Uusi sähköinen varausjärjestelmä, joka toimii puhelimessa.", "Uusi sähköinen varausjärjestelmä"),
        ("sv", "En öppen plattform med dokumenterade gränssnitt.", "En öppen plattform"),
        ("en", "An open platform with documented interfaces.", "An open platform"),
    ],
)
def test_an_outcome_that_begins_with_a_thing_is_a_solution(language: str, text: str, quoted: str) -> None:
    assert remarks("answer", text, language, only("opening")) == (Remark("solution", quoted),)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Uusi koulu on terveellinen, eikä järjestelmä hälytä turhaan."),
        ("sv", "En invånare når rådgivningen utan att öppna en app."),
        ("en", "A way to book a time without a system."),
        ("en", "A resident opens one app only."),
        ("en", "A failure of the system stops nobody's work."),
        ("sv", "Ett fel i systemet stoppar ingen."),
        ("en", "Residents find the open platform at once."),
    ],
)
def test_an_outcome_that_begins_with_what_changes_is_none(language: str, text: str) -> None:
    assert found("opening", language, text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Asukkaiden on vaikea löytää vapaita aikoja."),
        ("fi", "Talvipyöräilijöille auratut reitit ovat tärkeitä."),
        ("fi", "Vanhusten kuljetukset myöhästyvät usein aamuisin."),
        ("fi", "Päiväkodeissa henkilökunta kirjaa tiedot kahteen kertaan."),
        ("fi", "Bussimatkustaja ei tiedä, mahtuuko hän kyytiin."),
        ("fi", "Kunnossapitäjät eivät näe, missä on liukasta."),
        ("sv", "Invånarna hittar inte lediga tider."),
        ("sv", "Elevernas luft är dålig i fulla klassrum."),
        ("sv", "Skolpersonalen antecknar uppgifterna två gånger."),
        ("en", "Residents cannot find free times."),
        ("en", "The winter routes fail cyclists every morning."),
        ("en", "It is hard for nurses' teams to see the state of the ward."),
    ],
)
def test_any_word_for_people_is_enough(language: str, text: str) -> None:
    assert found("user", language, text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Pyöräteitä aurataan kiinteän aikataulun mukaan, ja osa reiteistä hoidetaan turhaan."),
        ("fi", "Verkon tehorajat ylittyvät, kun henkilöautoja ladataan yhtä aikaa."),
        ("sv", "Nätets effektgräns överskrids när bussarna laddas samtidigt."),
        ("sv", "Den tekniska lösningen är inte särskilt användarvänlig."),
        ("en", "Cycle routes are ploughed by a fixed timetable."),
        ("en", "We need better and older buildings for our own use."),
        ("en", "Heat from the ice rinks is blown out into the air."),
    ],
)
def test_a_text_without_people_is_told_so(language: str, text: str) -> None:
    assert found("user", language, text) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Hävikki on enintään 5 % tarjotusta ruoasta."),
        ("fi", "Jonotus puhelimessa lyhenee kolmanneksella nykyisestä."),
        ("fi", "Lupa-asia ratkaistaan nykyistä nopeammin."),
        ("fi", "Kaikki luokat on mitattu kesään mennessä."),
        ("fi", "Paperisia lomakkeita käytetään vähemmän kuin nyt."),
        ("fi", "Hävikistä kerrotaan %:ina tarjotusta ruoasta."),
        ("sv", "Köerna blir kortare än i dag."),
        ("sv", "Färre turer ställs in på grund av laddningen."),
        ("sv", "Energiförbrukningen minskar med en tredjedel."),
        ("en", "Fewer trips are cancelled because of charging."),
        ("en", "Swimming halls buy a third less energy."),
        ("en", "Passengers always know whether there is room."),
        ("en", "All classrooms are measured by ٣ May."),
    ],
)
def test_a_number_a_time_or_a_comparison_is_a_measure(language: str, text: str) -> None:
    assert found("measure", language, text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Asiointi on sujuvaa ja miellyttävää kaikille asukkaille."),
        ("fi", "Pyörätiet ovat hyvässä kunnossa läpi talven."),
        ("sv", "Tjänsten fungerar bra för invånarna i staden."),
        ("sv", "Luften i klassrummen är frisk och behaglig."),
        ("en", "The service works well for residents of the city."),
        ("en", "Pilots are used by residents in the centre."),
    ],
)
def test_a_wish_without_a_measure_is_told_so(language: str, text: str) -> None:
    assert found("measure", language, text) == ""


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("fi", "Palvelu on käyttäjäystävällinen ja nopea.", "käyttäjäystävällinen"),
        ("sv", "En smidig vardag för familjerna.", "smidig"),
        ("en", "Residents get a state-of-the-art service.", "state-of-the-art"),
    ],
)
def test_a_word_that_each_reads_in_their_own_way_is_quoted(language: str, text: str, quoted: str) -> None:
    assert found("vague", language, text) == quoted
    assert found("vague", language, "Lumi aurataan. Snön plogas. Snow is ploughed.") is None


@pytest.mark.parametrize(("language", "word"), [("fi", "lumi"), ("sv", "snö"), ("en", "snow")])
def test_a_sentence_is_long_when_it_has_more_words_than_its_language_allows(language: str, word: str) -> None:
    most = RULES.languages[language].longest_sentence
    assert found("sentence", language, " ".join([word] * most) + ".") is None
    assert found("sentence", language, " ".join([word] * (most + 1)) + ".") == " ".join([word] * 8) + " …"


@pytest.mark.parametrize("between", [". ", "? ", "! ", ".\n", "\n", "\r\n", ": ", "; ", "… ", ".” ", "\n• "])
def test_sentences_lines_and_list_items_are_counted_apart(between: str) -> None:
    part = " ".join(["snow"] * 20)
    assert found("sentence", "en", part + between + part) is None
    assert found("sentence", "en", f"{part}, {part}") is not None


def test_a_date_or_an_amount_does_not_end_a_sentence() -> None:
    assert found("sentence", "fi", "lumi " * 13 + "1.2.2027 " + "lumi " * 13) is not None


def test_each_code_is_remarked_once_and_in_the_order_of_the_checks() -> None:
    text = "Uusi alusta. Tarvitsemme järjestelmän ja sovelluksen Azureen ja Googleen."
    made = remarks("answer", text, "fi", only("measure", "solution", "opening", "brand"))
    assert [(remark.code, remark.found) for remark in made] == [
        ("measure", ""), ("solution", "Tarvitsemme järjestelmän"), ("brand", "Azureen"),
    ]  # fmt: skip


def test_the_quotation_is_as_written_on_one_line_and_not_endless() -> None:
    assert found("solution", "en", "We NEED\n an   App") is None  # a new line is a new sentence
    assert found("solution", "en", "We NEED an   App") == "NEED an App"
    quoted = found("brand", "en", "Microsoft" + "x" * 5000)
    assert quoted is not None
    assert len(quoted) <= 121


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "👩‍🚒 🚒", "®™", "%"])
def test_a_text_without_words_is_left_in_peace(text: str) -> None:
    assert remarks("answer", text, "en", only(*CHECKS)) == ()


def test_a_text_still_being_written_is_not_blamed_for_what_it_lacks() -> None:
    assert remarks("answer", "Snow is ploughed badly.", "en", only("user", "measure")) == ()
    assert remarks("answer", "Snow is ploughed very badly.", "en", only("user", "measure")) != ()


def test_a_question_that_is_not_coached_and_a_language_without_rules_get_no_remark() -> None:
    assert remarks("budget_line", "We need an app by Microsoft.", "en", RULES) == ()
    assert remarks("need", "We need an app by Microsoft.", "de", RULES) == ()


def test_a_text_plainly_in_another_language_is_judged_by_that_one() -> None:
    text = 'Asukkaat eivät tiedä, koska lumi on aurattu, ja tie on jäässä ("not ploughed"). Tarvitsemme sovelluksen, joka kertoo sen.'
    made = remarks("need", text, "en", RULES)
    assert made == (Remark("solution", "Tarvitsemme sovelluksen"),)
    assert remarks("need", text, "fi", RULES) == made


@pytest.mark.parametrize(
    "text",
    [
        # the words of the other language are few beside those of the stated one
        "The bus is late and the people of Ii wait: ”että on se ja että ei”. They need an app.",
        "Oulu: ja että. Staff need an app.",  # two words are no proof
    ],
)
def test_a_few_words_of_another_language_do_not_change_the_language(text: str) -> None:
    assert found("solution", "en", text) is not None


def test_letters_typed_in_two_parts_are_read_as_one() -> None:
    assert found("solution", "fi", "Hankitaan uusi ja\u0308rjestelma\u0308.") == "Hankitaan uusi järjestelmä"


def test_only_words_for_the_need_and_the_outcome_are_solutions() -> None:
    coached = {question for question, checks in RULES.checks.items() if "solution" in checks}
    assert coached == {"need", "desired_outcome"}


WORDS = st.sampled_from(
    ["hankitaan", "järjestelmän", "alusta", "asti", "we need", "app", "®", ".", "\n", "Azure", "👩‍🚒", "or", "equivalent"]
)


@given(
    st.one_of(st.text(max_size=2000), st.lists(WORDS, max_size=300).map(" ".join)), st.sampled_from(["fi", "sv", "en", "xx", ""])
)
def test_any_text_is_answered_with_known_remarks_that_quote_it(text: str, language: str) -> None:
    made = remarks("answer", text, language, only(*CHECKS))
    codes = [remark.code for remark in made]
    assert set(codes) <= set(CODES)
    assert len(set(codes)) == len(codes)
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    for remark in made:
        assert remark.found.removesuffix("…").rstrip() in plain
    assert remarks("answer", text, language, only(*CHECKS)) == made


@pytest.mark.parametrize(
    "part",
    [
        "tarvitaan ",
        "alusta ",
        "järjestelmä ",
        "a",
        "-",
        "a-",
        "'",
        ".)",
        ". ",
        "®",
        "Microsoft® ",
        "👩‍🚒",
        "e\u0301",
        "\n",
        "lumi. ",
        "eller ",
        "x:",
    ],
)
def test_the_work_grows_in_proportion_to_the_text(part: str) -> None:
    """Four times the text may take some eight times as long, with room for a busy machine, but not sixteen times."""

    def seconds(characters: int) -> float:
        text = (part * characters)[:characters]
        tries = []
        for _time in range(3):
            start = time.perf_counter()
            remarks("answer", text, "fi", only(*CHECKS))
            tries.append(time.perf_counter() - start)
        return min(tries)

    assert seconds(20_000) < 8 * seconds(5_000) + 0.05


def test_what_a_form_sent_by_hand_adds_is_not_looked_at() -> None:
    start = time.perf_counter()
    assert found("brand", "en", "snow " * 1_000_000 + "Google") is None
    assert time.perf_counter() - start < 2


def words(*entries: str) -> Lexicon:
    return lexicon(entries)


@pytest.mark.parametrize(
    ("entries", "text", "length"),
    [
        (["lumi"], "lumi", 1),
        (["lumi"], "lumien", 0),
        (["asuk*"], "asukas", 1),
        (["asuk*"], "lähiasukas", 0),
        (["*asuk*"], "lähiasukas", 1),
        (["*system"], "bokningssystem", 1),
        (["*system", "!ekosystem"], "ekosystem", 0),
        (["alusta", "!alusta asti"], "alusta asti", 0),
        (["alusta", "!alusta asti"], "alusta on", 1),
        (["or equivalent"], "or equivalent", 2),
        (["or equivalent"], "or", 0),
        (["power bi*"], "power bi:n", 2),
        (["LUMI"], "lumi", 1),
        ([], "lumi", 0),
    ],
)
def test_an_entry_finds_the_words_that_fit_it(entries: list[str], text: str, length: int) -> None:
    assert words(*entries).at(text.split(), 0) == length


def test_capitals_count_where_the_entry_is_a_name_like_a_common_word() -> None:
    assert lexicon(["SAP"], fold=False).at(["SAP"], 0) == 1
    assert lexicon(["SAP"], fold=False).at(["sap"], 0) == 0


@pytest.mark.parametrize("entry", ["", "*", "!", "**", "a*", "*ab", "lu*mi", "*or equivalent", "or* equivalent", "! *"])
def test_an_entry_that_finds_everything_or_nothing_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="cannot be understood"):
        lexicon([entry])
