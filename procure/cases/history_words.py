"""The words for what stands in the log. A kind that has none here is shown by its own name, in the group of other entries."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l

KINDS: Final[dict[str, Any]] = {
    "case_opened": _l("Case opened"),
    "case_imported": _l("Case imported"),
    "answers_saved": _l("Answers saved"),
    "procedure_chosen": _l("Procedure chosen"),
    "stage_completed": _l("Stage completed"),
    "stage_skipped": _l("Stage skipped"),
    "stage_returned": _l("Returned to stage"),
    "stage_repeated": _l("Next round of the stage"),
    "stage_begun_beside": _l("Stage begun beside another"),
    "case_held": _l("Put on hold"),
    "case_resumed": _l("Gone on after a hold"),
    "case_cancelled": _l("Procurement cancelled"),
    "case_reopened": _l("Procurement reopened"),
    "event_corrected": _l("Entry corrected"),
    "procedure_confirmed": _l("Procedure kept"),
    "gate_ticked": _l("Point ticked"),
    "gate_unticked": _l("Tick taken back"),
    "gate_waived": _l("Point waived"),
    "gate_unwaived": _l("Waiver taken back"),
    "plan_saved": _l("Timetable saved"),
    "deadline_met": _l("Deadline met"),
    "member_added": _l("Person added to the team"),
    "member_removed": _l("Person removed from the team"),
    "handed_over": _l("Case handed over"),
    "task_added": _l("Task added"),
    "task_changed": _l("Task changed"),
    "task_done": _l("Task done"),
    "note_written": _l("Note written"),
    "interest_declared": _l("Interests declared"),
    "interest_decided": _l("Conflict of interest decided"),
    "approval_requested": _l("Approval asked for"),
    "approval_given": _l("Approved"),
    "approval_changes_asked": _l("Changes asked for before approval"),
    "approval_rejected": _l("Approval rejected"),
    "approval_delegated": _l("Approval handed on"),
    "approval_withdrawn": _l("Request for approval withdrawn"),
    "approval_voided": _l("Approval no longer counts"),
    "document_written": _l("Document written"),
    "document_issued": _l("Document issued"),
    "attachment_added": _l("Attachment added"),
    "attachment_version_added": _l("New version of an attachment"),
    "attachment_removed": _l("Attachment removed"),
    "attachment_blocked": _l("Malware found in an attachment"),
    "support_asked": _l("Expert asked"),
    "support_taken": _l("Request taken by an expert"),
    "support_question": _l("Expert asked back"),
    "support_reply": _l("Reply to the expert"),
    "support_answered": _l("Expert answered"),
    "support_withdrawn": _l("Request withdrawn"),
    "support_declined": _l("Request handed back"),
    "support_read": _l("Opinion read"),
}
EXCEPTIONS: Final[dict[str, Any]] = {
    "call_off": _l("A purchase under a framework agreement"),
    "only_tender": _l("The only acceptable tender, and nobody is left whose position the choice could affect"),
    "dynamic_purchase": _l("A purchase inside a dynamic purchasing system"),
}
UNDONE: Final = _l("Earlier answers restored")

GROUPS: Final[dict[str, Any]] = {
    "answers": _l("Answers"),
    "stages": _l("Stages"),
    "dates": _l("Dates"),
    "people": _l("People and tasks"),
    "approvals": _l("Approvals"),
    "documents": _l("Documents"),
    "support": _l("Expert support"),
    "other": _l("Other entries"),
}

BREAKS: Final[dict[str, Any]] = {
    "sequence": _l("an entry is missing or stands twice"),
    "hash": _l("the entry is not what was recorded"),
    "unreadable": _l("the entry cannot have been recorded so"),
    "old_answer": _l("the answer before is not the one that was there"),
    "correction": _l("the correction does not fit the entry that it corrects"),
    "end": _l("the case knows of another last entry than its history has"),
}
STATE: Final = _l("what the case shows is not what its history says")
"""For every break that is not in the chain itself but between the chain and what is stored."""
