"""The geometry of bars and columns."""

from procure.web import bars
from procure.web.bars import Item


def items(*values: int) -> list[Item]:
    return [Item(f"name {number}", value, str(value), "2026") for number, value in enumerate(values)]


def test_the_longest_bar_leaves_room_for_its_number_and_half_is_half() -> None:
    chart = bars.bars(items(100, 50))
    assert f"h{bars.WIDTH - bars.VALUE_ROOM}.0v" in chart.path
    assert f"h{(bars.WIDTH - bars.VALUE_ROOM) / 2}v" in chart.path


def test_one_of_many_can_still_be_seen_and_nothing_is_not_drawn() -> None:
    chart = bars.bars(items(100_000, 1, 0))
    assert f"h{bars.LEAST}v" in chart.path
    assert chart.path.count("M") == 2
    assert [word.text for word in chart.words if word.strong] == ["100000", "1", "0"]


def test_a_long_name_is_cut() -> None:
    (name, _value) = bars.bars([Item("x" * 80, 1, "1")]).words
    assert len(name.text) == bars.LETTERS


def test_all_columns_stand_inside_the_drawing() -> None:
    for count in (1, 3, 12, 60):
        chart = bars.columns(items(*range(1, count + 1)))
        starts = [float(part.split()[0]) for part in chart.path.split("M")[1:]]
        assert min(starts) >= 0
        assert max(starts) < bars.WIDTH


def test_of_many_columns_only_some_have_words() -> None:
    chart = bars.columns(items(*[1] * 60))
    assert sum(word.strong for word in chart.words) <= bars.MOST_WORDS


def test_a_chart_of_nothing_is_empty() -> None:
    assert bars.bars([]).path == bars.columns([]).path == bars.bars(items(0, 0)).path == ""


def test_a_long_number_behind_the_longest_bar_stays_inside_the_drawing() -> None:
    value = "12,613,500"
    chart = bars.bars([Item("Finished", 12_613_500, value), Item("Cancelled", 1, "1")])
    assert chart.words[1].x + len(value) * bars.FIGURE <= bars.WIDTH
