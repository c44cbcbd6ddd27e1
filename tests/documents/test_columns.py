"""Numbers never wrap, short cells stay on one line, and words share the rest of the line."""

from hypothesis import given
from hypothesis import strategies as st

from procure.documents.columns import LINE, WHOLE, widths

LONG = "A clarification was asked for and received within the time limit; the reasons stand in the record."
AMOUNT = "74,074,073.40 €"


def figures(width: int) -> float:
    """How many figures a column so wide holds."""
    return width * LINE / WHOLE


def test_a_column_of_amounts_holds_its_longest_amount_beside_columns_of_sentences() -> None:
    found = widths(("Option", "Cost", "Benefit", "Other", "Judged"), [("A Oy", AMOUNT, AMOUNT, LONG, LONG)] * 3, (1, 2))

    assert figures(found[1]) > len(AMOUNT)
    assert figures(found[2]) > len(AMOUNT)


def test_sentences_get_the_room_that_names_and_days_leave() -> None:
    name, said, day = widths(("Name", "What was said", "Day"), [("Anturi Oy", LONG, "28.12.2027")] * 3, ())

    assert said > name + day
    assert figures(day) > len("28.12.2027")


def test_a_column_of_long_texts_leaves_a_name_its_line() -> None:
    name = "Aino Esimerkki"
    found = widths(("Entry", "Day", "What", "By"), [("12", "28.12.2027", " ".join([LONG] * 4), name)] * 3, ())

    assert figures(found[3]) > len(name)


def test_the_head_over_numbers_breaks_no_word_while_there_is_room() -> None:
    found = widths(("Month", "Decisions", "Number of procurements"), [("May", "3", "12")] * 3, (1, 2))

    assert figures(found[2]) > len("procurements") > figures(widths(("procurements",) * 9, [("1",) * 9], tuple(range(9)))[0])
    assert figures(found[0]) > figures(found[2])


def test_names_keep_their_line_before_the_heads_over_numbers_do() -> None:
    head = ("Procedure", *["Working days, 80th percentile"] * 4)
    found = widths(head, [("Negotiated procedure", *["n < 5"] * 4)] * 3, (1, 2, 3, 4))

    assert figures(found[0]) > len("Negotiated procedure")


def test_an_empty_table_shares_the_line_by_its_head() -> None:
    assert sum(widths(("A", "B"), [], ())) == WHOLE


@given(
    st.lists(st.text(max_size=20), min_size=1, max_size=8).flatmap(
        lambda head: st.tuples(
            st.just(head), st.lists(st.lists(st.text(max_size=80), min_size=len(head), max_size=len(head)), max_size=4)
        )
    ),
    st.sets(st.integers(0, 7)),
)
def test_the_widths_always_make_one_whole_line(table: tuple[list[str], list[list[str]]], numeric: set[int]) -> None:
    head, rows = table
    found = widths(head, rows, tuple(place for place in numeric if place < len(head)))

    assert sum(found) == WHOLE
    assert all(1 <= width <= WHOLE for width in found)
