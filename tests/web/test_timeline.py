"""The timeline's geometry: all inside the drawing, nothing over anything else, readable from one month to ten years."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from procure.web.timeline import NARROW, WIDE, Drawing, Row, draw
from tests.pages import parse, text_of
from tests.web import small_app

START = date(2026, 6, 10)
LONG = "Suunnittelukilpailun tuloksia koskeva ilmoitus ja päätös"


def rows(number: int, days: int, name: str = "Tarpeen kuvaus") -> list[Row]:
    each = timedelta(days=days // number)
    states = ["done", "current", *["planned"] * number]
    return [Row(name, START + each * index, START + each * (index + 1), states[index]) for index in range(number)]


def drawing(given: list[Row], today: date, wide: bool) -> Drawing:
    return draw(given, today, WIDE if wide else NARROW, labels_left=wide)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("months", [1, 6, 18, 36, 60, 120])
def test_bars_lines_and_labels_stay_inside_and_apart(months: int, wide: bool) -> None:
    drawn = drawing(rows(10, months * 30), date(2026, 7, 1), wide)

    assert all(drawn.left <= bar.x and bar.x + bar.w <= drawn.right + 4 for bar in drawn.bars)
    assert all(drawn.left <= x <= drawn.right for x, _ in drawn.months)
    assert len(drawn.months) <= 42
    assert all(b - a >= (22 if wide else 44) for (a, _), (b, _) in pairwise(drawn.label_months))
    assert all(x + (16 if wide else 50) <= drawn.width for x, _ in drawn.label_months)
    assert all(b - a >= 34 for (a, _), (b, _) in pairwise(drawn.years))
    assert all(lower.y - upper.y >= 30 for upper, lower in pairwise(drawn.bars))


@pytest.mark.parametrize("wide", [True, False])
def test_a_long_name_takes_two_lines_and_pushes_the_next_stage_down(wide: bool) -> None:
    short, long = drawing(rows(3, 300), START, wide), drawing(rows(3, 300, LONG), START, wide)

    assert [" ".join(text for _, text in bar.lines) for bar in long.bars] == [LONG] * 3
    assert all(len(bar.lines) == 2 for bar in long.bars)
    assert long.height == short.height + 3 * 17
    assert all(upper.lines[-1][0] < lower.lines[0][0] for upper, lower in pairwise(long.bars))


def test_a_stage_of_one_day_can_still_be_seen() -> None:
    assert drawing([Row("Päätös", START, START, "done")], START, True).bars[0].w >= 4


@pytest.mark.parametrize("today", [START, START.replace(day=1), date(2027, 3, 31)])
def test_the_word_for_today_stays_inside_the_drawing(today: date) -> None:
    for wide in (True, False):
        drawn = drawing([Row("Tarve", START, date(2027, 3, 31), "current")], today, wide)

        assert drawn.today_x is not None
        assert drawn.left + 26 <= drawn.today_label_x <= drawn.width - 26


def test_today_is_left_out_when_it_lies_outside() -> None:
    assert drawing(rows(3, 90), date(2030, 1, 1), True).today_x is None


def test_a_case_without_stages_is_an_empty_month() -> None:
    drawn = drawing([], START, True)

    assert drawn.bars == ()
    assert drawn.label_months
    assert drawn.today_x is not None


@pytest.mark.parametrize("wide", [True, False])
def test_the_drawing_tells_its_title_and_every_stage_and_carries_no_style(wide: bool) -> None:
    app: Flask = small_app.make()
    with app.test_request_context("/"):
        macro = app.jinja_env.get_template("components/timeline.html").module.timeline  # type: ignore[attr-defined]
        html = str(macro(drawing(rows(4, 400), START, wide), "Timetable", "Today", "drawn"))

    svg = next(element for element in parse(html).iter() if str(element.tag).endswith("svg"))
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "drawn")
    assert text_of(svg).count("Tarpeen kuvaus") == (4 if wide else 8)
    assert "style=" not in html
    assert "class=" not in html
