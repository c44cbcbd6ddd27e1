"""200 people at once on one case: pages of answers, notes, tasks, stages. What was acknowledged is there once, what was refused is not."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.drills import acts, findings
from tests.drills.acts import Sent
from tests.drills.findings import Report
from tests.drills.houses import EDITORS, OFFICER, house
from tests.drills.visitors import Lost

MIX = {"same page": 40, "other page": 30, "note": 12, "task": 12, "stage": 6}
SAME_PAGE = acts.PAGES[0]


def run(kind: str, clients: int = 200, turns: int = 10, seed: int = 1) -> Report:
    """`clients` people, each with `turns` acts, who all begin together."""
    report = Report(f"{clients} editors, {turns} acts each", kind)
    with house(kind) as home, home.serving():
        first = home.visitor(OFFICER)
        reference = acts.open_case(first)
        acts.fill(first, reference)
        visitors = [home.visitor(EDITORS[number % len(EDITORS)]) for number in range(clients)]
        start = threading.Barrier(clients + 1)

        def one(number: int) -> list[Sent]:
            chance = random.Random(seed * 10_000 + number)
            start.wait()
            return [_act(visitors[number], reference, chance) for _ in range(turns)]

        with ThreadPoolExecutor(clients) as pool:
            running = [pool.submit(one, number) for number in range(clients)]
            start.wait()
            began = time.perf_counter()
            sent = [act for future in running for act in future.result()]
            took = time.perf_counter() - began
        report.problems += findings.compare(sent, findings.log_of(home.app))
        report.problems += [f"lost answer: {act.kind} {act.token}" for act in sent if act.lost]
        report.problems += findings.final_answers(home.app, [reference]) + findings.once_each(home.app) + findings.chain(home)
    report.figures = findings.counted(sent) | {
        "acts a second": f"{len(sent) / took:.0f}",
        "answers of a POST, p50 / p99 ms": " / ".join(
            f"{findings.percentile([act.seconds for act in sent], share) * 1000:.0f}" for share in (0.5, 0.99)
        ),
    }
    return report


def _act(visitor: acts.Visitor, reference: str, chance: random.Random) -> Sent:
    what = chance.choices(list(MIX), list(MIX.values()))[0]
    try:
        if what == "same page":
            return acts.save_page(visitor, reference, SAME_PAGE)
        if what == "other page":
            return acts.save_page(visitor, reference, chance.choice(acts.PAGES[1:]))
        if what == "note":
            return acts.write_note(visitor, reference)
        return acts.add_task(visitor, reference) if what == "task" else acts.move_stage(visitor, reference)
    except Lost:
        return Sent(what, acts.new_token(), {}, lost=1)
