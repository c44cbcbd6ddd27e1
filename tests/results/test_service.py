"""Recording results: the log has one event an act, a held contract is not made, and what is tender material is not in the log."""

import json
from datetime import date

import pytest

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases import verifying
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.reviews import Said
from procure.infra import clock
from procure.infra.db import db
from procure.results import queries, service
from procure.results.models import ReviewWords
from procure.results.service import Overtaken, Words
from tests import factories
from tests.cases.builders import TODAY, case_at, complete, walk
from tests.results.builders import SUPPLIER, achieve, appeal, count, end, expect

People = dict[str, Person]
NOTICE, AWARD = date(2026, 3, 2), date(2026, 5, 4)
LATER = date(2026, 6, 1)


@pytest.fixture
def awarded(people: People) -> Case:
    """An open procedure whose decision has been sent: the standstill is next."""
    case = case_at(people["officer"], "open", "questions", NOTICE)
    walk(case, people["officer"], "standstill", AWARD)
    db.session.commit()
    return case


def codes(refusal: Refusal) -> set[str]:
    return {reason.code for reason in refusal.reasons}


def test_before_the_tender_period_is_over_no_number_is_taken(people: People) -> None:
    case = case_at(people["officer"], "open", "tender_period", NOTICE)
    for numbers in ({"tenders": 3}, {"tenders": 0}, {"requests": 1}):
        with pytest.raises(Refusal):
            count(case, people["officer"], **numbers)
    assert not factories.events(case, "tenders_counted")
    complete(case, people["officer"], AWARD)
    count(case, people["officer"], tenders=3)
    assert [dict(one.numbers) for one in service.standing_of(case).results.counts] == [{"tenders": 3}]


def test_a_count_sent_twice_is_one_entry_and_a_correction_says_what_was_there(awarded: Case, people: People) -> None:
    officer = people["officer"]
    count(awarded, officer, tenders=3)
    count(awarded, officer, tenders=3)
    with pytest.raises(Refusal) as refused:
        count(awarded, officer, tenders=4)
    assert codes(refused.value) == {"reason_missing"}
    count(awarded, officer, tenders=4, reason="one was in the wrong box")
    first, second = factories.events(awarded, "tenders_counted")
    assert second.payload["old"] == {"tenders": 3} != first.payload["tenders"]["numbers"] | {"tenders": 4}


def test_whoever_counts_second_is_told(awarded: Case, people: People) -> None:
    by = factories.actor_of(people["officer"])
    count(awarded, people["officer"], tenders=3)
    with pytest.raises(Overtaken):
        service.count_tenders(awarded, 0, 1, {"tenders": 5}, "mine", 0, by, TODAY, clock.now())


@pytest.mark.parametrize(("lot", "round_"), [(1, 1), (0, 2), (-1, 1), (0, 0)])
def test_a_lot_or_round_that_is_not_there_is_refused(people: People, lot: int, round_: int) -> None:
    case = case_at(people["officer"], "open", "opening", NOTICE, lots=[])
    with pytest.raises(Refusal) as refused:
        count(case, people["officer"], lot, round_, tenders=1)
    assert codes(refused.value) == {"lot_unknown"}


def test_an_appeal_holds_standstill_and_contract_until_its_outcome(awarded: Case, people: People) -> None:
    officer = people["officer"]
    number = appeal(awarded, officer, AWARD)
    with pytest.raises(Refusal) as refused:
        complete(awarded, officer, LATER)
    assert codes(refused.value) == {"contract_held_by_review"}
    end(awarded, officer, number, date(2026, 5, 20))
    complete(awarded, officer, LATER)
    second = appeal(awarded, officer, LATER)
    walk(awarded, officer, "contract", LATER)
    with pytest.raises(Refusal) as refused:
        complete(awarded, officer, LATER)
    assert codes(refused.value) == {"contract_held_by_review"}
    lifted = Said("market_court", LATER, stay="lifted")
    review = service.standing_of(awarded).results.review(second)
    assert review is not None
    by = factories.actor_of(officer)
    service.correct_review(awarded, second, lifted, None, "the court allowed it", review.sequence, by, TODAY, clock.now())
    complete(awarded, officer, LATER)
    assert awarded.stage == "result_notice"


@pytest.mark.parametrize("kind", ["rectification_demanded", "rectification_own"])
def test_a_rectification_does_not_hold_the_contract(awarded: Case, people: People, kind: str) -> None:
    appeal(awarded, people["officer"], AWARD, kind)
    walk(awarded, people["officer"], "result_notice", LATER)


def test_a_national_procurement_is_not_held_unless_the_court_orders_it(people: People) -> None:
    officer = people["officer"]
    case = case_at(officer, "national", "contract", AWARD)
    number = appeal(case, officer, AWARD)
    assert not service.standing_of(case).holding
    review = service.standing_of(case).results.review(number)
    assert review is not None
    said, by = Said("market_court", AWARD, stay="ordered"), factories.actor_of(officer)
    service.correct_review(case, number, said, None, "an order came", review.sequence, by, TODAY, clock.now())
    with pytest.raises(Refusal):
        complete(case, officer, LATER)


def test_the_timetable_is_not_moved_by_a_review(awarded: Case, people: People) -> None:
    before = (awarded.next_date, awarded.stage, [tuple(row) for row in case_queries.deadlines_of(awarded)])
    appeal(awarded, people["officer"], AWARD)
    assert before == (awarded.next_date, awarded.stage, [tuple(row) for row in case_queries.deadlines_of(awarded)])


def test_the_supplier_s_name_is_not_in_the_log_and_cannot_be_found_by_trying(awarded: Case, people: People) -> None:
    appeal(awarded, people["officer"], AWARD, supplier=SUPPLIER)
    (event,) = factories.events(awarded, "review_recorded")
    assert SUPPLIER not in json.dumps(event.payload)
    assert event.payload["words"]["sha256"] not in {service.digest(SUPPLIER, "", salt) for salt in ("", "0")}
    written = queries.words_of_review(awarded, 1)
    assert written is not None
    assert event.payload["words"]["sha256"] == service.digest(SUPPLIER, "", written.salt)


def test_words_that_were_not_seen_stay_with_a_correction(awarded: Case, people: People) -> None:
    number = appeal(awarded, people["officer"], AWARD, supplier=SUPPLIER)
    review = service.standing_of(awarded).results.review(number)
    assert review is not None
    by, said = factories.actor_of(people["officer2"]), Said("market_court", AWARD, diary="12/2026")
    service.correct_review(awarded, number, said, None, "the number came", review.sequence, by, TODAY, clock.now())
    assert service.standing_of(awarded).results.reviews[0].words == 1
    after = service.standing_of(awarded).results.reviews[0]
    service.correct_review(awarded, number, said, Words("Another"), "wrong name", after.sequence, by, TODAY, clock.now())
    assert [row.version for row in db.session.query(ReviewWords).order_by(ReviewWords.version)] == [1, 2]


def test_a_review_sent_twice_is_recorded_once_and_one_taken_back_stays_in_the_log(awarded: Case, people: People) -> None:
    by, said = factories.actor_of(people["officer"]), Said("market_court", AWARD)
    numbers = {service.record_review(awarded, said, Words(), 0, by, TODAY, clock.now()) for _time in range(2)}
    assert numbers == {1}
    sequence = service.standing_of(awarded).results.reviews[0].sequence
    service.remove_review(awarded, 1, "of another case", sequence, by, TODAY, clock.now())
    assert service.standing_of(awarded).results.reviews == ()
    assert [event.kind for event in queries.events_of(awarded)] == ["review_recorded", "review_removed"]
    assert service.record_review(awarded, said, Words(), 1, by, TODAY, clock.now()) == 2


def test_expected_and_achieved_stand_apart_and_the_newest_measurement_counts(awarded: Case, people: People) -> None:
    officer = people["officer"]
    number = expect(awarded, officer, "co2", "-12.5")
    achieve(awarded, officer, number, LATER, "-9")
    achieve(awarded, officer, number, AWARD, "-1")
    achieve(awarded, officer, number, AWARD, "-1")
    (effect,) = service.standing_of(awarded).results.effects
    assert (str(effect.aim.expected), str(effect.achieved and effect.achieved.value)) == ("-12.5", "-9")
    assert len(effect.measured) == 2, "sent twice is once"


def _broken(case: Case) -> list[str]:
    db.session.flush()
    checked = verifying.check_case(db.session.connection(), case.id)
    return [found.broken.what for found in checked.broken]


def test_the_verifier_holds_the_words_against_the_log(people: People) -> None:
    officer = people["officer"]
    case = factories.make_case(officer)
    number = appeal(case, officer, AWARD, supplier=SUPPLIER)
    end(case, officer, number, LATER)
    achieve(case, officer, expect(case, officer, "savings", "1"), LATER, None)
    assert _broken(case) == []
    db.session.add(ReviewWords(case_id=case.id, review=9, version=1, supplier="x", text="", salt="s", written_at=clock.now()))
    assert _broken(case) == ["review"]
