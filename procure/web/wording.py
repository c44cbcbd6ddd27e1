"""Sentences for outcome codes: what is wrong, in the user's words, and what to do now. The rules know codes only."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.domain.outcomes import Reason, Refusal
from procure.web.filters import day

SENTENCES: Final[Mapping[str, Any]] = {
    # signing in and accounts
    "sign_in_failed": _l("The e-mail address or the password is wrong. Check both and try again"),
    "too_many_attempts": _l(
        "Too many failed tries. Wait %(minutes)s minutes and try again, or ask your administrator for a new link"
    ),
    "password_short": _l("The password is too short: use at least %(least)s characters"),
    "password_long": _l("The password is too long: use at most %(most)s characters"),
    "password_common": _l("The password is easy to guess: leave out common words, your own name and the name of your city"),
    "password_wrong": _l("The present password is wrong"),
    "link_expired": _l("This link has been used or is too old. Ask your administrator for a new one"),
    "email_taken": _l("There is already a person with the address %(email)s"),
    "email_unusable": _l("Enter an e-mail address in the form name@city.fi"),
    "account_closed": _l("The account is closed: open it first"),
    "own_account": _l("This is your own account: another administrator changes your role or closes it"),
    "role_not_yours": _l("You may not give or change this role"),
    "role_not_for_organisation": _l("This role does not belong to that organisation"),
    # stages
    "date_in_future": _l("The date is in the future: enter today's date or an earlier one"),
    "date_before_stage": _l("The date is before the stage began on %(entered_on)s: enter that day or a later one"),
    "date_before_act": _l("The last act on the stages happened on %(last_on)s: enter that day or a later one"),
    "stage_already_left": _l("Somebody has already moved the case on from this stage. The page now shows where the case is"),
    "stage_not_optional": _l("This stage cannot be skipped"),
    "stage_not_earlier": _l("Choose a stage that comes before the present one"),
    # holding, cancelling, reopening, repeating, side by side
    "stages_changed": _l(
        "The case has moved on since you opened this page, and nothing was done. Look at how it stands now, then send again"
    ),
    "case_held": _l("The case is on hold: its stages wait until it goes on"),
    "case_not_held": _l("The case is not on hold any more"),
    "case_cancelled": _l("The procurement has been cancelled: it can only be reopened"),
    "case_over": _l("The case has passed its last stage"),
    "case_not_over": _l("The case is open: there is nothing to reopen"),
    "expected_before_hold": _l("The case was put on hold on %(held_on)s: enter that day or a later one"),
    "ground_missing": _l("Choose the ground on which the procurement is cancelled"),
    "notice_unknown": _l("Say whether a notice has been published: what is to be done next depends on it"),
    "contract_made": _l("The contract has been made: the procedure has ended with it and can no longer be cancelled"),
    "stage_not_reopened": _l("Choose the stage in which the case ended, or one before it"),
    "stage_not_repeatable": _l("This stage does not come in rounds: go back to it instead"),
    "stage_not_beside": _l("The procedure does not let this stage run beside the present one"),
    "stage_runs_already": _l("This stage runs already"),
    "stage_beside_open": _l("Complete first what runs beside this stage: it cannot go on beside the next one"),
    "reason_missing": _l("Write the reason: it is kept in the history of the case"),
    # setting the history right
    "correction_impossible": _l("This entry has no date or words that somebody entered, so there is nothing to correct in it"),
    "correction_nothing": _l("Nothing differs from what the entry says now: change the day or the words"),
    "correction_too_early": _l("What was done before this happened on %(previous_on)s: enter that day or a later one"),
    "correction_too_late": _l("What was done after this happened on %(next_on)s: enter that day or an earlier one"),
    "undo_nothing": _l("Choose at least one answer"),
    "undo_not_last": _l("The answer has been changed since: only its latest change can be undone"),
    "gate_not_confirmed": _l("Confirm this point before you complete the stage"),
    "gate_needs_approval": _l("Somebody else has to approve the award decision first: ask for it under Approvals"),
    "gate_lacks": _l("Something is still missing for this point"),
    "gate_point_gone": _l("This point no longer belongs to the present stage. The page now shows the points as they are"),
    "gate_by_system": _l("This point is not ticked: the service itself sees when it holds"),
    "gate_already_ticked": _l("This point has been ticked already: %(told)s"),
    "gate_already_waived": _l("This point has been waived already: %(told)s"),
    "gate_nothing_to_waive": _l("The stage does not wait for this point, so there is nothing to waive"),
    "gate_not_waivable": _l("This point cannot be waived: the law itself makes the contract wait"),
    "gate_mark_changed": _l("Somebody has meanwhile taken this back. The page now shows the points as they are"),
    # a city's own points
    "gate_stage_unknown": _l("Choose a stage that this procedure has"),
    "gate_text_missing": _l("Write the point in at least one language"),
    "gate_way_unknown": _l("Choose who or what says that the point holds"),
    "gate_day_past": _l("Choose today or a later day: a point holds for procurements that enter the stage from then on"),
    "gate_point_ended": _l("Somebody has already ended or changed this point. The list shows the points as they are"),
    "gate_points_many": _l("A city can have at most %(most)s points in force: end some first"),
    # periods of the law
    "delivery_missing": _l("Choose how the decision was sent: the periods are counted from it"),
    "tenders_due_before_notice": _l("The last day for tenders must come after %(sent_on)s"),
    "date_outside_calendar": _l("Periods cannot be counted from this day: enter a day of this century"),
    "contract_forbidden": _l(
        "A contract may be made from %(safe_on)s: the standstill runs until then. Correct the day, or choose the exception that allowed it"
    ),
    "contract_forbidden_after_notice": _l(
        "A contract may be made from %(safe_on)s: the time after the notice of the direct award runs until then. Correct the day"
    ),
    "exception_unknown": _l("Choose one of the exceptions on the list"),
    "exception_reason_missing": _l("Write why the exception applies: the reason is kept in the history of the case"),
    "deadline_not_open": _l("This deadline has already been marked or no longer counts"),
    "met_before_event": _l("The day is too early: enter %(event_on)s or a later day"),
    # expert support
    "support_topic_missing": _l("Choose what the advice is about"),
    "support_urgency_missing": _l("Choose when you need the answer"),
    "support_question_missing": _l("Write your question"),
    "support_share_unknown": _l("Choose the parts to share from the list"),
    "support_text_missing": _l("Write the text before you send it"),
    "support_part_missing": _l("Write this part: an opinion needs all six"),
    "support_taken_by_other": _l(
        "Another expert took this request a moment ago. The desk shows the requests that are still open"
    ),
    "support_moved_on": _l("The request has moved on in the meantime, and this can no longer be done"),
    "support_not_yours": _l("This is not yours to do in this request"),
    "procedure_not_chosen": _l("Choose the procedure first: the case goes on along its stages"),
    "procedure_same": _l("The case already follows this procedure"),
    # documents
    "document_not_yours": _l("Documents of this kind are issued by others in your city"),
    "document_incomplete": _l("Something is still missing, so the document can’t be issued yet"),
    "document_issued_already": _l("The document has been issued as it stands, and nothing has changed since"),
    "document_moved": _l(
        "The case changed while the document was being made, so nothing was issued. Look at it again, then issue it"
    ),
    "document_overtaken": _l(
        "%(name)s has saved this document since you opened it. Your words are below: compare them with what is saved now, and save again"
    ),
    "document_long": _l("The document is too long: shorten it, or put at most %(rows)s rows in a table"),
    # attachments
    "attachment_empty": _l("The file is empty: choose the file again"),
    "attachment_large": _l("The file is larger than %(most)s MB: make it smaller, or send it in parts"),
    "attachment_nameless": _l("The file has no usable name: rename it and choose it again"),
    "attachment_kind": _l("Files like %(name)s are not taken. Save it as one of the kinds listed on this page, such as PDF"),
    "attachment_differs": _l(
        "The content of %(name)s is not %(kind)s, although its name says so. Open the file, save it again in the right form, and choose it"
    ),
    "attachment_macros": _l("The file contains macros, which are small programs. Save it without macros or as PDF"),
    "attachment_infected": _l(
        "The scanner found malware in the file (%(malware)s), and it was not kept. Do not open the file, and tell the city’s data security"
    ),
    "attachment_sealed": _l("Tenders are not taken as attachments: nobody may open them before their deadline"),
    "attachment_known": _l("The same file is already attachment %(number)s of this case"),
    "attachment_same": _l("This is the same file as version %(version)s: nothing has changed in it"),
    "attachments_many": _l("A case takes at most %(most)s attachments"),
    "versions_many": _l("An attachment takes at most %(most)s versions: add the file as a new attachment"),
    "storage_away": _l("The file could not be kept just now, and nothing was saved. Try again in a few minutes"),
    # conflict of interest
    "interest_missing": _l("Say whether you have a conflict of interest"),
    "interest_text_missing": _l("Describe the conflict: whom or what it is about"),
    "interest_suppliers_changed": _l(
        "What is known of the suppliers has changed since you opened this page. See what it says now, then declare again"
    ),
    "interest_own": _l("Nobody decides on their own conflict of interest: another manager of the city decides"),
    "interest_decider_barred": _l("You have declared a conflict of interest in this case yourself: another manager decides"),
    "interest_reason_missing": _l("Write the reason"),
    "interest_declared_anew": _l(
        "%(name)s has declared anew meanwhile: decide on the latest declaration, if it needs a decision"
    ),
    "interest_decided": _l(
        "%(name)s has decided meanwhile. Nothing is overwritten: see that decision, then decide again if needed"
    ),
    # what a person keeps of the list
    "view_known": _l("You have a view of that name already: choose another name"),
    "view_long": _l("These words are too long to keep: use fewer words"),
    "views_many": _l("You can keep at most %(most)s views: remove one first"),
    # how the city works
    "city_year": _l("Enter a day in the years %(first)s–%(last)s"),
    "closing_backwards": _l("The last day is before the first: enter the first day or a later one"),
    "closing_long": _l("Enter at most %(most)s days at a time"),
    "closing_known": _l("These days are in the calendar already"),
    "closings_many": _l("The calendar holds at most %(most)s entries of closing days to come: remove some first"),
    "meetings_many": _l("The calendar holds at most %(most)s meetings to come: enter fewer, or remove some first"),
    "duration_changed": _l(
        "%(name)s has meanwhile entered %(days)s working days here. Nothing is overwritten: correct your number if needed, then save again"
    ),
    "duration_removed": _l("Somebody has meanwhile removed the city’s own number here. Correct yours if needed, then save again"),
    "choice_reason_missing": _l("Write why this procedure: another one is recommended, and the reason is kept in the history"),
    "choice_reason_missing_not_available": _l(
        "Write why this procedure: by the rules it is not available, and the city must be able to show its grounds"
    ),
    "advice_moved_on": _l(
        "The case or its advice has changed since you opened this page. It now shows how things stand: look again, then choose"
    ),
    "case_finished": _l("The case has passed its last stage: its procedure can no longer be chosen or confirmed"),
    "not_advisable": _l("The case cannot be advised yet: an answer is missing or cannot be used"),
    # timetables
    "plan_not_counted": _l("The timetable cannot be counted yet: give the case a kind of contract and a value first"),
    "plan_too_far": _l("The timetable reaches a year whose holidays are not known: choose shorter stages or an earlier day"),
    "period_too_short": _l("The law does not allow an earlier day than %(earliest_on)s"),
    "day_too_early": _l("The stages before are not ready then: the first possible day is %(earliest_on)s"),
    "needed_by_missing": _l("Enter the day on which the contract is needed: the timetable is counted back from it"),
    "no_contract_planned": _l("This procedure has no contract from which the timetable could be counted back"),
    "plan_changed": _l(
        "%(name)s has saved the timetable meanwhile. Nothing is overwritten: both are shown. Look at yours, then save again"
    ),
    "plan_dates_changed": _l(
        "The days of the case have been changed meanwhile. Nothing is overwritten: both are shown. Look at yours, then save again"
    ),
    "preview_changed": _l("This is not what you last looked at. See below what moves now, then save"),
    # team, tasks, notes
    "person_not_of_city": _l("Choose somebody of the case’s own city who can sign in"),
    "part_unknown": _l("Choose the part in the team"),
    "part_of_responsible": _l("This person is responsible for the case: hand the case over first"),
    "part_needs_editor": _l("Choose an officer or a manager: only they may change cases"),
    "responsible_already": _l("%(name)s is responsible for the case already"),
    "handed_over_before_opened": _l("The case was opened on %(opened_on)s: enter that day or a later one"),
    "no_cases_chosen": _l("Choose at least one open case"),
    "task_title_missing": _l("Write what is to be done"),
    "task_due_missing": _l("Enter the day by which it is to be done"),
    "task_owner_not_in_team": _l("Choose somebody of the team who may change the case"),
    "task_stage_unknown": _l("Choose one of the stages on the list"),
    "task_changed": _l(
        "%(name)s has changed the task meanwhile. Nothing is overwritten: both are shown. Edit yours if needed, then save again"
    ),
    "note_empty": _l("Write the note"),
    # approvals
    "approval_subject_missing": _l("Choose what is to be approved"),
    "approval_stage_wrong": _l("The case is not in a stage whose completion could be approved so: choose something else"),
    "approval_words_of_other": _l("Write what is to be approved"),
    "approval_people_missing": _l("Choose who approves: at least one person and at most %(most)s"),
    "approval_person_twice": _l("Choose each person once"),
    "approval_own": _l("Nobody approves what they have asked for themselves"),
    "approval_rule_missing": _l("Choose who has to approve"),
    "approval_needed_wrong": _l("Enter how many have to approve: at least 1 and at most %(most)s"),
    "approval_due_missing": _l("Enter the day by which you need the approval"),
    "approval_due_past": _l("The day has passed: enter today or a later day"),
    "approval_saying_missing": _l("Choose your answer"),
    "approval_words_missing": _l("Write what should be changed or why you reject: the words are kept in the history of the case"),
    "approval_is_void": _l(
        "The case has changed meanwhile in what this approval stood on, and the request no longer counts. Your answer was not kept"
    ),
    "approval_is_withdrawn": _l("The request has been withdrawn meanwhile. Your answer was not kept"),
    "approval_is_over": _l("The request has been decided meanwhile. The page shows how"),
    "approval_said_already": _l("You have answered already: an answer is not changed afterwards"),
    "approval_not_named": _l("You are not asked to approve this"),
    "approval_not_your_turn": _l("It is not your turn yet: the ones before you approve first"),
    "approval_delegate_asks": _l("Choose somebody else: this person has asked for the approval"),
    "approval_delegate_named": _l("Choose somebody else: this person takes part already"),
    "approval_not_yours": _l("Only who has asked for the approval may withdraw it"),
    "approval_only_yours": _l("You are the only one who has approved this decision: somebody else has to complete the stage"),
    # letters and absences
    "cadence_unknown": _l("Choose one of the ways on the list for each kind of letter"),
    "absence_backwards": _l("The last day is before the first: enter the first day or a later one"),
    "absence_over": _l("This absence would be over already: enter today's date or a later one"),
    "absence_long": _l("An absence lasts at most a year"),
    "absence_overlaps": _l(
        "You have an absence from %(first_on)s to %(last_on)s already: choose other days, or end that one first"
    ),
    "absences_many": _l("You can have at most %(most)s absences to come"),
    "delegate_unfit": _l("Choose somebody of your organisation whose role sees the same things"),
    # answers
    "answer_changed": _l(
        "%(name)s has changed this answer meanwhile. Nothing is overwritten: both texts are shown. Edit yours if needed, then save again"
    ),
    "answer_missing": _l("The case needs this answer: it can be changed, but not left out"),
}


def sentence(reason: Reason) -> str:
    """The reason in the language of the page, with dates in that language's form and the section of law at the end."""
    parameters = {key: _shown(key, value) for key, value in reason.parameters.items()}
    text = str(SENTENCES[reason.code]) % parameters if parameters else str(SENTENCES[reason.code])
    return f"{text} ({reason.citation})" if reason.citation else text


def _shown(key: str, value: str) -> str:
    if key.endswith("_on") or key == "today":
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def put_into(form: Any, refusal: Refusal) -> None:
    """Show each reason at the field that it is about, else above the form."""
    for reason in refusal.reasons:
        field = getattr(form, "_fields", {}).get(reason.target)
        if field is None:
            form.form_errors.append(sentence(reason))
        else:
            field.errors = [*field.errors, sentence(reason)]
