"""What may be said of the network, searched in it, planned and changed: rules alone."""

from datetime import date, datetime

import pytest

from procure.domain import network
from procure.domain.network import Fact, Meeting, Subject, Words
from procure.domain.outcomes import Refusal
from procure.infra.clock import FINLAND

TODAY = date(2026, 11, 28)
SOURCE = ("https://tem.fi/en/ecosystem-agreements",)
FUNDING = Fact("here", "funding_body", Words("Liitto"), "verified", SOURCE)
FIRST = Fact("here", "priority_1", Words("Vesi", "", "Water"), "verified", SOURCE)
REGION = Subject("here", "region", Words("Täällä", "Här", "Here"), (FIRST, FUNDING))


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[tuple[str, str]]:
    return [(reason.code, reason.target) for reason in refused.value.reasons]


def meeting(**changes: object) -> Meeting:
    values = {"title": Words(en="Autumn"), "on": TODAY, "starts": "09:30", "ends": "11:00", "place": "", "link": "", "about": ""}
    return Meeting(**(values | changes))  # type: ignore[arg-type]


def test_a_text_shows_in_another_language_where_its_own_wording_is_not_known() -> None:
    assert Words("Vesi", "", "Water").best("en") == ("Water", "en")
    assert Words("Vesi", "", "Water").best("sv") == ("Vesi", "fi")
    assert Words(en="Water").best("sv") == ("Water", "en")
    assert Words().best("sv") == ("", "sv")
    with pytest.raises(KeyError):
        Words().of("de")


def test_the_coordinator_s_word_lies_over_the_file_and_another_subject_s_does_not() -> None:
    said = Fact("here", "funding_body", Words("Toinen"), "unverified", (), 1, "Coordinator", datetime(2026, 1, 1, tzinfo=FINLAND))
    elsewhere = Fact("there", "priority_1", Words("Muu"), "verified", SOURCE, 1)

    found = network.overlaid(REGION, [said, elsewhere])

    assert found.fact("funding_body") == said
    assert found.fact("priority_1") == FIRST


def test_what_nobody_has_said_is_open_and_what_cannot_be_said_is_not_there() -> None:
    assert REGION.fact("coordinator").is_open
    assert REGION.fact("priority_2").is_open
    for field in ("priority_3", "holder", "priority_0", "priority_x"):
        with pytest.raises(KeyError):
            REGION.fact(field)


def test_numbered_facts_stand_in_the_order_of_their_numbers_up_to_a_limit() -> None:
    facts = tuple(Fact("here", f"priority_{number}", Words("x"), "verified", SOURCE) for number in (10, 2, 1))
    assert [fact.field for fact in Subject("here", "region", Words("x"), facts).many] == [
        "priority_1",
        "priority_2",
        "priority_10",
    ]
    assert REGION.next_field == "priority_2"
    full = Fact("here", f"priority_{network.MOST}", Words("x"), "verified", SOURCE)
    assert Subject("here", "region", Words("x"), (full,)).next_field == ""
    assert Subject("body", "body", Words("x"), ()).next_field == ""


@pytest.mark.parametrize("searched", ["", "WATER", "vesi", "wat tampere", "  water "])
def test_a_search_finds_words_whatever_their_case_and_place(searched: str) -> None:
    assert network.matches(searched, ["Vesi", "Water", "Tampere"])


def test_a_search_finds_a_letter_however_it_is_composed_and_needs_every_word() -> None:
    assert network.matches("a\u0308lyka\u0308s", ["Älykäs kaupunki"])
    assert not network.matches("water oulu", ["Water", "Tampere"])


def test_a_verified_fact_needs_a_source_and_an_open_one_nothing() -> None:
    network.check_fact(Words("Vesi"), "verified", SOURCE)
    network.check_fact(Words("Vesi"), "unverified", ())
    network.check_fact(Words(), "", ())
    with pytest.raises(Refusal) as refused:
        network.check_fact(Words("Vesi"), "verified", ())
    assert codes(refused) == [("network_source_missing", "sources")]


def test_everything_that_is_wrong_with_a_fact_is_said_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        network.check_fact(Words("x" * (network.LONGEST_TEXT + 1)), "certain", ("ftp://x.fi",))
    assert codes(refused) == [
        ("network_text_long", "fi"), ("network_mark_missing", "mark"), ("network_source_unusable", "sources"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "//tem.fi", "https://", "https://localhost", "tem.fi", "https://a.fi/ b", "https://[x", "data:,x"],
)
def test_nothing_but_a_web_address_becomes_a_link(text: str) -> None:
    assert not network.is_web_address(text)


def test_addresses_are_read_apart_by_blanks_and_line_ends_each_once() -> None:
    assert network.sources_in("https://a.fi/x\r\nhttps://b.fi  https://a.fi/x\n") == ("https://a.fi/x", "https://b.fi")


@pytest.mark.parametrize(
    ("typed", "read"), [("9.30", "09:30"), ("13:00", "13:00"), ("9", "09:00"), ("", ""), (" 00.05 ", "00:05")]
)
def test_a_time_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert network.read_time(typed) == read


@pytest.mark.parametrize("typed", ["24.00", "9.60", "9.3", "nine", "9.30.15", "-1", "9:", "٩.30"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        network.read_time(typed)


def test_a_meeting_may_be_today_take_the_whole_day_or_have_no_end() -> None:
    network.check_meeting(meeting(), TODAY)
    network.check_meeting(meeting(starts="", ends=""), TODAY)
    network.check_meeting(meeting(ends=""), TODAY)


@pytest.mark.parametrize(
    ("changes", "code", "target"),
    [
        ({"title": Words()}, "network_meeting_title_missing", "title_fi"),
        ({"on": None}, "network_meeting_day_missing", "on"),
        ({"on": date(2026, 11, 27)}, "network_meeting_past", "on"),
        ({"starts": ""}, "network_meeting_start_missing", "starts"),
        ({"ends": "09:30"}, "network_meeting_ends_first", "ends"),
        ({"link": "javascript:x"}, "network_source_unusable", "link"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(changes: dict[str, object], code: str, target: str) -> None:
    with pytest.raises(Refusal) as refused:
        network.check_meeting(meeting(**changes), TODAY)
    assert codes(refused) == [(code, target)]


def test_a_meeting_that_is_over_may_be_set_right_on_its_own_day() -> None:
    network.check_meeting(meeting(on=date(2026, 1, 7)), TODAY, stood_on=date(2026, 1, 7))
    with pytest.raises(Refusal):
        network.check_meeting(meeting(on=date(2026, 1, 8)), TODAY, stood_on=date(2026, 1, 7))


def test_only_the_expert_decides_who_is_shown_and_the_coordinator_sets_the_work() -> None:
    assert "shown" in network.editable("expert", True)
    assert network.editable("coordinator", False) == network.WORK_PART
    assert not {"shown", "about", "not_cities"} & set(network.editable("coordinator", False))
    for role in ("expert", "officer", "manager", "city_admin", "system_admin"):
        assert network.editable(role, False) == ()


def test_a_profile_needs_a_topic_a_language_and_a_load_that_can_be() -> None:
    network.check_profile(["pilot"], ["sv"], 1, ["837"], ["837"])
    with pytest.raises(Refusal) as refused:
        network.check_profile([], ["de"], 0, ["999"], ["837"])
    assert codes(refused) == [
        ("network_topics_missing", "topics"), ("network_languages_missing", "languages"), ("network_load_wrong", "most_open"),
        ("network_city_unknown", "not_cities"),
    ]  # fmt: skip
    for load in (None, network.MOST_OPEN + 1):
        with pytest.raises(Refusal):
            network.check_profile(["pilot"], ["sv"], load, [], [])
