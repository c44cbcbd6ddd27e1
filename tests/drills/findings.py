"""What the log holds against what people were told: lost, doubled, half, kept though refused, overwritten without having been seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from procure.cases import queries
from procure.cases.models import Answer, Case
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.support.models import SupportRequest
from procure.teams.models import Note, NoteMention, Task
from tests.drills.acts import BROKEN, REFUSED, SAVED, TOKEN, UNKNOWN, Sent
from tests.drills.houses import House

MOST_EVENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What one event of the log keeps under a token: new texts and those that stood there before, by question ("" for the one)."""

    texts: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """A drill's figures, and what went wrong; a drill without problems has held."""

    drill: str
    kind: str
    figures: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.drill} on {self.kind}: {'FAILED' if self.problems else 'held'}"]
        lines += [f"  {name:34} {value}" for name, value in self.figures.items()]
        problems = Counter(problem.partition(":")[0] for problem in self.problems)
        lines += [f"  PROBLEM {count} x {name}" for name, count in problems.items()]
        return "\n".join(lines + [f"    {problem}" for problem in self.problems[:12]])


def log_of(app: Flask) -> dict[str, list[Kept]]:
    """Every case's log by token."""
    with app.app_context():
        found: dict[str, list[Kept]] = defaultdict(list)
        notes = {(case, number): text for case, number, text in db.session.execute(select(Note.case_id, Note.number, Note.text))}
        for case in db.session.scalars(select(Case)):
            for event in queries.events_of(case, MOST_EVENTS):
                for token, kept in _kept(case, event, notes):
                    found[token].append(kept)
        db.session.remove()
    return found


def _kept(case: Case, event: Any, notes: Mapping[tuple[int, int], str]) -> Iterable[tuple[str, Kept]]:
    payload = event.payload
    if event.kind == "answers_saved":
        changes = {question: (_text(change.get("old")), _text(change["new"])) for question, change in payload["changes"].items()}
        for token in {token for _, new in changes.values() for token in TOKEN.findall(new)}:
            mine = {question: pair for question, pair in changes.items() if f"[{token}]" in pair[1]}
            yield token, Kept({q: new for q, (_, new) in mine.items()}, {q: old for q, (old, _) in mine.items()})
        return
    text = {
        "note_written": lambda: notes.get((case.id, payload["note"]), "the note is not there"),
        "task_added": lambda: payload["title"],
        "case_opened": lambda: _text(payload["answers"]["title"]),
    }.get(event.kind, lambda: payload.get("reason", ""))()
    for token in set(TOKEN.findall(text)):
        yield token, Kept({"": text})


def _text(value: Any) -> str:
    """Of an answer in the log, the words; in these drills a case has one language."""
    if isinstance(value, dict):
        return str(next(iter(value.values()), ""))
    return value if isinstance(value, str) else ""


def compare(sent: Sequence[Sent], log: Mapping[str, Sequence[Kept]]) -> list[str]:
    """What went wrong, a line each."""
    return [line for act in sent for line in _compare(act, log.get(act.token, ()))]


def _compare(act: Sent, kept: Sequence[Kept]) -> Iterable[str]:
    name = f"{act.kind} {act.token}"
    if act.fate == BROKEN:
        yield f"broken page: {name} answered with {act.status}"
    if act.fate == SAVED and not kept:
        yield f"lost: {name} was acknowledged and is not in the log"
    if act.fate == REFUSED and kept:
        yield f"kept though refused: {name}"
    if len(kept) > 1:
        yield f"doubled: {name} is {len(kept)} times in the log"
    if act.fate == REFUSED and not act.both_shown:
        yield f"one text only: the page that refused {name} does not show both"
    for one in kept:
        if dict(one.texts) != dict(act.texts):
            yield f"half: {name} keeps {sorted(one.texts)} of {sorted(act.texts)}, or other words"
        elif act.seen and dict(one.before) != dict(act.seen):
            yield f"overwritten unseen: {name}"


def final_answers(app: Flask, references: Sequence[str]) -> list[str]:
    """Each answer that is not what its last event says."""
    wrong = []
    with app.app_context():
        for case in db.session.scalars(select(Case).where(Case.reference.in_(references))):
            last: dict[str, Any] = {}
            for event in queries.events_of(case, MOST_EVENTS):
                if event.kind == "answers_saved":
                    last |= {question: change["new"] for question, change in event.payload["changes"].items()}
            rows = {row.question: row.value for row in db.session.scalars(select(Answer).where(Answer.case_id == case.id))}
            wrong += [f"final answer: {case.reference} {name}" for name, value in last.items() if rows.get(name) != value]
        db.session.remove()
    return wrong


def chain(house: House) -> list[str]:
    """`procure verify` in a process of its own."""
    status, said = house.run("verify")
    return [f"verify: {line}" for line in said.splitlines()] if status else []


def once_each(app: Flask) -> list[str]:
    """Notes, tasks and support requests that are there twice, or of which the log does not tell."""
    with app.app_context():
        texts = [*db.session.scalars(select(Note.text)), *db.session.scalars(select(Task.title))]
        texts += db.session.scalars(select(SupportRequest.question))
        db.session.remove()
    counts = Counter(token for text in texts for token in TOKEN.findall(text)[:1])
    return [f"doubled: {token} stands in {count} rows" for token, count in counts.items() if count > 1]


def letters(app: Flask) -> dict[str, OutboxMessage]:
    """What the outbox holds, by Message-ID."""
    with app.app_context():
        found = {row.message_id: row for row in db.session.scalars(select(OutboxMessage))}
        db.session.remove()
    return found


def letters_of_notes(app: Flask) -> list[str]:
    """Whom a note speaks to and who has no letter about it, and letters about notes that are not there."""
    with app.app_context():
        spoken_to = select(Note.case_id, Note.number, NoteMention.person_id).join(NoteMention, NoteMention.note_id == Note.id)
        rows = db.session.execute(spoken_to.where(NoteMention.person_id != Note.author_id))
        wanted = {f"team:note:{case}:{number}:{person}" for case, number, person in rows}
        there = set(db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.like("team:note:%"))))
        db.session.remove()
    return [f"no letter: {key}" for key in wanted - there] + [f"letter of nothing: {key}" for key in there - wanted]


def counted(sent: Sequence[Sent]) -> dict[str, str]:
    """How many acts of which kind came to what."""
    figures = {}
    for kind in sorted({act.kind for act in sent}):
        fates = Counter(act.fate for act in sent if act.kind == kind)
        figures[f"{kind}: saved/refused/unknown"] = f"{fates[SAVED]} / {fates[REFUSED]} / {fates[UNKNOWN]}"
    figures["answers lost on the way"] = str(sum(act.lost - act.broken for act in sent))
    figures["pages with 5xx"] = str(sum(act.broken + (act.fate == BROKEN) for act in sent))
    return figures


def percentile(values: Sequence[float], share: float) -> float:
    """Seconds; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
