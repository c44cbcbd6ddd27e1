"""What changed in a text, in the order of reading."""

from hypothesis import given
from hypothesis import strategies as st

from procure.domain.differences import LEFT_OUT, MOST_WORDS, Part, differences, shortened


def test_a_word_that_changed_stands_between_those_that_did_not() -> None:
    assert differences("the bins overflow in summer", "the bins overflow in July and August") == (
        Part("same", "the bins overflow in "),
        Part("gone", "summer"),
        Part("new", "July and August"),
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_from_their_differences(old: str, new: str) -> None:
    parts = differences(old, new)

    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


def test_long_stretches_that_did_not_change_are_left_out_but_not_the_words_around_a_change() -> None:
    words = [f"word{number}" for number in range(200)]
    old, new = " ".join(words), " ".join([*words[:100], "changed", *words[101:]])

    parts = shortened(differences(old, new))

    assert [part.kind for part in parts] == ["same", "gone", "new", "same"]
    assert parts[0].text.startswith(LEFT_OUT)
    assert parts[0].text.endswith("word98 word99 ")
    assert parts[3].text.startswith("word101 ")
    assert all(len(part.text) < 120 for part in parts)


def test_a_very_long_text_is_compared_line_by_line() -> None:
    line = "a line of words\n"
    old = line * MOST_WORDS
    parts = differences(old, old.replace(line, line, 1) + "one more\n")

    assert [part.kind for part in parts] == ["same", "new"]
    assert parts[1].text == "one more\n"
