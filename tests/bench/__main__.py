"""`python -m tests.bench`: how fast the rules, the case list and the case page are, beside references measured in the same run.

Exit status 1 when an aim is missed. The databases are kept in `.build/bench` and as `procure_bench_…`; `--clean` drops them.
"""

# ruff: noqa: T201 - the table is what this program is for

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import aims, databases, documents, ours, rules, servers
from tests.bench.databases import ROOT, Database
from tests.bench.ours import Page
from tests.bench.servers import Load

KINDS = ("sqlite", "postgresql")
FLOOR = "/rows?day=2023-06-01&id=1"


@dataclass(frozen=True, slots=True)
class Line:
    """One page on one database, with the references measured in the same run."""

    kind: str
    size: int
    page: Page
    load: Load
    bare: float
    floor: float
    """Requests in a second of the references; the floor's right before and after this page."""
    rss: float
    pss: float


def main() -> int:
    arguments = _arguments()
    if arguments.clean:
        databases.clean()
        return 0
    missed = False
    for figure in _figures(arguments):
        print(figure, flush=True)
        missed = missed or figure.missed
    if arguments.rules or arguments.documents:
        return int(missed)
    kinds = [kind for kind in arguments.databases if kind != "postgresql" or databases.postgres_answers()]
    if len(kinds) < len(arguments.databases):
        _tell("PostgreSQL does not answer (TEST_POSTGRES_URL): measuring SQLite only")
    bare = _bare(arguments.seconds)
    lines: list[Line] = []
    for kind in kinds:
        port = servers.free_port()
        environment = _environment(BENCH_ROWS_URL=databases.rows_url(kind))
        with servers.serving("tests.bench.reference:floor()", environment, port, FLOOR) as floor:
            _show_head(kind, bare)
            for size in arguments.sizes:
                lines += _measured(Database(kind, size), bare, floor.address + FLOOR, arguments.seconds, arguments.pages or "")
    checks = aims.check(lines)
    for check in checks:
        print(check)
    return int(missed or any(check.missed for check in checks))


def _figures(arguments: argparse.Namespace) -> Iterator[rules.Figure]:
    """What is measured beside the pages."""
    if arguments.pages is None and not arguments.documents:
        yield from rules.figures()
    if arguments.pages is None and not arguments.rules:
        yield from documents.figures()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=[1_000, 100_000, 1_000_000], help="made-up cases, such as 1000,100000")
    parser.add_argument("--databases", type=_kinds, default=list(KINDS), help="sqlite, postgresql or both (default)")
    parser.add_argument("--seconds", type=int, default=8, help="for each page (default 8)")
    parser.add_argument("--rules", action="store_true", help="only the rules: advice, plans and deadlines")
    parser.add_argument("--documents", action="store_true", help="only the documents")
    parser.add_argument("--pages", nargs="?", const="", help="only the pages, all of them or those whose name begins so")
    parser.add_argument("--clean", action="store_true", help="drop the kept databases and stop")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _kinds(text: str) -> list[str]:
    kinds = text.split(",")
    if unknown := set(kinds) - set(KINDS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return kinds


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def _bare(seconds: int) -> Load:
    port = servers.free_port()
    with servers.serving("tests.bench.reference:hello()", _environment(), port, "/") as server:
        return servers.drive(server.address + "/", seconds)


def _measured(database: Database, bare: Load, floor: str, seconds: int, wanted: str) -> list[Line]:
    """Every page whose name begins as wanted, with the floor right before and after it: what else the machine does weighs on both."""
    _tell(f"{database.kind}, {database.size} cases")
    databases.make(database)
    port = servers.free_port()
    seen = ours.look(database, port)
    lines = []
    with servers.serving("wsgi:app", database.environment(port), port, "/health/live") as server:
        for page in (page for page in seen.pages if page.name.startswith(wanted)):
            servers.drive(server.address + page.path, 2, page.cookie)  # each process makes once what it keeps
            before = servers.drive(floor, max(2, seconds // 2))
            load = servers.drive(server.address + page.path, seconds, page.cookie)
            after = servers.drive(floor, max(2, seconds // 2))
            reference = (before.rate + after.rate) / 2
            lines.append(Line(database.kind, database.size, page, load, bare.rate, reference, *server.memory()))
            _show(lines[-1])
    return lines


def _show_head(kind: str, bare: Load) -> None:
    print(f"\n{kind}; A, the bare page: {bare.rate:.0f}/s")
    print(
        f"{'cases':>9}  {'page':14} {'req/s':>7} {'B /s':>6} {'of A':>5} {'of B':>5} {'p50 ms':>7} {'p99 ms':>7} {'p99/p50':>7} "
        f"{'kB':>5} {'queries':>8} {'RSS MB':>6} {'PSS MB':>6}"
    )


def _show(line: Line) -> None:
    load, page = line.load, line.page
    statements = "/".join(map(str, page.statements))
    print(
        f"{line.size:>9}  {page.name:14} {load.rate:>7.0f} {line.floor:>6.0f} {load.rate / line.bare:>5.2f} {load.rate / line.floor:>5.2f} "
        f"{load.median:>7.1f} {load.p99:>7.1f} {load.p99 / load.median:>7.1f} {page.bytes / 1000:>5.1f} {statements:>8} "
        f"{line.rss:>6.0f} {line.pss:>6.0f}" + (f"  {load.failures} FAILED" if load.failures else ""),
        flush=True,
    )


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
