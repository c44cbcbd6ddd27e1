"""People who save while processes are killed: whatever was acknowledged is there, nothing is half there, no letter is missing.

Killed with SIGKILL: a process that serves (the arbiter starts another) and the worker (the drill starts another). PostgreSQL itself is
shared with others and stays up: instead all sessions of our database are ended by `pg_terminate_backend`, in the middle of whatever
they do, as a shutdown of the server would.
"""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from tests.drills import acts, findings
from tests.drills.acts import Sent
from tests.drills.clocks import moved
from tests.drills.findings import Report
from tests.drills.houses import EDITORS, OFFICER, House, house
from tests.drills.visitors import Visitor
from tests.infra import smtp

CASES = 5
TEAM = ("Malli", "Ville", "Kaarina", "Oskari", "Tuuli")
MIX = {"page": 84, "note": 8, "task": 8}
LETTERS_WITHIN = timedelta(days=1)


@dataclass
class Killer:
    """Kills by progress, not by time: so many kills, however fast the machine is."""

    home: House
    chance: random.Random
    web: int = 0
    worker: int = 0
    database: int = 0
    beside: subprocess.Popen[str] | None = None
    problems: list[str] = field(default_factory=list)

    def kill_web(self) -> None:
        self.web += _kill(self.chance.choice(self.home.web_processes() or [0]))

    def kill_worker(self) -> None:
        """The first time the one that the server has started, then those that the drill starts in its place."""
        for pid in self.home.workers_beside():
            self.worker += _kill(pid)
        if self.beside is not None:
            self.worker += self.beside.poll() is None
            self.beside.kill()
            self.beside.communicate()
        self.beside = self.home.start("worker")

    def end_sessions(self) -> None:
        if self.home.kind == "postgresql":
            self.home.end_database_sessions()
            self.database += 1

    def end(self) -> None:
        if self.beside is not None:
            self.beside.terminate()
            self.beside.communicate()


def _kill(pid: int) -> bool:
    if pid:
        os.kill(pid, signal.SIGKILL)
    return bool(pid)


def run(kind: str, saves: int = 5000, clients: int = 20, kills: int = 50, cases: int = CASES, seed: int = 1) -> Report:
    """`clients` people make `saves` acts together; `kills` web processes are killed meanwhile, a fifth as many workers, and on
    PostgreSQL all sessions a tenth as often."""
    report = Report(f"{saves} saves under kill -9", kind)
    with smtp.serving() as post, house(kind, post.url) as home, home.serving():
        first = home.visitor(OFFICER)
        references = [acts.open_case(first) for _ in range(cases)]
        for reference in references:
            acts.fill(first, reference)
            for name in TEAM:
                acts.add_to_team(first, reference, name)
        visitors = [home.visitor(EDITORS[number % len(EDITORS)]) for number in range(clients)]
        killer = Killer(home, random.Random(seed))
        done = Progress(saves)
        with ThreadPoolExecutor(clients + 1) as pool:
            began = time.perf_counter()
            killing = pool.submit(_kill_meanwhile, killer, done, kills)
            running = [
                pool.submit(_client, visitors[number], references, random.Random(seed * 1000 + number), done)
                for number in range(clients)
            ]
            try:
                sent = [act for future in running for act in future.result()]
            finally:
                done.stop()
            killing.result()
            took = time.perf_counter() - began
        killer.end()
        report.problems += findings.compare(sent, findings.log_of(home.app))
        report.problems += findings.final_answers(home.app, references) + findings.once_each(home.app) + findings.chain(home)
        if kind == "sqlite":  # whoever is left can always write; on PostgreSQL a session that was ended is a page that says so
            report.problems += [f"could not write: {act.kind} {act.token}" for act in sent if act.broken]
        report.figures = findings.counted(sent) | {
            "killed: web / worker / sessions": f"{killer.web} / {killer.worker} / {killer.database}",
            "saves a second": f"{len(sent) / took:.0f}",
        }
        _check_letters(home, post, report)
    return report


class Progress:
    """How many acts have been begun; shared by the clients and the killer."""

    def __init__(self, whole: int) -> None:
        self.whole, self.begun, self.stopped = whole, 0, False
        self._changed = threading.Condition()

    def next(self) -> bool:
        """Whether there is one more to do."""
        with self._changed:
            if self.begun >= self.whole or self.stopped:
                return False
            self.begun += 1
            self._changed.notify_all()
            return True

    def wait_for(self, number: int) -> bool:
        """Until so many have been begun; False when the drill has ended before."""
        with self._changed:
            self._changed.wait_for(lambda: self.begun >= number or self.stopped)
            return self.begun >= number

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify_all()


def _kill_meanwhile(killer: Killer, done: Progress, kills: int) -> None:
    for number in range(1, kills + 1):
        if not done.wait_for(done.whole * number // (kills + 1)):
            return
        killer.kill_web()
        if number % 5 == 0:
            killer.kill_worker()
        if number % 10 == 3:
            killer.end_sessions()


def _client(visitor: Visitor, references: Sequence[str], chance: random.Random, done: Progress) -> list[Sent]:
    sent = []
    while done.next():
        reference = chance.choice(references)
        what = chance.choices(list(MIX), list(MIX.values()))[0]
        do: dict[str, Callable[[], Sent]] = {
            "page": lambda reference=reference: acts.save_page(visitor, reference, chance.choice(acts.PAGES), insist=True),
            "note": lambda reference=reference: acts.write_note(visitor, reference, mention=True, insist=True),
            "task": lambda reference=reference: acts.add_task(visitor, reference, insist=True),
        }  # type: ignore[misc]
        sent.append(do[what]())
    return sent


def _check_letters(home: House, post: smtp.Server, report: Report) -> None:
    """Every letter of the outbox arrives, if need be after the leases of killed workers have run out; none of another act does."""
    with moved(timedelta(minutes=5)) as clock, home.app.app_context():
        clock.work(home.app.config["SETTINGS"], LETTERS_WITHIN)
    report.problems += findings.letters_of_notes(home.app)
    kept = findings.letters(home.app)
    arrived = [str(letter["Message-ID"]) for letter in post.letters()]
    report.problems += [f"letter lost: {kept[name].key}" for name in set(kept) - set(arrived)]
    report.problems += [f"letter of nothing: {name}" for name in set(arrived) - set(kept)]
    report.figures["letters / arrived / twice"] = f"{len(kept)} / {len(set(arrived))} / {len(arrived) - len(set(arrived))}"
