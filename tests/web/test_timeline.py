"""The timeline's geometry: all inside the drawing, nothing over anything else, readable from one month to ten years."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from procure.web.timeline import BAR, LEAST, NAMES, TOP, WIDTH, Drawing, Mark, Row, draw
from tests.pages import parse, text_of
from tests.web import small_app

START = date(2026, 6, 10)
LONG = "Suunnittelukilpailun tuloksia koskeva ilmoitus ja päätös"
TODAY = Mark(START, "Today", "today")


def rows(number: int, days: int, name: str = "Tarpeen kuvaus") -> list[Row]:
    each = timedelta(days=days // number)
    states = ["done", "current", *["planned"] * number]
    return [Row(name, START + each * index, START + each * (index + 1), states[index]) for index in range(number)]


@pytest.mark.parametrize("months", [1, 6, 18, 36, 60, 120])
def test_bars_lines_and_labels_stay_inside_and_apart(months: int) -> None:
    drawn = draw(rows(10, months * 30), [TODAY])

    assert all(bar.x >= NAMES and bar.x + bar.w <= WIDTH for bar in drawn.bars)
    assert all(NAMES <= x <= WIDTH for x, _ in drawn.months)
    assert len(drawn.months) <= 42
    assert all(b - a >= 22 for (a, _), (b, _) in pairwise(drawn.label_months))
    assert all(x + 16 <= WIDTH for x, _ in drawn.label_months)
    assert all(b - a >= 34 for (a, _), (b, _) in pairwise(drawn.years))
    assert all(lower.y - upper.y >= BAR * 2 for upper, lower in pairwise(drawn.bars))


def test_a_long_name_takes_two_lines_and_pushes_the_next_stage_down() -> None:
    short, long = draw(rows(3, 300), [TODAY]), draw(rows(3, 300, LONG), [TODAY])

    assert [" ".join(text for _, text in bar.lines) for bar in long.bars] == [LONG] * 3
    assert all(len(bar.lines) == 2 for bar in long.bars)
    assert long.height == short.height + 3 * 17
    assert all(upper.lines[-1][0] < lower.lines[0][0] for upper, lower in pairwise(long.bars))


def test_a_stage_of_one_day_can_still_be_seen() -> None:
    years = Row("Sopimus", START, date(2036, 6, 10), "planned")
    assert draw([Row("Päätös", START, START, "done"), years], []).bars[0].w == LEAST


def test_both_ends_of_a_stage_belong_to_it() -> None:
    """Thirty days of June fill the month: from its line to the next one."""
    (bar,) = draw(
        [
            Row("Tarve", date(2026, 6, 1), date(2026, 6, 30), "done"),
        ],
        [Mark(date(2026, 7, 15), "Today", "today")],
    ).bars
    june, july = (x for x, _month in draw([bar.row], [Mark(date(2026, 7, 15), "Today", "today")]).months)
    assert (bar.x, bar.x + bar.w) == (pytest.approx(june), pytest.approx(july, abs=0.2))


@pytest.mark.parametrize("on", [START, START.replace(day=1), date(2027, 3, 31)])
def test_the_words_of_a_mark_stay_inside_the_drawing(on: date) -> None:
    (line,) = draw([Row("Tarve", START, date(2027, 3, 31), "current")], [Mark(on, "Sopimus tarvitaan 31.3.2027", "needed")]).marks

    assert line.plate_x >= 0
    assert line.plate_x + line.plate_w <= WIDTH
    assert NAMES <= line.x <= WIDTH
    assert line.plate_w >= len(line.mark.words) * 6


def test_the_plates_of_marks_on_one_day_stand_under_each_other() -> None:
    drawn = draw(rows(3, 90), [TODAY, Mark(START, "Contract", "contract"), Mark(START, "Needed", "needed")])

    assert all(lower.plate_y - upper.plate_y >= 20 for upper, lower in pairwise(drawn.marks))
    assert drawn.marks[0].plate_y >= drawn.bottom
    assert drawn.marks[-1].plate_y + 20 <= drawn.height


def test_a_mark_far_from_every_stage_is_drawn_too() -> None:
    drawn = draw(rows(3, 90), [Mark(date(2030, 1, 1), "Needed", "needed")])
    assert drawn.marks[0].x > drawn.bars[-1].x + drawn.bars[-1].w


def test_the_days_as_they_were_saved_stand_under_the_bar() -> None:
    late = Row("Tarve", date(2026, 6, 10), date(2026, 7, 31), "current", saved=(date(2026, 6, 1), date(2026, 6, 30)))
    drawn = draw([late, Row("Tarve", START, START, "planned")], [])
    saved = drawn.bars[0].saved
    assert saved is not None
    assert saved[0] < drawn.bars[0].x
    assert saved[0] + saved[1] < drawn.bars[0].x + drawn.bars[0].w
    assert drawn.saved.count("M") == 1


def test_a_period_of_law_is_hatched_while_it_is_ahead() -> None:
    ahead = draw([Row("Odotusaika", START, date(2026, 7, 1), "planned", law=True)], [])
    over = draw([Row("Odotusaika", START, date(2026, 7, 1), "done", law=True)], [])
    assert [group.style for group in ahead.groups] == ["law"]
    assert [group.style for group in over.groups] == ["done"]
    bar = ahead.bars[0]
    xs = [float(x) for x in re.findall(r"M([\d.]+) ", ahead.groups[0].hatch)]
    assert xs
    assert all(bar.x <= x <= bar.x + bar.w for x in xs)


def test_a_meeting_is_marked_on_its_day() -> None:
    drawn = draw([Row("Päätös", START, date(2026, 6, 30), "planned", meeting=date(2026, 6, 30))], [])
    bar = drawn.bars[0]
    assert bar.meeting is not None
    assert bar.x < bar.meeting <= bar.x + bar.w
    assert drawn.meetings.count("M") == 1


def test_bars_of_one_style_after_another_are_drawn_as_one() -> None:
    states = ["done", "done", "current", "planned", "planned", "planned"]
    drawn = draw([Row("x", START, START, state) for state in states], [])
    assert [(group.style, len(group.bars)) for group in drawn.groups] == [("done", 2), ("current", 1), ("planned", 3)]
    assert drawn.groups[0].path.count("z") == 2


def test_a_case_without_stages_is_an_empty_month() -> None:
    drawn = draw([], [TODAY])

    assert drawn.bars == ()
    assert drawn.label_months
    assert drawn.marks[0].x >= NAMES
    assert drawn.bottom >= TOP


def test_the_drawing_tells_its_title_and_every_stage_and_carries_no_style() -> None:
    app: Flask = small_app.make()
    with app.test_request_context("/"):
        macro = app.jinja_env.get_template("components/timeline.html").module.timeline  # type: ignore[attr-defined]
        drawn: Drawing = draw(rows(4, 400), [TODAY])
        html = str(macro(drawn, "Timetable", "drawn"))

    svg = next(element for element in parse(html).iter() if str(element.tag).endswith("svg"))
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "drawn")
    assert text_of(svg).count("Tarpeen kuvaus") == 4
    assert "Today" in text_of(svg)
    assert "style=" not in html
    assert "class=" not in html
