"""The marks of long texts: what makes a list, a heading or a link, and that nothing else ever does."""

import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.compositions import MOST_WORDS
from procure.domain.marking import Item, Listing, Marked, Run, Subheading, Words, marked, unmarked


def line(text: str) -> Words:
    return Words((Run(text),))


def bullets(*texts: str) -> Listing:
    return Listing("-", tuple(Item((line(text),)) for text in texts))


AS_TYPED = [
    "", "1. §", "1. § sanoo näin", "2026. ", "2026. vuosi\n2027. vuosi", "1. joulukuuta\n5. joulukuuta", "31. joulukuuta", "1.5 km",
    "5 * 3 = 15", "5*3*2", "2**10", "hinta* ja alv*", "*) alv sisältyy hintaan*", "merkityt (*) ja muut (*)", "*.pdf ja *.docx",
    "* note\n* other", "+ 358 40 123 4567\n+358 40 123", "040-123 4567", "snake_case ja __init__ ja _tämä_", "#42", "# Otsikko",
    "## Otsikko", "#### Otsikko", "###", "###Otsikko", "-", "--", "---", "-5 °C", "– viiva", "—", "***", "****", "**** ****", "* * *",
    "[1]", "[1] ks. [2](liite.pdf)", "[x] tehty", "> lainaus", "    koodi", "`koodi`", "~~~\nkoodi\n~~~", "| a | b |\n|---|---|",
    "Otsikko\n===", "Otsikko\n---", "<b>x</b> &amp; <script>alert(1)</script>", "![kuva](https://x.fi/a.png)", "\\\\palvelin\\kansio",
    "\\*x\\*", "file:///etc/passwd", "[a](file:///etc/passwd)", "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a](//x.fi)",
    "[a](HTTPS://x.fi y)", "[a](https://tampere.fi@paha.example)", "[](https://x.fi)", "[ ](https://x.fi)", "[a] (https://x.fi)",
    "[a](mailto:x@y.fi?bcc=z@y.fi)", "[a](https://x.fi/\N{RIGHT-TO-LEFT OVERRIDE}fdp)", "https://x.fi/a*b*c", "**auki", "auki**",
    "**a\nb**", "{{ 7*7 }} ja {{ 8*8 }}", "{% raw %}",
]  # fmt: skip


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_was_typed_without_a_thought_of_marks_stays(text: str) -> None:
    assert marked(text) == ()
    assert unmarked(text) == " ".join(part.strip() for part in text.splitlines() if part.strip())


def test_hyphens_make_a_list_and_a_line_that_is_not_indented_ends_it() -> None:
    assert marked("Näin:\n- yksi\n- kaksi\nLoppu.\n\n- kolme") == (
        line("Näin:"),
        bullets("yksi", "kaksi"),
        line("Loppu."),
        bullets("kolme"),
    )


def test_an_empty_line_between_items_is_still_one_list() -> None:
    assert marked("- yksi\n\n- kaksi") == (bullets("yksi", "kaksi"),)


def test_indented_lines_belong_to_their_item() -> None:
    assert marked("- yksi\n  jatkuu\n\n  vielä\n- kaksi") == (
        Listing("-", (Item((line("yksi"), line("jatkuu"), line("vielä"))), Item((line("kaksi"),)))),
    )


@pytest.mark.parametrize("blank", ["  ", "    ", "\t", "        "])
def test_an_indented_list_stands_in_the_item_before_it(blank: str) -> None:
    assert marked(f"1. yksi\n{blank}- a\n{blank}- b\n2. kaksi") == (
        Listing(".", (Item((line("yksi"), bullets("a", "b"))), Item((line("kaksi"),)))),
    )


def test_a_list_in_a_list_holds_no_other_list() -> None:
    assert marked("- a\n  - b\n    - c\n      - d") == (
        Listing("-", (Item((line("a"), Listing("-", (Item((line("b"), line("- c"), line("- d"))),)))),)),
    )


@pytest.mark.parametrize("mark", [".", ")"])
def test_numbers_make_a_list_where_they_count_from_one_and_keep_their_sign(mark: str) -> None:
    assert marked(f"1{mark} a\n2{mark} b") == (Listing(mark, (Item((line("a"),)), Item((line("b"),)))),)
    assert marked(f"1{mark} a") == ()
    assert marked(f"3{mark} a\n4{mark} b") == ()
    assert marked(f"1{mark} a\n2{mark} b\n4{mark} d") == (
        Listing(mark, (Item((line("a"),)), Item((line("b"),)))),
        line(f"4{mark} d"),
    )


def test_a_single_number_with_a_list_under_it_keeps_both() -> None:
    assert marked("1. luku\n  - a\n  - b") == (line("1. luku"), bullets("a", "b"))


def test_three_signs_make_a_sub_heading_on_a_line_of_its_own_outside_lists() -> None:
    assert marked("### Otsikko #1\nTeksti") == (Subheading((Run("Otsikko #1"),)), line("Teksti"))
    assert marked("- a\n  ### b") == (Listing("-", (Item((line("a"), line("### b"))),)),)


def test_stars_make_words_strong_or_emphasised() -> None:
    assert marked("**Vahva** ja *korostettu*, ***molemmat***.") == (
        Words((Run("Vahva", True), Run(" ja "), Run("korostettu", False, True), Run(", "), Run("molemmat", True, True), Run("."))),
    )  # fmt: skip
    assert marked("**Tampere**n") == (Words((Run("Tampere", True), Run("n"))),)
    assert marked("**a *b* c**") == (Words((Run("a ", True), Run("b", True, True), Run(" c", True))),)
    assert marked("**a *b***") == (Words((Run("a ", True), Run("b", True, True))),)


def test_a_link_says_its_address_after_its_words() -> None:
    assert marked("[ohje](https://x.fi/a_(b)?c=d&e)") == (
        Words((Run("ohje", href="https://x.fi/a_(b)?c=d&e"), Run(" (https://x.fi/a_(b)?c=d&e)"))),
    )
    assert marked("[https://x.fi](https://x.fi)") == (Words((Run("https://x.fi", href="https://x.fi"),)),)
    assert marked("[posti](mailto:a.b@x.fi)") == (Words((Run("posti", href="mailto:a.b@x.fi"), Run(" (a.b@x.fi)"))),)
    assert marked("**[ohje](http://x.fi)**")[0] == Words((Run("ohje", True, href="http://x.fi"), Run(" (http://x.fi)", True)))


def test_without_marks_the_same_words_stand_on_one_line() -> None:
    assert unmarked("### A\n**b** [c](https://x.fi)\n- d\n  - e") == "A b c (https://x.fi) d e"


def letters(blocks: Iterable[Marked]) -> str:
    return "".join(
        letters(block for item in block.items for block in item.blocks) if isinstance(block, Listing)
        else "".join(one for run in block.runs for one in run.text if one.isalpha())
        for block in blocks
    )  # fmt: skip


def depth(blocks: Iterable[Marked]) -> int:
    return max(
        (1 + depth(block for item in block.items for block in item.blocks) for block in blocks if isinstance(block, Listing)),
        default=0,
    )


@given(st.text(alphabet="ab*-#12.) \n\t[]("))
def test_no_word_is_lost_or_moved_and_no_list_is_deeper_than_two(text: str) -> None:
    found = marked(text)
    assert not found or letters(found) == "".join(one for one in text if one.isalpha())
    assert depth(found) <= 2


@given(st.text(alphabet=st.characters(exclude_characters="*-[#1")))
def test_text_without_any_sign_of_a_mark_has_none(text: str) -> None:
    assert marked(text) == ()


HEAVY = {
    "prose": "### Otsikko\nLorem **ipsum** dolor [sit](https://x.fi) amet, *consectetur* adipiscing elit sed do eiusmod\n- yksi kaksi\n",
    "items": "- a\n", "numbers": "1. a\n2. a\n", "lines": "- a\n\na\n\n", "stars": "*", "openers": "*a ", "closers": "a* ",
    "mixed": "*a **b ", "crossed": "**a *b** c* ", "inside": "a**b", "brackets": "[", "links": "[a](", "addresses": "[a](https://",
    "parentheses": "[a](https://a((((((", "mail": "[a](mailto:a", "user": "[a](https://a@", "dashes": "- ", "headings": "### a\n",
}  # fmt: skip


def steps(kind: str, length: int) -> int:
    """How many lines of the program reading a text of that length takes: as many on every machine."""
    text, found, before = (HEAVY[kind] * (length // len(HEAVY[kind]) + 1))[:length], 0, sys.gettrace()

    def count(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal found
        found += event == "line"
        return count

    sys.settrace(count)
    try:
        marked(text)
    finally:
        sys.settrace(before)
    return found


@pytest.mark.parametrize("kind", HEAVY)
def test_the_work_that_a_text_takes_grows_with_its_length_alone(kind: str) -> None:
    """Of a text eight times as long: what grew with the square would take 64 times as many steps."""
    assert steps(kind, MOST_WORDS // 4) < 16 * steps(kind, MOST_WORDS // 32)


def test_the_deepest_indentation_is_read_without_going_deep() -> None:
    assert depth(marked("\n".join(f"{' ' * level}- x" for level in range(800)))) == 2
