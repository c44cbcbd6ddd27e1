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
    "documents": ("attachment_added", "attachment_version_added", "attachment_removed", "attachment_blocked",
                  "document_written", "document_issued"),
    "support": (
        "support_asked", "support_taken", "support_question", "support_reply", "support_answered", "support_withdrawn",
        "support_declined", "support_read",
    ),
}  # fmt: skip
OTHER: Final = "other"
KNOWN: Final = tuple(dict.fromkeys(kind for kinds in GROUPS.values() for kind in kinds))
