"""Which edition of a letterhead holds on a day, and what has a form has that form."""

from datetime import date

import pytest

from procure.domain import letterheads
from procure.domain.letterheads import Letterhead
from procure.domain.outcomes import Refusal

TODAY = date(2026, 11, 28)


def edition(number: int, day: int) -> Letterhead:
    return Letterhead(number, date(2026, 12, day), {}, {}, False, None)


def test_the_latest_first_day_that_has_come_holds_and_of_two_alike_the_later_edition() -> None:
    editions = [edition(1, 1), edition(2, 20), edition(3, 10), edition(4, 10)]

    held = [letterheads.holding(editions, date(2026, 12, day)) for day in (1, 9, 10, 19, 20)]
    assert [one.edition for one in held if one] == [1, 1, 4, 4, 2]
    assert letterheads.holding(editions, date(2026, 11, 30)) is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [("1234567-1", True), ("0737546-2", True), ("1234567-2", False), ("12345671", False), ("1234567-10", False), ("0000001-9", True),
     ("0000030-0", False)],
)  # fmt: skip
def test_a_business_id_has_a_check_digit(text: str, holds: bool) -> None:
    assert letterheads.is_business_id(text) is holds


def test_everything_wrong_is_told_at_once() -> None:
    facts = {"post_code": "3310", "phone": "call us", "email": "nobody", "web": "not an address", "business_id": "1234567-9"}

    with pytest.raises(Refusal) as refusal:
        letterheads.check(facts, date(2026, 11, 27), TODAY)
    assert [reason.target for reason in refusal.value.reasons] == [*facts, "valid_from"]


def test_what_is_right_or_empty_passes() -> None:
    letterheads.check({}, TODAY, TODAY)
    facts = {
        "post_code": "33100", "phone": "+358 (3) 565-611", "email": "a@b.fi", "web": "https://www.kunta.fi/x", "business_id": "1234567-1",
    }  # fmt: skip
    letterheads.check(facts, TODAY, TODAY)


def test_a_word_in_another_language_serves_where_there_is_none() -> None:
    letterhead = Letterhead(1, TODAY, {"unit": {"fi": "Hankinnat"}}, {}, False, None)

    assert letterhead.word("unit", "sv") == "Hankinnat"
    assert letterhead.word("footer", "sv") == ""
