"""How fast the rules are: advice for a case, a plan of 25 steps, 600 deadlines in bulk. Each beside a reference of the same run."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from procure.advice import answers
from procure.catalogue import casefiles, demo
from procure.catalogue.advice_texts import texts
from procure.catalogue.rulebook import rulebook
from procure.domain.advice.advising import advise
from procure.domain.planning.periods import Terms
from procure.domain.planning.timetable import Outline, Planned, Rules, Walk, outline
from tests.bench.databases import ROOT

TODAY = date(2026, 11, 24)
STEPS = 25
DEADLINES = 600


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`, `ratio`: how many times the reference it takes."""

    what: str
    value: float
    unit: str
    ratio: float
    reference: str
    missed: bool

    def __str__(self) -> str:
        state = "MISSED" if self.missed else "ok    "
        return f"{state}  {self.what}: {self.value:,.2f} {self.unit}, {self.ratio:.3g} times {self.reference}"


def figures() -> Iterator[Figure]:
    yield _advice()
    yield _plan()
    yield _deadlines()


def _advice() -> Figure:
    """From the bytes of a case file to the bytes of the answer, the real cases in turn."""
    sources = [path.read_bytes() for path in sorted(demo.FOLDER.glob("*.json"))]
    book, said = rulebook(), texts()

    def ours() -> None:
        for source in sources:
            json.dumps(answers.document(advise(casefiles.read(source), book, TODAY), said, "fi"), ensure_ascii=False)

    def reference() -> None:
        for source in sources:
            json.dumps(json.loads(source), ensure_ascii=False)

    seconds, bare = _processor_seconds(ours), _processor_seconds(reference)
    rate = len(sources) / seconds
    return Figure("advice, 2,000 cases a second", rate, "cases/s", seconds / bare, "reading and writing the JSON", rate < 2000)


def _plan() -> Figure:
    plan, rules = _long_plan(), Rules(rulebook().law, rulebook().law)
    days = [TODAY + timedelta(days=number) for number in range(STEPS)]
    seconds = _processor_seconds(lambda: Walk(plan, rules, TODAY).steps())
    bare = _processor_seconds(lambda: [day.isoformat() for day in days])
    what = f"a plan of {STEPS} steps, under a millisecond"
    return Figure(what, seconds * 1000, "ms", seconds / bare, f"writing {STEPS} dates", seconds >= 0.001)


def _long_plan() -> Outline:
    """The longest procedure, with rounds of negotiation until there are 25 steps."""
    book = rulebook()
    procedure = book.procedures["innovation_partnership"]
    found = outline(procedure, book.timetables[procedure.id], Terms("eu"), book.deadlines, TODAY)
    stages: list[Planned] = []
    for planned in found.stages:
        rounds = STEPS + 1 - len(found.stages) if planned.stage.id == "negotiation" else 1
        stages += [planned] * rounds
    assert len(stages) == STEPS
    return Outline(found.procedure, tuple(stages), found.pin_sent, found.pin_window, found.answers, found.standstill)


def _deadlines() -> Figure:
    lines = "".join(f"standstill {TODAY + timedelta(days=number)}\n" for number in range(DEADLINES))
    seconds = _seconds([sys.executable, "-m", "procure", "deadline", "-"], lines)
    bare = _seconds([sys.executable, "-c", "import click, babel.dates, holidays"], "")
    what = f"{DEADLINES} deadlines in bulk with start-up, under 2 seconds"
    return Figure(what, seconds, "s", seconds / bare, "loading the libraries", seconds >= 2)


def _processor_seconds(act: Callable[[], object], for_seconds: float = 2.0) -> float:
    """Of one act on one core: the best of several rounds, since others use the machine too."""
    act()
    best, ends = float("inf"), time.monotonic() + for_seconds
    while time.monotonic() < ends:
        begun = time.process_time()
        for _ in range(20):
            act()
        best = min(best, (time.process_time() - begun) / 20)
    return best


def _seconds(command: list[str], text: str) -> float:
    """The quickest of five runs."""
    found = []
    for _ in range(5):
        begun = time.monotonic()
        subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=ROOT)
        found.append(time.monotonic() - begun)
    return min(found)
