"""How a city works, as the rules take it."""

from datetime import date

from procure.domain.planning.office import Meeting, days_of, meeting_from

DECEMBER = Meeting(date(2026, 12, 8), "City board")
JANUARY = Meeting(date(2027, 1, 19), "City board")
MEETINGS = (DECEMBER, JANUARY)


def test_a_decision_waits_for_the_next_meeting_and_a_meeting_of_the_same_day_will_do() -> None:
    assert meeting_from(MEETINGS, date(2026, 12, 7)) == DECEMBER
    assert meeting_from(MEETINGS, date(2026, 12, 8)) == DECEMBER
    assert meeting_from(MEETINGS, date(2026, 12, 9)) == JANUARY


def test_after_the_last_known_meeting_none_is_known() -> None:
    assert meeting_from(MEETINGS, date(2027, 1, 20)) is None
    assert meeting_from((), date(2026, 12, 1)) is None


def test_days_have_their_first_and_their_last() -> None:
    assert list(days_of(date(2026, 12, 30), date(2027, 1, 1))) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    assert list(days_of(date(2026, 12, 30), date(2026, 12, 30))) == [date(2026, 12, 30)]
    assert list(days_of(date(2026, 12, 30), date(2026, 12, 29))) == []
