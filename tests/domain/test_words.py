"""What is typed into a search, as terms; and the roots of words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from procure.domain.words import LONGEST_WORD, MOST_TERMS, SHORTEST_ROOT, Term, plain, root, tails, terms


def test_each_word_is_a_term() -> None:
    assert terms("Älykkäät  jäteastiat") == (Term(("älykkäät",)), Term(("jäteastiat",)))


def test_quoted_words_stand_together_and_are_taken_as_they_are() -> None:
    assert terms('"smart bins" frost') == (Term(("smart", "bins"), exact=True), Term(("frost",)))


def test_a_quotation_mark_without_its_fellow_parts_words() -> None:
    assert terms('smart" bins') == (Term(("smart",)), Term(("bins",)))


@pytest.mark.parametrize(
    ("typed", "words"), [("TRE-2026-0042", ("tre", "2026", "0042")), ("90511000-2", ("90511000", "2")), ("100%", ("100",))]
)
def test_what_is_written_without_a_space_is_one_term(typed: str, words: tuple[str, ...]) -> None:
    assert terms(typed) == (Term(words),)


@pytest.mark.parametrize("typed", ["", "   ", "%%%", '""', "😀", "' OR --", "\x00", "\ue000"])
def test_what_has_no_letter_and_no_digit_is_nothing_to_look_for(typed: str) -> None:
    assert terms(typed) == (() if typed != "' OR --" else (Term(("or",)),))


def test_a_letter_written_as_two_characters_is_the_same_letter() -> None:
    assert terms("a\u0308ly") == terms("äly")


def test_characters_that_mark_what_was_found_cannot_come_from_a_text() -> None:
    assert plain("a\ue000b\ue001c\x00d") == "a b c d"


@given(st.text(max_size=400))
def test_any_text_gives_few_short_words_of_letters_and_digits(typed: str) -> None:
    found = terms(typed)

    assert len(found) <= MOST_TERMS
    for term in found:
        assert term.words
        assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in term.words)


@pytest.mark.parametrize(
    "words",
    [
        ("jäteastia", "jäteastiat", "jäteastian", "jäteastioiden", "jäteastioita", "jäteastiassa"),
        ("hankinta", "hankinnan", "hankinnat", "hankinnasta"),
        ("älykäs", "älykkäät", "älykkäiden", "älykkään"),
        ("kaupunki", "kaupungin", "kaupungissa"),
        ("sensori", "sensorit", "sensoreita", "sensorer", "sensors"),
        ("upphandling", "upphandlingen", "upphandlingar", "upphandlingarna"),
        ("soptunna", "soptunnor", "soptunnorna"),
        ("procurement", "procurements"),
    ],
    ids=lambda words: words[0],
)
def test_forms_of_a_word_have_one_root(words: tuple[str, ...]) -> None:
    assert len({root(word) for word in words}) == 1


@pytest.mark.parametrize("word", ["bus", "talo", "2026", "covid19", "x"])
def test_short_words_and_numbers_are_their_own_root(word: str) -> None:
    assert root(word) == word


@given(st.text(alphabet="abdeghiklmnoprstuvyäö", min_size=1, max_size=30))
def test_a_root_is_a_beginning_that_is_not_too_short(word: str) -> None:
    assert word.startswith(root(word))
    assert len(root(word)) >= min(len(word), SHORTEST_ROOT)


def test_a_long_word_has_tails_and_a_short_one_none() -> None:
    assert tails("Jäteastia, bussi") == "eastia astia"


@given(st.text(max_size=300))
@example("AAAAA²²¹")
def test_tails_are_ends_of_the_words_and_no_syntax(text: str) -> None:
    assert all(tail.isalpha() and len(tail) <= LONGEST_WORD for tail in tails(text).split())
