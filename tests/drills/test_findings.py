"""A drill that finds nothing must be able to find something: each kind of damage, planted."""

from dataclasses import replace

import pytest

from tests.drills.acts import BROKEN, REFUSED, SAVED, UNKNOWN, Sent
from tests.drills.findings import Kept, compare
from tests.drills.forms import form_on

SENT = Sent("answers", "0123456789ab", {"need": "new", "users": "new"}, {"need": "old", "users": "old"}, SAVED, 302)
KEPT = Kept({"need": "new", "users": "new"}, {"need": "old", "users": "old"})


def found(sent: Sent, *kept: Kept) -> list[str]:
    return [line.partition(":")[0] for line in compare([sent], {sent.token: kept})]


@pytest.mark.parametrize("fate", [SAVED, UNKNOWN])
def test_what_was_saved_or_may_have_been_is_there_once_and_whole(fate: str) -> None:
    assert found(replace(SENT, fate=fate), KEPT) == []


@pytest.mark.parametrize("fate", [REFUSED, UNKNOWN])
def test_what_was_refused_or_may_have_been_lost_is_not_there(fate: str) -> None:
    assert found(replace(SENT, fate=fate)) == []


def test_an_acknowledged_text_that_is_not_in_the_log_is_lost() -> None:
    assert found(SENT) == ["lost"]


def test_a_refused_text_that_is_in_the_log_is_told() -> None:
    assert found(replace(SENT, fate=REFUSED), KEPT) == ["kept though refused"]


def test_a_text_that_is_there_twice_is_told() -> None:
    assert found(SENT, KEPT, KEPT) == ["doubled"]


def test_a_save_of_which_one_answer_is_missing_is_half() -> None:
    assert found(replace(SENT, fate=UNKNOWN), Kept({"need": "new"}, {"need": "old"})) == ["half"]


def test_a_text_cut_short_is_half() -> None:
    assert found(SENT, replace(KEPT, texts={"need": "new", "users": "ne"})) == ["half"]


def test_a_save_over_a_text_that_was_not_on_the_screen_is_told() -> None:
    assert found(SENT, replace(KEPT, before={"need": "old", "users": "somebody else's"})) == ["overwritten unseen"]


def test_a_refusal_that_shows_one_text_only_is_told() -> None:
    assert found(replace(SENT, fate=REFUSED, both_shown=False)) == ["one text only"]


def test_a_broken_page_is_told() -> None:
    assert found(replace(SENT, fate=BROKEN, status=500)) == ["broken page"]


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = """
      <form method="post" action="/elsewhere"><input name="other" value="1"></form>
      <form method="post"><input type="hidden" name="csrf_token" value="t&amp;t">
      <textarea name="need">\n  a &lt;b&gt;</textarea>
      <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
      <input type="checkbox" name="told" value="7">
      <select name="owner"><option value="1">A</option><option value="2" selected>B</option></select>
      <button name="save" value="1">Save</button></form>"""

    form = form_on(page, "need")

    assert form.fields == [("csrf_token", "t&t"), ("need", "  a <b>"), ("way", "b"), ("owner", "2")]
    assert form.texts == ["need"]
    assert form.ticks == [("told", "7")]
    assert form.sent_with(way="a")[-1] == ("way", "a")
