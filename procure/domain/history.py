"""The kinds of events in groups, as people look for them; a kind that is not here is in the group `other`."""

from typing import Final

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "answers": ("case_opened", "answers_saved", "case_imported"),
    "stages": (
        "case_opened", "procedure_chosen", "stage_completed", "stage_skipped", "stage_returned", "stage_repeated", "stage_begun_beside",
        "case_held", "case_resumed", "case_cancelled", "case_reopened", "event_corrected", "procedure_confirmed",
        "gate_ticked", "gate_unticked", "gate_waived", "gate_unwaived",
    ),
    "dates": ("plan_saved", "deadline_met", "event_corrected"),
    "people": (
        "member_added", "member_removed", "handed_over", "task_added", "task_changed", "task_done", "note_written",
        "interest_declared", "interest_decided",
    ),
    "approvals": (
        "approval_requested", "approval_given", "approval_changes_asked", "approval_rejected", "approval_delegated", "approval_withdrawn",
        "approval_voided",
    ),
    "documents": (
        "attachment_added", "attachment_version_added", "attachment_removed", "attachment_blocked", "document_written", "document_issued",
        "document_set_aside", "dossier_made",
    ),
    "communications": (
        "communication_added", "communication_changed", "communication_submitted", "communication_approved", "communication_sent_back",
        "communication_published", "communication_withdrawn",
    ),
    "results": (
        "tenders_counted", "review_recorded", "review_corrected", "review_decided", "review_removed", "effect_recorded",
        "effect_corrected", "effect_measured", "effect_removed",
    ),
    "support": (
        "support_asked", "support_taken", "support_question", "support_reply", "support_answered", "support_withdrawn",
        "support_declined", "support_read", "support_article",
        "support_message", "support_question_dropped",
        "support_meeting_planned", "support_meeting_changed", "support_meeting_cancelled", "support_meeting_held",
        "support_attached", "support_shared",
        "support_triaged", "support_merged", "support_refused", "support_passed_on", "support_proposed", "support_proposal_declined",
        "support_second",
        "support_second_reading", "support_corrected", "support_reviewed",
    ),
}  # fmt: skip
OTHER: Final = "other"
KNOWN: Final = tuple(dict.fromkeys(kind for kinds in GROUPS.values() for kind in kinds))
