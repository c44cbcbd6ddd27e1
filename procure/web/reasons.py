"""What each reason of a refusal says: code -> sentence without its full stop, with the reason's parameters in it."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.web import paper_reasons, result_reasons

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
    # reports and shared figures
    "consent_unknown": _l("Choose whether the city shares its figures"),
    "receiver_unfit": _l("Choose somebody of your city who may read its portfolio"),
    "board_quarterly": _l("The report for the board is quarterly: choose every quarter"),
    "schedules_many": _l("The city has %(most)s reports on a schedule already: end one first"),
    "schedule_changed": _l("Somebody else has changed this schedule meanwhile, and nothing was done. Look at how it stands now"),
    "schedule_ended": _l("This schedule has ended: order a new report"),
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
    "support_idea_missing": _l("Give the idea a name"),
    "support_product_unknown": _l("Choose a product from the list, or none"),
    "support_case_unknown": _l("Enter the reference of a case of your own city that is still running"),
    "support_text_missing": _l("Write the text before you send it"),
    "support_part_missing": _l("Write this part: an opinion needs all six"),
    "support_taken_by_other": _l(
        "Another expert took this request a moment ago. The desk shows the requests that are still open"
    ),
    "support_moved_on": _l("The request has moved on in the meantime, and this can no longer be done"),
    "support_not_yours": _l("This is not yours to do in this request"),
    # communications
    "communication_title_missing": _l("Write a short title"),
    "communication_content_missing": _l("Choose what it is about"),
    "communication_audience_missing": _l("Write whom it is for"),
    "communication_channel_missing": _l("Choose a channel"),
    "communication_day_missing": _l("Enter the day"),
    "communication_message_missing_fi": _l("Write the message in Finnish"),
    "communication_message_missing_sv": _l("Write the message in Swedish"),
    "communication_message_missing_en": _l("Write the message in English"),
    "communication_too_early": _l("This is public from %(first_on)s at the earliest: enter that day or a later one"),
    "communication_not_public": _l("This is not public yet at the present stage of the case"),
    "communication_never": _l("This is not told in public in this case: choose something else to tell"),
    "communication_before_approval": _l("It was approved on %(approved_on)s: enter that day or a later one"),
    "communication_own_text": _l("You wrote this as an expert: somebody of the city approves it"),
    "communication_not_yours": _l("This is not yours to do: the city approves and publishes"),
    "communication_moved_on": _l("Somebody has moved this on meanwhile. The page now shows how it stands"),
    "communication_closed": _l("What has been published or withdrawn stays as it was: plan something new"),
    "communication_changed_meanwhile": _l(
        "%(name)s has written a new version meanwhile, and nothing was saved. Look at it, then send again"
    ),
    "communication_too_many": _l("A case can have at most %(most)s things to tell"),
    # knowledge articles
    "article_moved_on": _l("The article has moved on in the meantime. The page now shows how it stands"),
    "article_own": _l("Nobody looks over their own article: another person of the network publishes it"),
    "article_not_yours": _l("This is not yours to do with this article"),
    "article_made": _l("Somebody else has already made an article from this request"),
    "article_empty": _l("Nothing has been written yet: write the article in at least one language"),
    "article_incomplete": _l("A language is not complete: title, question, short answer and answer are needed in each"),
    "article_not_clean": _l("%(count)s things may still tell whose matter it was: decide on each first"),
    "article_keep_reason": _l("Write why it can stay"),
    "article_words_missing": _l("Copy the words to remove here"),
    "article_words_absent": _l("These words stand in no text of the article: copy them exactly"),
    "article_reason_missing": _l("Write what is to be done or why"),
    "article_valid_missing": _l("Enter the day until which it is valid"),
    "article_valid_past": _l("The day has passed: enter a day to come"),
    "article_valid_long": _l("An article is valid for at most five years at a time"),
    # the thread of a request
    "question_not_open": _l("The question has been answered in the meantime, or needs no answer any more. Choose again"),
    "thread_files_many": _l("Send at most %(most)s files with one message"),
    "meeting_past": _l("The time is in the past: enter a later one"),
    "meeting_length": _l("Choose how long the meeting lasts"),
    "meeting_where": _l("Enter a place, or a link to an online meeting"),
    "meeting_link": _l("Enter the link as it begins, with https://"),
    "meeting_people": _l("Choose those who are invited from the list, at least one of them"),
    "meeting_over": _l("The meeting has been cancelled or reported in the meantime, and this can no longer be done"),
    "meeting_ahead": _l("The meeting has not begun yet: report it afterwards"),
    "meeting_participants": _l("Write who took part"),
    "thread_meetings_many": _l("A request has at most %(most)s meetings"),
    "product_text_missing": _l("Write this text in every language"),
    "product_days_wrong": _l("Give the working days from the least to the most, 1 to %(most)s"),
    "product_topics_missing": _l("Choose at least one topic"),
    "product_day_past": _l("Choose %(today)s or a later day"),
    "product_changed": _l("Somebody has changed this product meanwhile. Look at what it says now, then change it again"),
    "product_unknown": _l("There is no such product"),
    # the coordinator's desk
    "support_priority_missing": _l("Choose the priority"),
    "support_target_days": _l("Enter a number of working days from 1 to %(most)s"),
    "support_target_order": _l("The first answer comes no later than the opinion: enter fewer days"),
    "support_sorted_meanwhile": _l(
        "Another coordinator has sorted the request meanwhile. Look at how it stands now, then save again"
    ),
    "support_merge_unknown": _l("Choose a request of the same city"),
    "support_merge_over": _l("That request has ended: choose one that is running or answered"),
    "support_body_missing": _l("Write the name of the body"),
    "support_contact_missing": _l("Write how the city reaches the body"),
    "support_not_askable": _l("This expert cannot be asked now: choose another one"),
    "support_second_there": _l("A second expert helps already"),
    # why an expert is proposed for a request, or left out
    "match_conflict": _l("Has declared a conflict of interest"),
    "match_own_city": _l("Works for the city that asks"),
    "match_has_it": _l("Works on the request already"),
    "match_asked": _l("Has been asked and has not answered yet"),
    "match_declined": _l("Has declined this request"),
    "match_not_this_city": _l("Does not take requests of this city"),
    "match_other_topics": _l("Has not named this topic"),
    "match_full": _l("Has as many requests as fit: %(open)s of %(most)s"),
    "match_knows_topic": _l("Knows the topic"),
    "match_language": _l("Writes the language of the request"),
    "match_answered": _l("Opinions on this topic: %(count)s"),
    "match_load": _l("Requests now: %(open)s of %(most)s"),
    "match_away": _l("Away until %(until_on)s, when the answer is due already"),
    "match_away_back": _l("Away until %(until_on)s, back before the answer is due"),
    "match_other_language": _l("Has not named the language of the request"),
    "match_profile_empty": _l("Has not filled in a profile"),
    # opinions
    "opinion_question_missing": _l("Write the question that you answer"),
    "opinion_facts_used_missing": _l("Write which facts you used"),
    "opinion_opinion_missing": _l("Write your opinion and its reasons"),
    "opinion_alternatives_and_risks_missing": _l("Write the alternatives and risks"),
    "opinion_limits_missing": _l("Write the limits of the opinion"),
    "opinion_conflict_statement_missing": _l("Write your statement on conflicts of interest"),
    "opinion_confidence_missing": _l("Choose how certain you are"),
    "opinion_confidence_reason_missing": _l("Write why you are that certain"),
    "opinion_citations_missing": _l("Choose at least one section of law: the opinion is about law"),
    "opinion_citation_unknown": _l("Choose the sections of law from the list"),
    "opinion_changed_missing": _l("Write what has changed since the version before"),
    "opinion_why_missing": _l("Write why the opinion is corrected"),
    "opinion_draft_missing": _l("Save a draft first"),
    "opinion_draft_changed": _l(
        "The draft has been saved in another window since you opened it. Both texts are shown: put them together, then save again"
    ),
    "opinion_file_failed": _l("The PDF could not be made, so nothing was issued. Save the draft, and try again in a moment"),
    "opinion_reader_self": _l("The second reader cannot be the person who wrote the opinion"),
    "opinion_reader_unknown": _l("Choose a person from the list: one of the network without a conflict of interest"),
    "opinion_reader_none": _l("The opinion is about law: ask a second reader to read the draft before it is issued"),
    "opinion_reader_asked": _l("%(reader)s has not yet declared interests and read the draft: wait, or ask somebody else"),
    "opinion_reader_reading": _l("%(reader)s is reading the draft and has not agreed to it yet: wait, or ask somebody else"),
    "opinion_reader_declined": _l("%(reader)s has a conflict of interest: ask somebody else to read the draft"),
    "opinion_reader_returned": _l("%(reader)s returned the draft with remarks: mend it, and ask for a new reading"),
    "opinion_reader_stale": _l("The text has changed since %(reader)s agreed to it: ask for a new reading"),
    "opinion_read_changed": _l("The expert has changed the draft since you opened it: read it again, then answer"),
    "review_outcome_missing": _l("Say whether the opinion has been followed"),
    "review_because_missing": _l("Write why the opinion has not been followed, or only in part"),
    "review_mark_outside": _l("Choose a mark from 1 to 5"),
    "review_version_changed": _l("The expert has issued a new version since you opened this page: read it first"),
    "procedure_not_chosen": _l("Choose the procedure first: the case goes on along its stages"),
    "procedure_same": _l("The case already follows this procedure"),
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
    "seal_timestamp": _l(
        "The document could not be sealed, so nothing was issued: the time stamp service does not answer. "
        "Try again in a few minutes; if it goes on, tell whoever looks after the service"
    ),
    "seal_failed": _l(
        "The document could not be sealed, so nothing was issued. Try again in a few minutes; "
        "if it goes on, tell whoever looks after the service"
    ),
    "seal_certificate": _l(
        "The document could not be sealed, so nothing was issued: the certificate of the service cannot be used. "
        "Tell whoever looks after the service; what you have written is kept"
    ),
    "verify_too_often": _l("Many files have been checked from your network just now. Wait %(minutes)s minutes and try again"),
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
    # the network
    "network_text_long": _l("The text is too long: use at most %(most)s characters"),
    "network_mark_missing": _l("Say how sure it is"),
    "network_source_missing": _l("Enter where it can be read: what is verified needs a source"),
    "network_sources_many": _l("Enter at most %(most)s addresses"),
    "network_source_unusable": _l("Enter the whole address of a web page, beginning with https://"),
    "network_fact_changed": _l(
        "%(name)s has changed this meanwhile. Nothing is overwritten: both are shown. Correct yours if needed, then save again"
    ),
    "network_meeting_title_missing": _l("Enter the name of the meeting in at least one language"),
    "network_meeting_day_missing": _l("Enter the day of the meeting"),
    "network_meeting_past": _l("The day has passed: enter today or a later day"),
    "network_meeting_start_missing": _l("Enter when the meeting starts, or leave out when it ends"),
    "network_meeting_ends_first": _l("The meeting ends before it starts: correct the times"),
    "network_meeting_cancelled": _l("The meeting has been cancelled: say first that it takes place after all"),
    "network_meeting_changed": _l(
        "%(name)s has changed the meeting meanwhile. Nothing is overwritten: look at how it stands now, then send again"
    ),
    "network_topics_missing": _l("Choose at least one topic"),
    "network_languages_missing": _l("Choose at least one language"),
    "network_load_wrong": _l("Enter a number between 1 and %(most)s"),
    "network_city_unknown": _l("Choose the cities from the list"),
    "network_profile_not_yours": _l("Only the expert and the coordinator of the network may change this profile"),
    "network_profile_changed": _l(
        "%(name)s has changed the profile meanwhile. Nothing is overwritten: both are shown. Correct yours if needed, then save again"
    ),
    # answers
    "answer_changed": _l(
        "%(name)s has changed this answer meanwhile. Nothing is overwritten: both texts are shown. Edit yours if needed, then save again"
    ),
    "answer_missing": _l("The case needs this answer: it can be changed, but not left out"),
    **paper_reasons.SENTENCES,
    **result_reasons.SENTENCES,
}
