"""`python -m tests.drills`: many editors, kills, a mail server that is away, everything sent twice; on both databases.

Each drill runs the service as it is served in earnest (gunicorn with two processes, the worker), on a database of its own that is
dropped afterwards. Exit status 1 when anything was lost, doubled, halved or kept though refused. Minutes at full size; `--size 0.1`
runs a tenth.
"""

# ruff: noqa: T201 - the table is what this program is for

import argparse
import sys
import time
from collections.abc import Callable

from tests.bench.databases import postgres_answers
from tests.drills import doubles, editors, kills, mails
from tests.drills.findings import Report
from tests.drills.houses import KINDS

DRILLS: dict[str, Callable[[str, float], Report]] = {
    "editors": lambda kind, size: editors.run(kind, _part(200, size)),
    "kill": lambda kind, size: kills.run(kind, _part(5000, size), kills=_part(50, size)),
    "mail": lambda kind, size: mails.run(kind, _part(1000, size)),
    "double": lambda kind, size: doubles.run(kind, _part(1000, size)),
}


def _part(whole: int, size: float) -> int:
    return max(2, round(whole * size))


def main() -> int:
    arguments = _arguments()
    kinds = [kind for kind in arguments.databases if kind != "postgresql" or postgres_answers()]
    if len(kinds) < len(arguments.databases):
        print("PostgreSQL does not answer (TEST_POSTGRES_URL): SQLite only", file=sys.stderr)
    failed = False
    for name in arguments.drills:
        for kind in kinds:
            began = time.perf_counter()
            report = DRILLS[name](kind, arguments.size)
            failed = failed or bool(report.problems)
            print(f"{report}\n  {'seconds in all':34} {time.perf_counter() - began:.0f}", flush=True)
    return int(failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("drills", nargs="*", metavar="DRILL", help=f"which ones, of {', '.join(DRILLS)} (default: all)")
    parser.add_argument(
        "--databases", type=lambda text: text.split(","), default=list(KINDS), help="sqlite, postgresql or both (default)"
    )
    parser.add_argument("--size", type=float, default=1.0, help="1 is the full size (default)")
    arguments = parser.parse_args()
    arguments.drills = arguments.drills or list(DRILLS)
    if unknown := set(arguments.drills) - set(DRILLS) | set(arguments.databases) - set(KINDS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
