"""What the page of a request shows of its thread, and that the person has now had it before them."""

from collections.abc import Sequence

from flask_babel import gettext as _

from procure.domain import support, threads
from procure.infra import clock
from procure.infra.db import db, let_go, writing
from procure.support import talk_pages, talk_queries, talk_service
from procure.support.models import SupportMessage
from procure.support.queries import Seen
from procure.support.talk_forms import TalkForm
from procure.support.talk_pages import Talk
from procure.web.access import actor
from procure.web.language import language


def talk(seen: Seen, messages: Sequence[SupportMessage]) -> Talk:
    """The thread of a request that the person has been found to see."""
    if seen.sight not in talk_queries.SEES_MESSAGES:
        return talk_pages.NOTHING
    request = seen.request
    return talk_pages.talk(
        seen, messages, talk_queries.files_of(request), talk_queries.meetings_of(request), talk_queries.reads_of(request),
        talk_queries.audience(request), actor().id, language(), clock.now(),
    )  # fmt: skip


def form_for(seen: Seen, messages: Sequence[SupportMessage]) -> TalkForm:
    """The form of a message, in the words of the person's side."""
    form = TalkForm()
    if seen.party not in ("city", "reader"):
        may_ask = support.allowed("ask_back", seen.party, seen.request.state)
        form.ask(_("Write to the city"), _("Send"), may_ask, False, ())
        return form
    waiting = threads.open_questions(messages)
    words = [(row.id, talk_pages.short(row.text)) for row in messages if row.id in waiting]
    form.ask(_("Reply to the expert") if waiting else _("Add a message"), _("Send"), False, True, words)
    return form


def note_seen(seen: Seen, shown: Talk) -> None:
    """Keep that the person has had the thread before them; ends the reading transaction when there is something to keep."""
    if shown.unread is not None:
        number = seen.request.id
        let_go()
        with writing():
            talk_service.mark_seen(number, shown.unread, actor(), clock.now())
            db.session.commit()
