"""What people do in a drill, each act marked with a token of its own, and what the service answered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

from procure.infra import clock
from tests.drills.forms import Form, form_on
from tests.drills.visitors import Answer, Lost, Visitor

SAVED, REFUSED, UNKNOWN, BROKEN = "saved", "refused", "unknown", "broken"
PAGES = ("need/scale", "users/users", "risks/risks", "market/consultation", "team/team", "need/problem")
"""Pages of questions with long texts, none of which asks for anything else that has to be there."""
TOKEN = re.compile(r"\[([0-9a-f]{12})\]")
TRIES = 60
FIRST_STAGE, OPTIONAL_STAGE = "need", "prior_art"


@dataclass(frozen=True, slots=True)
class Sent:
    """One act. `texts`: what was sent, by question ("" where there is one text); `seen`: what stood there on the person's screen."""

    kind: str
    token: str
    texts: Mapping[str, str]
    seen: Mapping[str, str] = field(default_factory=dict)
    fate: str = UNKNOWN
    status: int = 0
    seconds: float = 0.0
    lost: int = 0
    """Answers that were lost, each followed by another try with the same form."""
    broken: int = 0
    """Of the answers that came instead, those that said that the service could not (5xx)."""
    both_shown: bool = True
    """Of a refusal because of another person's text: whether the page shows both."""


def new_token() -> str:
    return uuid4().hex[:12]


def words(token: str, about: str) -> str:
    return (
        f"[{token}] What the city knows about {about.replace('_', ' ')} at this hour, long enough to be a sentence or two. " * 2
    )


def save_page(visitor: Visitor, reference: str, page: str, insist: bool = False) -> Sent:
    """Open a page of questions, write new words into every long text, save. `insist`: a lost answer is followed by another try."""
    path = f"/cases/{reference}/answers/{page}"
    form = _opened(visitor, path, "seen", insist)
    token = new_token()
    texts = {name: words(token, name).strip() for name in form.texts}
    seen = {name: form.value(name) for name in form.texts}
    fields = form.sent_with(**texts, save="1")
    sent = Sent("answers", token, texts, seen)
    return settled(sent, lambda: visitor.post(path, fields), insist, _fate_of_page)


def _fate_of_page(sent: Sent, answer: Answer) -> Sent:
    if answer.status == 409:
        both = all(text[:40] in answer.page for text in sent.texts.values()) and any(
            token != sent.token for token in TOKEN.findall(answer.page)
        )
        return replace(sent, fate=REFUSED, both_shown=both)
    return _fate(sent, answer)


def write_note(visitor: Visitor, reference: str, mention: bool = False, insist: bool = False) -> Sent:
    """A note to the team; `mention`: it speaks to somebody, who gets a letter."""
    token = new_token()
    fields = note_fields(visitor, reference, token, mention, insist)
    sent = Sent("note", token, {"": dict(fields)["text"]})
    return settled(sent, lambda: visitor.post(f"/cases/{reference}/notes", fields), insist)


def note_fields(
    visitor: Visitor, reference: str, token: str, mention: bool = False, insist: bool = False
) -> list[tuple[str, str]]:
    form = _opened(visitor, f"/cases/{reference}/team", "text", insist)
    return [*form.sent_with(text=words(token, "notes").strip(), save="1"), *(form.ticks[:1] if mention else [])]


def add_task(visitor: Visitor, reference: str, insist: bool = False) -> Sent:
    token = new_token()
    fields = task_fields(visitor, reference, token, insist)
    sent = Sent("task", token, {"": dict(fields)["title"]})
    return settled(sent, lambda: visitor.post(f"/cases/{reference}/tasks/new", fields), insist)


def task_fields(visitor: Visitor, reference: str, token: str, insist: bool = False) -> list[tuple[str, str]]:
    form = _opened(visitor, f"/cases/{reference}/tasks/new", "title", insist)
    due = clock.today() + timedelta(days=30)
    day = {"due_on-day": str(due.day), "due_on-month": str(due.month), "due_on-year": str(due.year)}
    return form.sent_with(title=f"[{token}] Ask the market", **day, save="1")


def move_stage(visitor: Visitor, reference: str, insist: bool = False) -> Sent:
    """Skip the optional stage where the case stands, or go back to it: whichever the case allows now."""
    path = f"/cases/{reference}/stages/{OPTIONAL_STAGE}/skip"
    answer = _insisting(lambda: visitor.get(path)) if insist else visitor.get(path)
    values = {"reason": "", "save": "1"}
    if answer.saved:
        path = f"/cases/{reference}/stages/return"
        answer = _insisting(lambda: visitor.get(path)) if insist else visitor.get(path)
        values["stage"] = OPTIONAL_STAGE
    token = new_token()
    values["reason"] = words(token, "stages").strip()
    fields = form_on(answer.page, "happened_on-day").sent_with(**values)
    sent = Sent("stage", token, {"": values["reason"]})
    return settled(sent, lambda: visitor.post(path, fields), insist, _fate_of_stage)


def _fate_of_stage(sent: Sent, answer: Answer) -> Sent:
    """Whoever comes too late is sent to the case as well, with a message that says so."""
    if answer.saved and answer.told != "success":
        return replace(sent, fate=UNKNOWN if sent.lost else REFUSED)
    return _fate(sent, answer)


def open_case(visitor: Visitor) -> str:
    """A new case; its reference."""
    answer = visitor.post("/cases/new", start_fields(visitor))
    assert answer.saved, answer.status
    return answer.location.split("/")[2]


def start_fields(visitor: Visitor, token: str = "") -> list[tuple[str, str]]:
    form = form_on(visitor.get("/cases/new").page, "title")
    title = f"[{token or new_token()}] Sensors for waste bins"
    return form.sent_with(title=title, contract_kind="services", value_amount="480 000", save="1")


def fill(visitor: Visitor, reference: str) -> None:
    """Answer what the first stage asks, and complete it."""
    for page in PAGES:
        path = f"/cases/{reference}/answers/{page}"
        form = form_on(visitor.get(path).page, "seen")
        lines = {name: words(new_token(), name)[:80] for name in ("owner", "decision_maker") if name in form.names}
        texts = {name: words(new_token(), name).strip() for name in form.texts}
        answer = visitor.post(path, form.sent_with(**texts, **lines, save="1"))
        assert answer.saved, (page, answer.status)
    answer = visitor.post(f"/cases/{reference}/stages/{FIRST_STAGE}/complete", completing(visitor, reference))
    assert answer.saved, answer.status


def add_to_team(visitor: Visitor, reference: str, name: str) -> None:
    """The first person of the city with that name."""
    path = f"/cases/{reference}/team/add?q={name}"
    page = visitor.get(path).page
    person = re.search(r'name="person"[^>]*value="(\d+)"', page)
    assert person is not None, name
    answer = visitor.post(path, form_on(page, "part").sent_with(person=person[1], part="member", save="1"))
    assert answer.saved, answer.status


def completing(visitor: Visitor, reference: str, note: str = "") -> list[tuple[str, str]]:
    """The form that completes the first stage, with everything confirmed."""
    form = form_on(visitor.get(f"/cases/{reference}/stages/{FIRST_STAGE}/complete").page, "happened_on-day")
    return [*form.sent_with(note=note, save="1"), *form.ticks]


def _opened(visitor: Visitor, path: str, holding: str, insist: bool) -> Form:
    return form_on((_insisting(lambda: visitor.get(path)) if insist else visitor.get(path)).page, holding)


def _insisting(ask: Callable[[], Answer]) -> Answer:
    """Ask until the service answers as it does when nothing is wrong."""
    for _ in range(TRIES):
        try:
            answer = ask()
        except Lost:
            continue
        if answer.status < 500:
            return answer
    raise Lost(f"no answer after {TRIES} tries")


def _fate(sent: Sent, answer: Answer) -> Sent:
    if answer.saved:
        return replace(sent, fate=SAVED)
    return replace(sent, fate=REFUSED if answer.status < 500 else BROKEN)


def settled(
    sent: Sent, post: Callable[[], Answer], insist: bool = False, judge: Callable[[Sent, Answer], Sent] = _fate
) -> Sent:  # fmt: skip
    """Send, and again with the very same form while the answer is lost (`insist`). What follows a lost answer and is not "saved" may
    or may not be there: the try before may have done it."""
    for _ in range(TRIES if insist else 1):
        try:
            answer = post()
        except Lost:
            sent = replace(sent, lost=sent.lost + 1)
            continue
        done = replace(judge(sent, answer), status=answer.status, seconds=answer.seconds)
        if done.fate == BROKEN and insist:
            sent = replace(sent, lost=sent.lost + 1, broken=sent.broken + 1)
            continue
        return replace(done, fate=UNKNOWN) if sent.lost and done.fate != SAVED else done
    return sent
