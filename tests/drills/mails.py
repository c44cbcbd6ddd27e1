"""The mail server is away for an hour: pages answer as before, and afterwards each letter arrives, once unless the server made it unsure.

The outage is real (nothing listens), and so are gunicorn, the pages that write the letters, and SMTP. The hour is not waited for: the
worker's own loop runs in this process, on a clock that each of its pauses moves.
"""

import socket
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import local

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from procure.infra import clock as service_clock
from procure.infra import outbox
from procure.infra.db import db, writing
from tests.drills import acts, findings
from tests.drills.acts import Sent
from tests.drills.clocks import MovedClock, moved
from tests.drills.findings import Report
from tests.drills.houses import OFFICER, House, house
from tests.infra import smtp

CLIENTS = 4
COLLEAGUE = "Malli"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PARKED = 5
REFUSED_FOR_GOOD = "nobody@refused.example"
TRANSIENT, DROPPED = 0.20, 0.05
SLOWER_AT_MOST = 2.0
"""How many times the usual p95 a page may take while the mail server is away: noise of a busy machine, no wait for the mail server."""


class Mood:
    """How a mail server answers: refuses somebody for good, a fifth for now, and drops the line after taking every twentieth."""

    def __init__(self, server: smtp.Server, chance: Random) -> None:
        self.server, self.chance, self.unsure, self.refused = server, chance, 0, 0

    def answer(self, envelope: Envelope) -> str:
        if REFUSED_FOR_GOOD in envelope.rcpt_tos:
            return "550 no such person"
        roll = self.chance.random()
        if roll < TRANSIENT:
            self.refused += 1
            return "451 come back later"
        if roll < TRANSIENT + DROPPED:
            self.unsure += 1
            self.server.taken.append(envelope)
            raise ConnectionResetError("the line is dropped after the letter was taken")
        return "250 OK"


class Dropping(smtp.Server):
    """Drops the connection without an answer when `answer` raises ConnectionResetError."""

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        try:
            return await super().handle_DATA(server, session, envelope)
        except ConnectionResetError:
            server.transport.abort()  # type: ignore[attr-defined]
            return "250 nobody hears this"


def run(kind: str, letters: int = 1000, seed: int = 1, slower_at_most: float = SLOWER_AT_MOST) -> Report:
    """`letters` notes that speak to somebody are written while the mail server is away, a third as many before."""
    report = Report(f"mail server away for an hour, {letters} letters", kind)
    port = smtp.free_port()
    server = Dropping(port=port)
    with house(kind, f"smtp://127.0.0.1:{port}") as home:
        with home.serving():
            controller = _started(server)
            first = home.visitor(OFFICER)
            reference = acts.open_case(first)
            acts.add_to_team(first, reference, COLLEAGUE)
            before = _write(home, reference, max(5, letters // 3))
            controller.stop()
            assert _nothing_listens(port)
            during = _write(home, reference, letters)
        sent = before + during
        report.problems += findings.compare(sent, findings.log_of(home.app))
        _figures(report, before, during, slower_at_most)
        _put_refused(home, seed)
        mood = Mood(server, Random(seed))
        server.answer = mood.answer
        with moved(timedelta(seconds=30)) as clock, home.app.app_context():
            settings = home.app.config["SETTINGS"]
            taken = len(server.taken)
            told = clock.work(settings, HOUR)
            if len(server.taken) != taken or not told:
                report.problems.append("outage: the worker did not notice that the server was away")
            tries = max(row.tries for row in findings.letters(home.app).values())
            controller = _started(server)
            took = _until_sent(clock, home)
            controller.stop()
        _check(home, server, mood, report)
        report.figures |= {
            "most tries of one letter in the hour": str(tries),
            "all sent after, minutes of the clock": f"{took.total_seconds() / 60:.0f}",
        }
        status, said = home.run("doctor")
        if status == 0 or f"{PARKED} parked" not in said:
            report.problems.append(f"doctor: does not tell of {PARKED} parked letters")
    return report


def _started(server: smtp.Server) -> Controller:
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    return controller


def _nothing_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _write(home: House, reference: str, number: int) -> list[Sent]:
    """So many notes by a few people at once; the form is fetched once by each."""
    mine = local()

    def one(_: int) -> Sent:
        if not hasattr(mine, "visitor"):
            mine.visitor = home.visitor(OFFICER)
            mine.fields = acts.note_fields(mine.visitor, reference, acts.new_token(), mention=True)
        token = acts.new_token()
        text = acts.words(token, "notes").strip()
        fields = [(name, text if name == "text" else value) for name, value in mine.fields]
        sent = Sent("note", token, {"": text})
        return acts.settled(sent, lambda: mine.visitor.post(f"/cases/{reference}/notes", fields))

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(number)))


def _put_refused(home: House, seed: int) -> None:
    """Letters that no try brings to anybody."""
    with home.app.app_context(), writing():
        for number in range(PARKED):
            outbox.put(f"drill:{seed}:{number}", REFUSED_FOR_GOOD, "For nobody", "Hei!\n", "fi", service_clock.now())
        db.session.commit()
        db.session.remove()


def _until_sent(clock: MovedClock, home: House) -> timedelta:
    """The worker's loop until nothing waits any more; how long that took by its clock, apart from the ten tries of the refused."""
    began, quick = clock.now, timedelta()
    for _ in range(48):
        clock.work(home.app.config["SETTINGS"], HOUR / 2)
        rows = findings.letters(home.app).values()
        if not quick and all(row.sent_at for row in rows if row.recipient != REFUSED_FOR_GOOD):
            quick = clock.now - began
        if not any(row.next_try_at for row in rows):
            break
    return quick or clock.now - began


def _check(home: House, server: smtp.Server, mood: Mood, report: Report) -> None:
    """Each letter arrived; more than once only where the server had left it unsure; those for nobody are parked."""
    kept = findings.letters(home.app)
    arrived = Counter(str(letter["Message-ID"]) for letter in server.letters())
    wanted = {name for name, row in kept.items() if row.recipient != REFUSED_FOR_GOOD}
    doubled = sum(count - 1 for count in arrived.values())
    report.problems += [f"letter lost: {kept[name].key}" for name in wanted - set(arrived)]
    report.problems += [f"letter of nothing: {name}" for name in set(arrived) - wanted]
    report.problems += [f"letter not marked as sent: {kept[name].key}" for name in wanted if kept[name].sent_at is None]
    if doubled > mood.unsure:
        report.problems.append(f"doubled: {doubled} letters more, and only {mood.unsure} were unsure")
    parked = [row for row in kept.values() if row.sent_at is None and row.next_try_at is None]
    if {row.recipient for row in parked} != {REFUSED_FOR_GOOD} or {row.tries for row in parked} != {outbox.MOST_TRIES}:
        report.problems.append(f"parked: {[(row.key, row.tries) for row in parked]}")
    report.figures |= {
        "letters / arrived": f"{len(wanted)} / {len(arrived)}",
        "refused for now / dropped after taking": f"{mood.refused} / {mood.unsure}",
        "arrived twice (same Message-ID)": str(doubled),
        "parked after ten tries": str(len(parked)),
    }


def _figures(report: Report, before: Sequence[Sent], during: Sequence[Sent], slower_at_most: float) -> None:
    usual, away = (findings.percentile([act.seconds for act in acts_of], 0.95) for acts_of in (before, during))
    report.figures |= findings.counted([*before, *during])
    report.figures["p95 ms usual / away / ratio"] = f"{usual * 1000:.0f} / {away * 1000:.0f} / {away / usual:.2f}"
    if away > usual * slower_at_most:
        report.problems.append(f"slow pages: {away / usual:.1f} times the usual p95 while the mail server is away")
