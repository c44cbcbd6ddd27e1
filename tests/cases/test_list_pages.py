"""The address of the list and back, and the pieces of a found text."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.cases import list_pages
from procure.cases.list_queries import Cursor, Filters
from procure.infra.fulltext import MARKS, Why

ME = 7


def read(query: str) -> Filters:
    return list_pages.filters_from(dict(parse_qsl(query)), "en", ME)


FILTERS = st.builds(
    Filters,
    text=st.sampled_from(["", "bins", "a&b=c ä", '"two words"', "<script>"]),
    stage=st.sampled_from(["", "need", "plan"]),
    procedure=st.sampled_from(["", "open"]),
    light=st.sampled_from(["", "red", "grey"]),
    responsible=st.sampled_from([0, ME, 12]),
    city=st.sampled_from(["", "837"]),
    scope=st.sampled_from(["open", "finished", "all"]),
    order=st.sampled_from(["next", "newest"]),
)


@given(FILTERS)
def test_an_address_gives_back_its_filters(filters: Filters) -> None:
    assert read(list_pages.query_of(filters, ME)) == filters


@given(
    st.dictionaries(st.sampled_from(["q", "stage", "who", "city", "scope", "order", "after", "next", "x"]), st.text(max_size=250))
)
def test_whatever_an_address_says_is_kept_in_one_form_that_means_the_same(arguments: dict[str, str]) -> None:
    filters = list_pages.filters_from(arguments, "en", ME)
    query = list_pages.query_of(filters, ME)

    assert {name for name, _ in parse_qsl(query)} <= {"q", "stage", "procedure", "light", "who", "city", "scope", "order"}
    if "\0" not in query:
        assert read(query).stage == filters.stage
        assert list_pages.query_of(read(query), ME) == query


def test_words_without_another_order_come_by_fit() -> None:
    assert read("q=bins").order == "best"
    assert read("q=bins&order=next").order == "next"
    assert read("order=best").order == "next"


@pytest.mark.parametrize(("text", "cursor"), [
    ("2026-12-01.42", Cursor(date(2026, 12, 1), 42)), ("1.42", Cursor(date.max, 42, 1)), ("", None), ("1.", None), ("3.42", None),
    ("1.-4", None), ("1.٣", None), ("2026-13-01.4", None), ("1.99999999999999999999", None), ("x.1", None),
])  # fmt: skip
def test_a_place_in_the_list_is_read_or_the_first_page_is_shown(text: str, cursor: Cursor | None) -> None:
    assert list_pages.cursor_from(text) == cursor


@pytest.mark.parametrize(("typed", "reference"), [
    ("TRE-2026-0042", "TRE-2026-0042"), ("tre-2026-0042", "TRE-2026-0042"), ("TRE-2026-0042 bins", ""), ("TRE-2026", ""), ("", ""),
])  # fmt: skip
def test_a_reference_alone_is_known(typed: str, reference: str) -> None:
    assert list_pages.reference_in(Filters(text=typed)) == reference


@pytest.mark.parametrize(("kept", "shown"), [
    ("", list_pages.USUAL), ("x,y", list_pages.USUAL), ("value,stage", ("stage", "value")), ("city,x", ("city",)),
])  # fmt: skip
def test_known_columns_are_shown_in_the_order_of_the_list(kept: str, shown: tuple[str, ...]) -> None:
    assert list_pages.columns_from(kept) == shown


def marked(text: str) -> str:
    return text.replace("[", MARKS[0]).replace("]", MARKS[1])


@pytest.mark.parametrize(("text", "pieces"), [
    ("a [b] c", (("a ", False), ("b", True), (" c", False))), ("[b]", (("b", True),)), ("", ()), ("plain", (("plain", False),)),
    ("[a][b]", (("a", True), ("b", True))),
])  # fmt: skip
def test_a_found_text_in_pieces(text: str, pieces: Any) -> None:
    assert list_pages.pieces(marked(text)) == pieces


@given(st.text(alphabet="ab[] <", max_size=30))
def test_no_mark_and_no_letter_is_lost_or_left(text: str) -> None:
    found = list_pages.pieces(marked(text))

    assert "".join(piece for piece, _ in found).replace(MARKS[1], "") == text.replace("[", "").replace("]", "")


def test_the_title_of_another_language_shows_why_when_nothing_else_does() -> None:
    why = Why(marked("Älykkäät [jäteastiat]\nSmart bins"), "")

    assert list_pages._shown(why, "Smart bins") == ((), (("Älykkäät ", False), ("jäteastiat", True)))
    assert list_pages._shown(why, "Älykkäät jäteastiat") == ((("Älykkäät ", False), ("jäteastiat", True)), ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["fi", "sv", "en"]))
def test_every_column_and_city_has_a_name_in_each_language(app: Flask, language: str) -> None:
    assert all(name for _code, name in list_pages.city_choices(language))
    assert all(list_pages.kind_names(language).values())
