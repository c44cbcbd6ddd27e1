"""Finding cases by their words: what is found, why, in which order, and never what belongs to others."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from procure.accounts.models import Person
from procure.cases import list_queries, service, texts
from procure.cases.models import Case, CaseText
from procure.infra.db import db
from procure.infra.fulltext import MARKS
from tests import factories

TODAY = date(2026, 11, 24)
SYNTAX = """ab*"'():&|!<->\\^+{}@:~%_;,. \x00\n\t"""
PIECES = st.sampled_from(
    ["AND", "OR", "NOT", "NEAR(", "bins", '"', "*", "title:", ")", "(", "-", "'", "\\", ":*A", "<->", "@1", "readers : 1"]
)


def hits(person: Person, typed: str, language: str = "en", **more: int) -> list[list_queries.Hit]:
    return list_queries.search(factories.actor_of(person), typed, language, TODAY, **more)[0]


def found(person: Person, typed: str) -> list[str]:
    return [hit.row.reference for hit in hits(person, typed)]


def marked(text: str) -> list[str]:
    """The words between the marks."""
    start, stop = MARKS
    return [piece.split(stop)[0] for piece in text.split(start)[1:]]


def on_postgres() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


@pytest.fixture
def bins(people: dict[str, Person]) -> Case:
    return factories.make_case(
        people["officer"], title={"fi": "Älykkäät jäteastiat keskustaan", "sv": "Smarta soptunnor", "en": "Sensors for waste bins"},
        need={"fi": "Astioita tyhjennetään puolityhjinä.", "en": "Bins overflow in cities <b>every</b> summer & winter."},
        cpv=["90511000"], risks={"sv": "Sensorerna fryser sönder på gatorna."},
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "jäteastia", "jäteastioiden", "JÄTEASTIAN", "jäte", "älykäs jäteastia", "älykkäiden", "keskustassa",
        "soptunna", "soptunnorna", "sensorer", "gatorna",
        "bin", "sensor", "overflows", "summers",
    ],
)  # fmt: skip
def test_other_forms_of_a_word_find_it_in_three_languages_on_both_databases(
    bins: Case, people: dict[str, Person], typed: str
) -> None:
    assert found(people["officer"], typed) == [bins.reference]


@pytest.mark.parametrize("typed", ["city", "gata", "overflowing"])
def test_what_does_not_begin_alike_is_found_by_its_stem_on_postgresql_only(
    bins: Case, people: dict[str, Person], typed: str
) -> None:
    """SQLite knows beginnings and roots (`domain.words`), no stems: city – cities. PostgreSQL has the stems of its configurations."""
    assert found(people["officer"], typed) == ([bins.reference] if on_postgres() else [])


@pytest.mark.parametrize(
    "typed", ["teas", "jateastia", "ja", "jäteastia bussi", '"waste sensors"', "waste-sensors", "readers", "😀", "%"]
)
def test_what_is_not_found(people: dict[str, Person], typed: str) -> None:
    """A word is not found by any letters in it; a and ä are two letters; every term must be there."""
    factories.make_case(people["officer"], title={"fi": "Jäteastiat", "en": "Sensors for waste bins"})

    assert found(people["officer"], typed) == []


@pytest.mark.parametrize("typed", ["astia", "astioiden", "ASTIAT", "tunna"])
def test_a_later_part_of_a_compound_finds_the_title_and_not_an_answer(people: dict[str, Person], typed: str) -> None:
    wanted = factories.make_case(people["officer"], title={"fi": "Jäteastiat", "sv": "Soptunnor"})
    factories.make_case(people["officer"], title={"en": "Bins"}, need={"fi": "Jäteastiat", "sv": "Soptunnor"})

    assert found(people["officer"], typed) == [wanted.reference]


@pytest.mark.parametrize("typed", ['"waste bins"', "waste-bins", '"waste bins" sensor', "waste/bins"])
def test_quoted_words_stand_side_by_side(bins: Case, people: dict[str, Person], typed: str) -> None:
    assert found(people["officer"], typed) == [bins.reference]


@pytest.mark.parametrize("typed", ["90511000", "9051", "90511000-2", "jätteenkeruu", "refuse"])
def test_a_code_is_found_by_its_number_and_its_name(people: dict[str, Person], typed: str) -> None:
    case = factories.make_case(people["officer"], title={"en": "Bins"}, cpv=["90511000"])
    text_row = db.session.get(CaseText, case.id)
    assert text_row is not None
    if typed[0].isdigit() or typed in f"{text_row.fi} {text_row.en}".lower():
        assert found(people["officer"], typed) == (
            [] if typed == "90511000-2" and "90511000-2" not in text_row.plain else [case.reference]
        )


def test_the_reference_finds_its_case(bins: Case, people: dict[str, Person]) -> None:
    factories.make_case(people["officer"], title={"en": f"After {bins.reference}"})

    assert found(people["officer"], bins.reference.lower()) == [list_queries.search(
        factories.actor_of(people["officer"]), bins.reference, "en", TODAY)[0][0].row.reference, bins.reference]  # fmt: skip


def test_a_hit_shows_the_words_that_were_found(bins: Case, people: dict[str, Person]) -> None:
    (hit,) = hits(people["officer"], "bins")
    assert hit.why is not None
    assert marked(hit.why.titles) == ["bins"]
    assert marked(hit.why.excerpt) == ["Bins"]
    assert "overflow in cities" in hit.why.excerpt
    assert hit.row.title in hit.why.titles.replace(MARKS[0], "").replace(MARKS[1], "").splitlines()


def test_the_language_of_the_page_is_shown_before_the_others(people: dict[str, Person]) -> None:
    factories.make_case(people["officer"], need={"fi": "Anturi Tampereella", "en": "Anturi in Tampere"})

    (finnish,), (english,) = (hits(people["officer"], "anturi", language) for language in ("fi", "en"))

    assert finnish.why is not None
    assert english.why is not None
    assert "Tampereella" in finnish.why.excerpt
    assert "in Tampere" in english.why.excerpt


def test_titles_come_before_answers_and_words_as_typed_before_their_roots(people: dict[str, Person]) -> None:
    officer = people["officer"]
    typed = factories.make_case(officer, title={"en": "Sensors"})
    rooted = factories.make_case(officer, title={"en": "One sensor"})
    answered = factories.make_case(officer, title={"en": "Bins"}, need={"en": "Sensors"})
    newer = factories.make_case(officer, title={"en": "Sensors again"})

    assert found(officer, "sensors") == [case.reference for case in (newer, typed, rooted, answered)]


def test_pages_of_hits_follow_each_other_without_gap(people: dict[str, Person]) -> None:
    titles = ["Bins", "Sensors", "Bins"]
    made = [factories.make_case(people["officer"], title={"en": title}, need={"en": "Sensors"}).id for title in titles * 3]
    actor, after, seen = factories.actor_of(people["officer"]), None, []

    for _page in range(5):
        page, more = list_queries.search(actor, "sensors", "en", TODAY, 2, after)
        seen += [hit.row.id for hit in page]
        if not more:
            break
        after = list_queries.Cursor(page[-1].row.sort_date, page[-1].row.id, page[-1].row.rank)

    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("stranger", ["other_officer", "other_manager", "vaasa_officer", "expert", "coordinator", "system_admin"])
@pytest.mark.parametrize("typed", ["Sensors", "soptunna", "overflow", "9051", "TRE", "12"])
def test_nobody_finds_another_city_s_case_by_any_of_its_words(
    bins: Case, people: dict[str, Person], stranger: str, typed: str
) -> None:
    assert hits(people[stranger], typed) == []


@pytest.mark.parametrize("typed", ["@{own}", "{own}", "readers : {own}", "readers:{own} OR title:s*", "'@{own}'"])
def test_the_number_of_a_city_finds_nothing(bins: Case, people: dict[str, Person], typed: str) -> None:
    own = people["officer"].organisation_id

    assert hits(people["other_officer"], typed.format(own=own)) == []
    assert hits(people["officer"], typed.format(own=own)) == []


def test_a_partner_city_finds_the_case_until_it_no_longer_takes_part(bins: Case, people: dict[str, Person]) -> None:
    service.set_partners(bins, [people["other_officer"].organisation])
    assert found(people["other_officer"], "overflow") == [bins.reference]

    service.set_partners(bins, [])
    assert found(people["other_officer"], "overflow") == []


def test_what_others_have_does_not_weigh_on_the_order(people: dict[str, Person]) -> None:
    own = [
        factories.make_case(people["officer"], title={"en": "Bins"}, need={"en": need})
        for need in ("alpha beta beta", "beta", "alpha " * 30 + "beta", "alpha beta")
    ]
    before = found(people["officer"], "alpha beta")
    for _ in range(15):
        factories.make_case(people["other_officer"], title={"en": "alpha"}, need={"en": "alpha alpha"})

    assert found(people["officer"], "alpha beta") == before
    assert len(before) == len(own) - 1


def test_a_changed_answer_is_found_and_the_old_words_no_longer(bins: Case, people: dict[str, Person]) -> None:
    factories.answer(bins, people["officer"], need={"en": "Lids freeze."}, title={"en": "Lids"})

    assert found(people["officer"], "freeze") == [bins.reference]
    assert found(people["officer"], "overflow") == []
    assert found(people["officer"], "jäteastia") == []


def test_names_that_another_feature_knows_are_found(
    bins: Case, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(texts.SOURCES, "suppliers", lambda ids: {bins.id: "Example Works Oy"} if bins.id in ids else {})
    assert found(people["officer"], "example oy") == []

    service.refresh_texts(bins)

    assert found(people["officer"], "example oy") == [bins.reference]


def test_very_long_answers_are_kept_and_found_as_far_as_they_are_indexed(people: dict[str, Person]) -> None:
    many = " ".join(f"sana{number}ö" for number in range(9000))
    case = factories.make_case(people["officer"], need={"fi": many, "sv": many, "en": many})

    assert found(people["officer"], "sana17ö") == [case.reference]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.text(max_size=60), st.text(alphabet=SYNTAX, max_size=40), st.lists(PIECES, max_size=8).map(" ".join)))
def test_whatever_is_typed_is_words_and_never_syntax(app: Flask, people: dict[str, Person], typed: str) -> None:
    if not db.session.scalar(select(Case.id).limit(1)):
        factories.make_case(people["officer"])
        factories.make_case(people["other_officer"], title={"en": "Foreign"})
    own = people["officer"].organisation_id

    assert all(hit.row.organisation_id == own for hit in hits(people["officer"], typed))


def test_a_search_costs_two_queries(people: dict[str, Person], count_queries: Callable[[], list[str]]) -> None:
    for _ in range(5):
        factories.make_case(people["officer"])
    actor = factories.actor_of(people["officer"])
    executed = count_queries()

    assert len(list_queries.search(actor, "sensor", "en", TODAY)[0]) == 5

    assert len(executed) == 2


def test_the_index_is_read_and_not_every_row(app: Flask, bins: Case) -> None:
    if on_postgres():
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        statement = "EXPLAIN SELECT case_id FROM case_texts WHERE vector @@ to_tsquery('simple', 'sensor:*')"
        plan = " ".join(db.session.scalars(text(statement)))
        assert "ix_case_texts_vector" in plan
    else:
        db.session.execute(text("INSERT INTO case_search (case_search) VALUES ('integrity-check')"))
