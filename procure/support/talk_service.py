"""What is said in a request: questions and their answers, messages with files, and who has had them before them.

A request to change is got from `queries.request_to_change`, which locks its case.
"""

from collections.abc import Sequence
from datetime import date, datetime

from procure.domain import support, threads
from procure.domain.attachments import CLEAN
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.infra.db import add_new, db
from procure.support import logbook, mail, queries, rows, talk_queries
from procure.support.models import SupportFile, SupportMessage, SupportRead, SupportRequest
from procure.support.talk_files import Arrived


def ask_back(
    request: SupportRequest, text: str, by: Actor, today: date, now: datetime, *, files: Sequence[Arrived] = ()
) -> None:  # fmt: skip
    """The expert needs to know more: one more question, and the city's turn. Raises Refusal."""
    if _said_already(request, text, by, files):
        return
    _check(text, files)
    request.state = support.move("ask_back", queries.party(request, by) or "", request.state)
    message = say(request, "question", "ask_back", text, by, now, files=files)
    logbook.record(request, "support_question", today, by, now)
    mail.asked_back(request, message, now)


def reply(
    request: SupportRequest, text: str, by: Actor, today: date, now: datetime, *, question: int | None = None,
    files: Sequence[Arrived] = (), mail_key: str | None = None, left_out: Sequence[str] = (),
) -> None:  # fmt: skip
    """The city answers an expert's question, or adds something. With one open question every message answers it. Raises Refusal."""
    if mail_key is None and _said_already(request, text, by, files):
        return
    _check(text, files)
    target = support.move("reply", queries.party(request, by) or "", request.state)
    waiting = threads.open_questions(queries.messages_of(request))
    answered = threads.answered_question(question, waiting)
    request.state = threads.state_after(target, [one for one in waiting if one != answered])
    kind = "reply" if answered else "message"
    message = say(request, kind, "reply", text, by, now, answered, files, mail_key, left_out)
    logbook.record(request, "support_reply", today, by, now)
    mail.replied(request, message, now)


def write(
    request: SupportRequest, text: str, by: Actor, today: date, now: datetime, *, files: Sequence[Arrived] = (),
    mail_key: str | None = None, left_out: Sequence[str] = (),
) -> None:  # fmt: skip
    """The expert says something for which the request does not wait. Raises Refusal."""
    if mail_key is None and _said_already(request, text, by, files):
        return
    _check(text, files)
    request.state = support.move("write", queries.party(request, by) or "", request.state)
    message = say(request, "message", "write", text, by, now, None, files, mail_key, left_out)
    logbook.record(request, "support_message", today, by, now)
    mail.written(request, message, now)


def drop_question(request: SupportRequest, question: int, by: Actor, today: date, now: datetime) -> None:
    """The expert no longer needs the answer. Raises Refusal, also when the question has been answered meanwhile."""
    said = queries.messages_of(request)
    if threads.statuses(said).get(question) == threads.DROPPED:
        return
    target = support.move("drop_question", queries.party(request, by) or "", request.state)
    waiting = threads.open_questions(said)
    threads.answered_question(question, waiting)
    request.state = threads.state_after(target, [one for one in waiting if one != question])
    message = say(request, "system", "drop_question", "", by, now, question)
    logbook.record(request, "support_question_dropped", today, by, now)
    mail.dropped(request, message, now)


def say(
    request: SupportRequest, kind: str, act: str, text: str, by: Actor, now: datetime, question: int | None = None,
    files: Sequence[Arrived] = (), mail_key: str | None = None, left_out: Sequence[str] = (),
) -> SupportMessage:  # fmt: skip
    """One row of the thread with its files."""
    message = rows.say(
        request, kind, act, text, by, now, question_id=question, mail_key=mail_key, left_out=list(left_out)
    )  # fmt: skip
    db.session.add_all(_file(message, file, now) for file in files)
    db.session.flush()
    return message


def _file(message: SupportMessage, file: Arrived, now: datetime) -> SupportFile:
    return SupportFile(
        request_id=message.request_id, message_id=message.id, file_name=file.file_name, media_type=file.media_type, size=file.size,
        sha256=file.sha256, storage_key=file.storage_key, scan=file.scan, scanned_at=now if file.scan == CLEAN else None,
        scan_due_at=now if file.scan_again else None,
    )  # fmt: skip


def mark_seen(number: int, message_id: int, by: Actor, now: datetime) -> None:
    """The person has had the thread of the request `number` up to that row before them. Said already adds nothing."""
    row = {"request_id": number, "person_id": by.id, "message_id": message_id, "at": now}
    add_new(SupportRead, [row], "request_id", "person_id", "message_id")


def by_mail(
    request: SupportRequest, text: str, mail_key: str, files: Sequence[Arrived], left_out: Sequence[str], by: Actor, today: date,
    now: datetime,
) -> bool:  # fmt: skip
    """What a person answered by mail, as if written on the page; False when this mail has been taken before. Raises Refusal."""
    if talk_queries.message_of_mail(request, mail_key) is not None:
        return False
    act = write if by.role in NETWORK_ROLES else reply
    act(request, text, by, today, now, files=files, mail_key=mail_key, left_out=left_out)
    return True


def _check(text: str, files: Sequence[Arrived]) -> None:
    support.check_text(text, "text")
    if len(files) > threads.MOST_FILES:
        raise Refusal(Reason("thread_files_many", {"most": str(threads.MOST_FILES)}, target="file"))


def _said_already(request: SupportRequest, text: str, by: Actor, files: Sequence[Arrived]) -> bool:
    """A form sent twice says it once."""
    last = queries.last_message(request)
    return not files and last is not None and last.author_id == by.id and last.kind != "system" and last.text == text
