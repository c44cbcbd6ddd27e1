"""Parts in a team, hand-over days, and notes cut into words, links and mentions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import team
from procure.domain.outcomes import Refusal
from procure.domain.team import Named, Piece, mentioned, pieces

ANNA, ANNA_MALLI, OLLI = Named(1, "Anna"), Named(2, "Anna Malli"), Named(3, "Olli Näyte")
TODAY = date(2026, 11, 24)


def code(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.reasons[0].code


@pytest.mark.parametrize(("part", "role", "works"), [
    ("member", "officer", True), ("substitute", "manager", True), ("member", "city_admin", False), ("guest", "officer", False),
    ("guest", "manager", False), ("member", "expert", False),
])  # fmt: skip
def test_only_a_role_that_may_change_cases_works_on_one_and_a_guest_never_does(part: str, role: str, works: bool) -> None:
    assert team.works(part, role) is works


def test_a_substitute_may_change_cases_and_a_member_need_not() -> None:
    with pytest.raises(Refusal) as refused:
        team.check_part("substitute", "city_admin", False)
    assert code(refused) == "part_needs_editor"
    team.check_part("member", "city_admin", False)
    team.check_part("guest", "city_admin", False)


@pytest.mark.parametrize("part", ["responsible", "", "owner"])
def test_nobody_is_added_as_anything_else(part: str) -> None:
    with pytest.raises(Refusal) as refused:
        team.check_part(part, "officer", False)
    assert code(refused) == "part_unknown"


def test_whoever_is_responsible_has_no_other_part() -> None:
    with pytest.raises(Refusal) as refused:
        team.check_part("guest", "officer", True)
    assert code(refused) == "part_of_responsible"


@pytest.mark.parametrize(("day", "refused_with"), [
    (date(2026, 11, 25), "date_in_future"), (date(2026, 10, 31), "handed_over_before_opened"),
    (date(2026, 11, 24), ""), (date(2026, 11, 1), ""),
])  # fmt: skip
def test_a_case_is_handed_over_between_its_first_day_and_today(day: date, refused_with: str) -> None:
    if not refused_with:
        team.check_from_day(day, date(2026, 11, 1), TODAY)
        return
    with pytest.raises(Refusal) as refused:
        team.check_from_day(day, date(2026, 11, 1), TODAY)
    assert code(refused) == refused_with


def test_a_task_without_words_and_day_hears_of_both_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        team.check_task("  ", None)
    assert [reason.target for reason in refused.value.reasons] == ["title", "due_on"]


@pytest.mark.parametrize(("text", "people"), [
    ("Could @Olli Näyte look?", (3,)), ("could @olli näyte look?", (3,)), ("@Anna Malli, please", (2,)), ("@Anna, please", (1,)),
    ("@Annapurna", ()), ("anna@olli näyte.fi @Olli", ()), ("@Anna and @Olli Näyte", (1, 3)), ("Anna Malli", ()),
    ("mail to x@Anna", ()),
])  # fmt: skip
def test_a_name_after_an_at_sign_speaks_to_that_person_and_the_longest_name_counts(text: str, people: tuple[int, ...]) -> None:
    assert mentioned(text, (ANNA, ANNA_MALLI, OLLI)) == people


def test_two_people_of_one_name_are_both_spoken_to() -> None:
    assert mentioned("@Anna", (ANNA, Named(9, "Anna"))) == (1, 9)


@pytest.mark.parametrize(("text", "link"), [
    ("See https://www.finlex.fi/fi/laki/2016/1397.", "https://www.finlex.fi/fi/laki/2016/1397"),
    ("(https://a.example/x)", "https://a.example/x"), ("https://a.example/x_(y)", "https://a.example/x_(y)"),
    ("HTTP://A.example?x=1&y=2!", "HTTP://A.example?x=1&y=2"), ("<https://a.example>", "https://a.example"),
    ("https://a.example/\"onclick=", "https://a.example/"),
])  # fmt: skip
def test_an_address_is_a_link_without_the_marks_around_it(text: str, link: str) -> None:
    assert [piece.text for piece in pieces(text, ()) if piece.kind == "link"] == [link]


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https://", "https://...", "//a.example"]
)
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert all(piece.kind == "text" for piece in pieces(text, ()))


@given(st.text(alphabet=st.sampled_from("ab@ .:/()<>\"'\nÄhtps") | st.characters()))
def test_the_pieces_of_any_text_are_the_text_and_every_link_is_an_address_of_the_web(text: str) -> None:
    found = pieces(text, (Named(1, "a"), Named(2, "ab b"), Named(3, ".*")))

    assert "".join(piece.text for piece in found) == text
    assert all(piece.text.casefold().startswith(("http://", "https://")) for piece in found if piece.kind == "link")
    assert all(piece.text for piece in found)


def test_a_mention_is_a_piece_of_its_own() -> None:
    assert pieces("Hi @Anna!", (ANNA,)) == (Piece("text", "Hi "), Piece("mention", "@Anna"), Piece("text", "!"))


def test_only_the_fields_that_two_people_typed_differently_are_shown() -> None:
    found = team.differences({"title": "mine", "note": ""}, {"title": "theirs", "note": ""})

    assert [(item.field, item.yours, item.theirs) for item in found] == [("title", "mine", "theirs")]
