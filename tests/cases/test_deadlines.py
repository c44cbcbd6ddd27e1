"""Periods of the law in a case: what starts them, what they forbid, what sets them aside."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases import deadlines, queries, service
from procure.cases.deadlines import Given
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases.builders import EMAIL, TODAY, case_at, chosen, complete, walk

People = dict[str, Person]
TUESDAY = date(2026, 11, 24)
SAFE = date(2026, 12, 9)
"""The first day after a standstill that began with an e-mail on that Tuesday."""
ONE_TENDER = Given(exception="only_tender", exception_reason="One tender came, and nobody else asked to take part.")


def in_force(case: Case) -> dict[str, Any]:
    return {row.rule: row for row in deadlines.in_force(case)}


def refused(case: Case, person: Person, on: date, given: Given = deadlines.NOTHING) -> list[Any]:
    before = case.stage, case.last_sequence
    with pytest.raises(Refusal) as found:
        complete(case, person, on, given)
    assert (case.stage, case.last_sequence) == before
    return list(found.value.reasons)


def act(case: Case, person: Person) -> tuple[Any, ...]:
    return factories.actor_of(person), TODAY, clock.now()


def test_a_notified_decision_starts_its_periods_with_evidence_and_section(people: People) -> None:
    case = case_at(people["officer"], "open", "notification", TUESDAY)

    complete(case, people["officer"], TUESDAY, Given(sent_by="letter", evidence="Decision 118 § to five tenderers, message 4711"))

    standstill = in_force(case)["standstill"]
    event = queries.events_of(case)[-1]
    assert standstill.sequence == event.sequence
    assert event.payload["sent_by"] == "letter"
    assert (standstill.event_on, standstill.counted_from) == (TUESDAY, date(2026, 12, 1))
    assert (standstill.rolled_last_day, standstill.safe_from) == (date(2026, 12, 15), date(2026, 12, 16))
    assert (standstill.citation, standstill.edition) == ("1397/2016 129 § 1 mom", date(2017, 1, 1))
    assert standstill.evidence == "Decision 118 § to five tenderers, message 4711"
    assert {"standstill", "appeal", "correction_party", "correction_own", "appeal_defective"} == set(in_force(case))


def test_how_the_decision_was_sent_must_be_told(people: People) -> None:
    case = case_at(people["officer"], "open", "notification", TUESDAY)

    for sent_by in ("", "pigeon"):
        reasons = refused(case, people["officer"], TUESDAY, Given(sent_by=sent_by))
        assert [(reason.code, reason.target) for reason in reasons] == [("delivery_missing", "sent_by")]


@pytest.mark.parametrize("day", [TUESDAY, date(2026, 12, 8)])
def test_the_standstill_does_not_end_before_its_last_day_is_over(people: People, day: date) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    (reason,) = refused(case, people["officer"], day)

    assert (reason.code, reason.target, reason.citation) == ("contract_forbidden", "happened_on", "1397/2016 129 § 1 mom")
    assert reason.parameters == {"safe_on": "2026-12-09"}


def test_after_the_standstill_the_contract_is_made(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    walk(case, people["officer"], "result_notice", SAFE)

    assert {"award_notice", "archive"} <= set(in_force(case))
    assert in_force(case)["standstill"].set_aside_by is None


def test_where_the_procedure_has_no_standstill_stage_the_contract_itself_waits(people: People) -> None:
    case = case_at(people["officer"], "national", "contract", TUESDAY, regime="eu")

    (reason,) = refused(case, people["officer"], TUESDAY)

    assert (reason.code, reason.parameters) == ("contract_forbidden", {"safe_on": "2026-12-09"})


def test_under_national_rules_no_stage_waits_whatever_the_procedure(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY, regime="national")

    walk(case, people["officer"], "result_notice", TUESDAY)

    assert set(in_force(case)) == {"appeal", "correction_party", "correction_own", "appeal_defective", "archive"}


@pytest.mark.parametrize("exception", ["call_off", "only_tender", "dynamic_purchase"])
def test_an_exception_with_its_reason_lifts_the_standstill_and_stands_in_the_log(people: People, exception: str) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    complete(case, people["officer"], TUESDAY, replace(ONE_TENDER, exception=exception))

    told = queries.events_of(case)[-1].payload["exception"]
    assert told["id"] == exception
    assert told["citation"].startswith("1397/2016 130 § 1 mom")
    assert told["reason"] == ONE_TENDER.exception_reason
    assert "standstill" not in in_force(case)
    walk(case, people["officer"], "result_notice", TUESDAY)  # the contract needs no second exception
    assert ("appeal_no_standstill" in in_force(case)) == (exception != "only_tender")
    assert ("appeal" in in_force(case)) == (exception == "only_tender")


def test_an_exception_needs_a_name_from_the_law_and_a_reason(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    (unknown,) = refused(case, people["officer"], TUESDAY, replace(ONE_TENDER, exception="hurry"))
    (silent,) = refused(case, people["officer"], TUESDAY, replace(ONE_TENDER, exception_reason="  "))

    assert (unknown.code, unknown.target) == ("exception_unknown", "exception")
    assert (silent.code, silent.target) == ("exception_reason_missing", "exception_reason")


def test_an_exception_that_is_not_needed_is_not_recorded(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    complete(case, people["officer"], SAFE, ONE_TENDER)

    assert "exception" not in queries.events_of(case)[-1].payload
    assert "standstill" in in_force(case)


def test_under_an_exception_nobody_has_to_say_that_the_standstill_has_ended(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    by, today, now = act(case, people["officer"])

    with pytest.raises(Refusal) as found:
        service.complete_stage(case, "standstill", TUESDAY, frozenset(), "", by, today, now)
    service.complete_stage(case, "standstill", TUESDAY, frozenset({"no_appeal"}), "", by, today, now, ONE_TENDER)

    assert {reason.code for reason in found.value.reasons} == {"contract_forbidden", "gate_not_confirmed"}
    assert [reason.target for reason in found.value.reasons if reason.code == "gate_not_confirmed"] == ["no_appeal"]
    assert queries.events_of(case)[-1].payload["confirmed"] == ["no_appeal"]


def test_a_standstill_left_out_inside_a_dynamic_purchasing_system_is_the_exception_itself(people: People) -> None:
    case = case_at(people["officer"], "dps", "standstill", TUESDAY)
    assert in_force(case)["standstill_dps_framework"].safe_from == date(2026, 12, 5)

    service.skip_stage(case, "standstill", TUESDAY, "Not required here", *act(case, people["officer"]))
    walk(case, people["officer"], "result_notice", TUESDAY)

    skipped = next(event for event in queries.events_of(case) if event.kind == "stage_skipped")
    assert skipped.payload["exception"]["citation"] == "1397/2016 130 § 1 mom 3 k"
    assert "appeal_no_standstill" in in_force(case)
    assert not {"standstill_dps_framework", "appeal"} & set(in_force(case))


def test_a_direct_award_waits_after_its_notice_and_no_exception_helps(people: People) -> None:
    case = case_at(people["officer"], "direct_award", "contract", TUESDAY)

    (reason,) = refused(case, people["officer"], date(2026, 12, 8), ONE_TENDER)
    complete(case, people["officer"], SAFE)

    assert (reason.code, reason.citation) == ("contract_forbidden_after_notice", "1397/2016 131 § 1–2 mom")
    assert "appeal_direct_award_no_notice" not in in_force(case)


def test_a_direct_award_without_a_notice_is_made_at_once(people: People) -> None:
    case = case_at(people["officer"], "direct_award", "ex_ante_notice", TUESDAY)
    service.skip_stage(case, "ex_ante_notice", TUESDAY, "Urgent", *act(case, people["officer"]))

    complete(case, people["officer"], TUESDAY)

    assert in_force(case)["appeal_direct_award_no_notice"].rolled_last_day == date(2027, 5, 24)


def test_a_return_sets_aside_what_began_there_or_later_and_keeps_the_rows(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    service.return_to_stage(case, "notification", date(2026, 11, 26), "One tenderer was left out", *act(case, people["officer"]))

    sequence = queries.events_of(case)[-1].sequence
    aside = {row.rule for row in queries.deadlines_of(case) if row.set_aside_by == sequence}
    assert aside == {"standstill", "appeal", "correction_party"}
    assert set(in_force(case)) == {"correction_own", "appeal_defective"}


def test_a_second_notification_starts_its_own_standstill(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    service.return_to_stage(case, "notification", date(2026, 11, 26), "One tenderer was left out", *act(case, people["officer"]))

    complete(case, people["officer"], date(2026, 12, 10), EMAIL)

    assert in_force(case)["standstill"].safe_from == date(2026, 12, 29)
    assert [row.rule for row in queries.deadlines_of(case)].count("standstill") == 2
    assert refused(case, people["officer"], date(2026, 12, 11))[0].parameters == {"safe_on": "2026-12-29"}


def test_an_exception_does_not_outlive_a_new_notification(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    complete(case, people["officer"], TUESDAY, replace(ONE_TENDER, exception="call_off"))
    service.return_to_stage(case, "notification", TUESDAY, "A second tender was found", *act(case, people["officer"]))

    complete(case, people["officer"], TUESDAY, EMAIL)

    assert refused(case, people["officer"], TUESDAY)[0].code == "contract_forbidden"
    walk(case, people["officer"], "result_notice", SAFE)
    assert {"standstill", "appeal"} <= set(in_force(case))
    assert "appeal_no_standstill" not in in_force(case)


def test_another_procedure_sets_aside_what_it_does_not_lead_through(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    by, today, now = act(case, people["officer"])
    service.choose_procedure(case, "national", TUESDAY, "The value fell under the EU threshold", by, today, now)

    assert case.stage == "national_notice"
    assert in_force(case) == {}


def test_a_notification_recorded_before_periods_were_kept_holds_the_contract_back_too(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    db.session.execute(db.delete(queries.CaseDeadline))

    (reason,) = refused(case, people["officer"], date(2026, 12, 8))
    complete(case, people["officer"], TUESDAY, ONE_TENDER)
    walk(case, people["officer"], "result_notice", TUESDAY)

    assert reason.parameters == {"safe_on": "2026-12-09"}


def test_the_last_day_for_tenders_starts_the_day_by_which_questions_are_answered(people: People) -> None:
    case = case_at(people["officer"], "open", "contract_notice", TUESDAY)

    (reason,) = refused(case, people["officer"], TUESDAY, Given(tenders_due_on=TUESDAY))
    (endless,) = refused(case, people["officer"], TUESDAY, Given(tenders_due_on=date(2500, 1, 1)))
    complete(case, people["officer"], TUESDAY, Given(tenders_due_on=date(2027, 1, 7)))

    assert (reason.code, reason.target) == ("tenders_due_before_notice", "tenders_due_on")
    assert (endless.code, endless.target) == ("date_outside_calendar", "tenders_due_on")
    assert in_force(case)["additional_info"].rolled_last_day == date(2026, 12, 31)
    complete(case, people["officer"], date(2026, 12, 30))  # the stage of questions
    assert in_force(case)["additional_info"].met_on == date(2026, 12, 30)


def test_justified_urgency_leaves_four_days_before_the_tenders(people: People) -> None:
    case = case_at(people["officer"], "open", "contract_notice", TUESDAY, urgency="justified")

    complete(case, people["officer"], TUESDAY, Given(tenders_due_on=date(2026, 12, 11)))

    assert in_force(case)["additional_info_accelerated"].rolled_last_day == date(2026, 12, 7)


def test_a_notice_recorded_after_the_contract_is_caught_by_the_order_of_days(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)

    reasons = refused(case, people["officer"], TUESDAY - timedelta(days=1))

    assert {reason.code for reason in reasons} == {"date_before_stage", "contract_forbidden"}


class TestMarkedAsDone:
    @pytest.fixture
    def case(self, people: People) -> Case:
        case = case_at(people["officer"], "open", "standstill", TUESDAY)
        walk(case, people["officer"], "result_notice", SAFE)
        return case

    def mark(self, case: Case, person: Person, rule: str, on: date, today: date = TODAY) -> None:
        row = next(row for row in queries.deadlines_of(case) if row.rule == rule)
        by = factories.actor_of(person)
        service.mark_deadline_met(case, row.id, on, "TED 2026/S 1", by, today, clock.now())

    def test_the_day_and_who_did_it_stand_in_the_log(self, case: Case, people: People) -> None:
        self.mark(case, people["officer2"], "award_notice", date(2026, 12, 14))

        event = queries.events_of(case)[-1]
        assert (event.kind, event.happened_on, event.recorded_by) == ("deadline_met", date(2026, 12, 14), "Officer2")
        assert event.payload == {"deadline": "award_notice", "last_day": "2027-01-08", "reason": "TED 2026/S 1"}
        assert in_force(case)["award_notice"].met_on == date(2026, 12, 14)

    def test_it_is_done_once_and_neither_before_the_contract_nor_in_the_future(self, case: Case, people: People) -> None:
        found = []
        for rule, on, today in (
            ("award_notice", SAFE - timedelta(days=1), TODAY),
            ("award_notice", SAFE + timedelta(days=1), SAFE),
            ("archive", SAFE, TODAY),
        ):
            with pytest.raises(Refusal) as refusal:
                self.mark(case, people["officer"], rule, on, today)
            found.append(refusal.value.reasons[0].code)
        self.mark(case, people["officer"], "award_notice", SAFE)
        with pytest.raises(Refusal) as again:
            self.mark(case, people["officer"], "award_notice", SAFE)

        assert found == ["met_before_event", "date_in_future", "deadline_not_open"]
        assert again.value.reasons[0].code == "deadline_not_open"

    def test_completing_the_stage_of_the_notice_marks_it_unless_it_is_marked(self, case: Case, people: People) -> None:
        complete(case, people["officer"], date(2026, 12, 20))

        assert in_force(case)["award_notice"].met_on == date(2026, 12, 20)

    def test_another_case_s_deadline_cannot_be_marked(self, case: Case, people: People) -> None:
        other = chosen(people["officer"], "open")
        row = in_force(case)["award_notice"]

        with pytest.raises(Refusal):
            service.mark_deadline_met(other, row.id, SAFE, "", *act(other, people["officer"]))

        assert in_force(case)["award_notice"].met_on is None


def test_the_lists_show_the_day_that_the_law_sets(people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY, contract_needed_by="2029-01-01")
    assert (case.next_date, case.next_date_kind) == (SAFE, "contract_from")

    walk(case, people["officer"], "contract", SAFE)
    assert case.next_date_kind == "stage_usual"

    walk(case, people["officer"], "result_notice", SAFE)
    assert (case.next_date, case.next_date_kind) == (date(2027, 1, 8), "award_notice")

    walk(case, people["officer"], "contract_management", SAFE)
    assert case.next_date_kind == "stage_usual"  # the notice is sent, nothing of the law is left to do


def test_an_award_notice_that_is_due_first_is_the_next_date(people: People) -> None:
    case = case_at(people["officer"], "framework", "standstill", TUESDAY, contract_needed_by="2029-01-01")
    walk(case, people["officer"], "contract", SAFE)
    row = in_force(case)["award_notice"]
    assert (row.rolled_last_day, case.next_date_kind) == (date(2026, 12, 28), "stage_usual")

    walk(case, people["officer"], "result_notice", date(2026, 12, 23))

    assert (case.next_date, case.next_date_kind) == (date(2026, 12, 28), "award_notice")
