"""Everything sent twice in the same moment, as by a double click: one effect, and both times the same answer."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from procure.infra.db import db
from procure.support.models import SupportRequest
from tests.drills import acts, findings
from tests.drills.acts import TOKEN
from tests.drills.findings import Report
from tests.drills.forms import form_on
from tests.drills.houses import EDITORS, House, house
from tests.drills.visitors import Answer, Visitor

AT_ONCE = 4
"""Pairs on their way together, so that other people's acts come between the two of a pair."""
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """What was sent twice, and both answers."""

    kind: str
    token: str
    answers: tuple[Answer, Answer]


def _case(visitor: Visitor, reference: str, token: str) -> tuple[str, Fields]:
    return "/cases/new", acts.start_fields(visitor, token)


def _note(visitor: Visitor, reference: str, token: str) -> tuple[str, Fields]:
    return f"/cases/{reference}/notes", acts.note_fields(visitor, reference, token, mention=True)


def _task(visitor: Visitor, reference: str, token: str) -> tuple[str, Fields]:
    return f"/cases/{reference}/tasks/new", acts.task_fields(visitor, reference, token)


def _page(visitor: Visitor, reference: str, token: str) -> tuple[str, Fields]:
    path = f"/cases/{reference}/answers/{acts.PAGES[0]}"
    form = form_on(visitor.get(path).page, "seen")
    return path, form.sent_with(**{name: acts.words(token, name).strip() for name in form.texts}, save="1")


def _support(visitor: Visitor, reference: str, token: str) -> tuple[str, Fields]:
    path = f"/cases/{reference}/support/new"
    form = form_on(visitor.get(path).page, "question")
    return path, form.sent_with(topic="procedure_law", question=acts.words(token, "procedures").strip(), save="1")


KINDS: Final[dict[str, Callable[[Visitor, str, str], tuple[str, Fields]]]] = {
    "case": _case, "note": _note, "task": _task, "page": _page, "support": _support,
}  # fmt: skip


def run(kind: str, pairs: int = 1000, at_once: int = AT_ONCE) -> Report:
    """`pairs` pairs: cases opened, notes, tasks, pages of answers, support requests on one case, and stages completed on others."""
    report = Report(f"{pairs} posts sent twice", kind)
    with house(kind) as home, home.serving():
        visitors = [home.visitor(EDITORS[number % len(EDITORS)]) for number in range(at_once)]
        reference = acts.open_case(visitors[0])
        acts.fill(visitors[0], reference)
        acts.add_to_team(visitors[0], reference, "Malli")
        own = [acts.open_case(visitor) for visitor in visitors]
        for visitor, staged in zip(visitors, own, strict=True):
            acts.fill(visitor, staged)

        def some(number: int) -> list[Pair]:
            order = [*KINDS, "stage"]
            return [
                _pair(visitors[number], order[turn % len(order)], reference, own[number])
                for turn in range(number, pairs, at_once)
            ]

        with ThreadPoolExecutor(at_once) as pool:
            done = [pair for found in pool.map(some, range(at_once)) for pair in found]
        _judge(report, home, done)
        report.problems += findings.once_each(home.app) + findings.chain(home)
    return report


def _pair(visitor: Visitor, kind: str, reference: str, own: str) -> Pair:
    token = acts.new_token()
    if kind == "stage":
        _go_back(visitor, own)
        path, fields = f"/cases/{own}/stages/{acts.FIRST_STAGE}/complete", acts.completing(visitor, own, f"[{token}] done")
    else:
        # on the shared case somebody else's text may come between, and a refusal would be right
        path, fields = KINDS[kind](visitor, own if kind == "page" else reference, token)
    start = threading.Barrier(2)

    def send(window: Visitor) -> Answer:
        start.wait()
        return window.post(path, fields)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(send, (visitor.another(), visitor.another()))
    return Pair(kind, token, (one, other))


def _go_back(visitor: Visitor, reference: str) -> None:
    path = f"/cases/{reference}/stages/return"
    form = form_on(visitor.get(path).page, "reason")
    answer = visitor.post(path, form.sent_with(stage=acts.FIRST_STAGE, reason="Once more", save="1"))
    assert answer.saved, answer.status


def _judge(report: Report, home: House, done: list[Pair]) -> None:
    log = findings.log_of(home.app)
    with home.app.app_context():
        asked = Counter(TOKEN.findall(question)[0] for question in db.session.scalars(db.select(SupportRequest.question)))
        db.session.remove()
    for pair in done:
        effects = asked[pair.token] if pair.kind == "support" else len(log.get(pair.token, ()))
        statuses = [answer.status for answer in pair.answers]
        if effects != 1:
            report.problems.append(f"{effects} effects: {pair.kind} {pair.token} answered with {statuses}")
        elif len({(answer.status, answer.location) for answer in pair.answers}) != 1:
            report.problems.append(f"other answer: {pair.kind} {pair.token} answered with {statuses}")
    for kind in [*KINDS, "stage"]:
        mine = [pair for pair in done if pair.kind == kind]
        redirected = sum(answer.saved for pair in mine for answer in pair.answers)
        report.figures[f"{kind}: pairs / redirects"] = f"{len(mine)} / {redirected}"
