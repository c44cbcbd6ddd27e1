"""Periods of the law, counted as 150/1930 and 129 § say. The dates were counted by hand on a calendar of 2026–2027."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.calendar import finnish
from procure.catalogue.deadlines import catalogue
from procure.domain.deadlines import Counted
from procure.domain.outcomes import Refusal

RULES = catalogue()
COUNTED = [rule for rule in RULES.ids if RULES.of(rule, date(2026, 1, 1)).counted]


def count(rule: str, event: date, by: str = "email", minus: bool = False) -> Counted:
    return RULES.count(rule, event, finnish(), by, minus)


@pytest.mark.parametrize(
    ("rule", "event", "by", "last_day", "rolled", "safe_from"),
    [
        ("standstill", date(2026, 11, 24), "email", date(2026, 12, 8), date(2026, 12, 8), date(2026, 12, 9)),
        ("standstill", date(2026, 12, 10), "email", date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29)),
        ("standstill", date(2026, 12, 12), "email", date(2026, 12, 26), date(2026, 12, 28), date(2026, 12, 29)),
        ("standstill", date(2026, 11, 24), "letter", date(2026, 12, 15), date(2026, 12, 15), date(2026, 12, 16)),
        ("standstill_dps_framework", date(2026, 11, 27), "email", date(2026, 12, 7), date(2026, 12, 7), date(2026, 12, 8)),
        ("appeal", date(2026, 12, 10), "email", date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29)),
        ("appeal_defective", date(2026, 11, 24), "email", date(2027, 5, 24), date(2027, 5, 24), date(2027, 5, 25)),
        ("correction_own", date(2026, 11, 24), "email", date(2027, 2, 22), date(2027, 2, 22), None),
        ("open.tenders", date(2026, 11, 24), "email", date(2026, 12, 29), date(2026, 12, 29), None),
        ("open.tenders_electronic", date(2026, 11, 24), "email", date(2026, 12, 24), date(2026, 12, 28), None),
        ("award_notice", date(2026, 12, 9), "email", date(2027, 1, 8), date(2027, 1, 8), None),
        ("award_notice_concession", date(2026, 12, 9), "email", date(2027, 1, 26), date(2027, 1, 26), None),
        (
            "direct_award.contract_after_ex_ante",
            date(2026, 6, 5),
            "email",
            date(2026, 6, 19),
            date(2026, 6, 22),
            date(2026, 6, 23),
        ),
    ],
)
def test_a_period_ends_and_rolls_as_the_law_says(
    rule: str, event: date, by: str, last_day: date, rolled: date, safe_from: date | None
) -> None:
    found = count(rule, event, by)
    assert (found.last_day, found.rolled_last_day, found.safe_from) == (last_day, rolled, safe_from)
    assert found.rolled == (last_day != rolled)


def test_a_letter_is_received_on_the_seventh_day_after_it_was_sent() -> None:
    assert count("standstill", date(2026, 11, 24), "letter").counted_from == date(2026, 12, 1)
    assert count("standstill", date(2026, 11, 24)).counted_from == date(2026, 11, 24)


def test_documents_are_kept_to_the_very_day_even_on_a_sunday() -> None:
    found = count("archive", date(2026, 12, 9))
    assert found.rolled_last_day == found.last_day == date(2029, 12, 9)  # a Sunday


def test_answers_are_given_before_the_deadline_and_roll_to_the_working_day_before() -> None:
    # six days before Friday 1 January 2027 is Saturday 26 December: the working day before it is Wednesday the 23rd
    found = count("additional_info", date(2027, 1, 1))
    assert (found.last_day, found.rolled_last_day) == (date(2026, 12, 26), date(2026, 12, 23))
    assert found.safe_from is None


def test_counting_backwards_gives_no_day_from_which_acting_is_safe() -> None:
    found = count("standstill", date(2027, 1, 11), minus=True)
    assert (found.last_day, found.safe_from) == (date(2026, 12, 28), None)


@pytest.mark.parametrize("rule", ["pin_window", "deemed_receipt_email", "deemed_receipt_letter", "documents_not_open_online"])
def test_some_rules_are_told_and_not_counted(rule: str) -> None:
    with pytest.raises(Refusal, match="deadline_not_counted"):
        count(rule, date(2026, 11, 24))


def test_only_what_runs_from_receipt_can_be_sent_by_letter() -> None:
    from_receipt = {"standstill", "standstill_dps_framework", "appeal", "appeal_no_standstill", "correction_party"}
    for rule in COUNTED:
        if rule in from_receipt:
            assert count(rule, date(2026, 11, 24), "letter").counted_from == date(2026, 12, 1)
        else:
            with pytest.raises(Refusal, match="deadline_not_from_receipt"):
                count(rule, date(2026, 11, 24), "letter")


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(Refusal, match="deadline_unknown"):
        count("standstil", date(2026, 11, 24))


@given(rule=st.sampled_from(COUNTED), event=st.dates(date(2018, 1, 1), date(2035, 12, 31)), minus=st.booleans())
def test_no_period_ends_on_a_day_off_and_none_is_shorter_than_the_law_s(rule: str, event: date, minus: bool) -> None:
    found = count(rule, event, minus=minus)
    if found.rule.rolls:
        assert finnish().is_working_day(found.rolled_last_day)
    if found.rule.backwards or minus:
        assert found.rolled_last_day <= found.last_day < event
    else:
        assert found.rolled_last_day >= found.last_day > event
    assert (found.safe_from is not None) == (found.rule.gives_safe_day and not minus)
