"""What a city does after it has asked: change what the expert sees, and bring an idea into its case."""

from datetime import date, datetime

from procure.cases.models import Case
from procure.domain import support
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.support import asking_queries, files, logbook, mail, queries, sharebook
from procure.support.models import SupportMessage, SupportRequest


def share(request: SupportRequest, wanted: tuple[str, ...], by: Actor, today: date, now: datetime) -> bool:
    """From now on the expert sees exactly this of the case; what is left out is shut at once. Says whether anything has changed.
    Raises Refusal."""
    request.state = support.move("share", queries.party(request, by) or "", request.state)
    if request.case is None:
        raise Refusal(Reason("support_moved_on"))
    before = tuple(request.shares)
    known = {support.EVERYTHING, *asking_queries.section_ids(request.case), *(file.what for file in files.of_case(request.case))}
    added, revoked = support.share_changes(before, wanted)
    if not set(added) <= known:
        raise Refusal(Reason("support_share_unknown", target="shares"))
    if not added and not revoked:
        return False
    request.shares = [*(what for what in before if what not in revoked), *added]
    sharebook.begin(request, added, by, now)
    sharebook.end(request, revoked, by, now)
    message = _say(request, "share", by, now)
    logbook.record(request, "support_shared", today, by, now, added=list(added), revoked=list(revoked))
    mail.shared(request, message, now)
    return True


def attach(request: SupportRequest, case: Case, by: Actor, today: date, now: datetime) -> None:
    """The idea has become a case of the same city, which is locked: from now on what happens is kept in the case's log. That log
    names the last hash of the request's own, so that neither can be changed without the other. Raises Refusal."""
    if request.case_id == case.id:
        return
    support.move("attach", queries.party(request, by) or "", request.state)
    if request.case_id is not None:
        raise Refusal(Reason("support_moved_on"))
    if case.organisation_id != request.organisation_id:
        raise Refusal(Reason("support_case_unknown", target="case"))
    about = {"request": support.shown_number(request.id), "topic": request.topic}
    last = logbook.record_own(request, logbook.ATTACHED, {**about, "case": case.reference}, today, by, now)
    request.case = case
    db.session.flush()
    _say(request, "attach", by, now)
    logbook.record(request, logbook.ATTACHED, today, by, now, events=last.sequence, hash=last.hash)


def _say(request: SupportRequest, act: str, by: Actor, now: datetime) -> SupportMessage:
    message = SupportMessage(
        request_id=request.id, kind="system", act=act, author_id=by.id, author=by.name, role=by.role, text="", at=now
    )
    db.session.add(message)
    db.session.flush()
    return message
