"""What a process that serves pages loads, and what it leaves to others: each of these costs it some megabytes for good."""

import subprocess
import sys

from procure.config import ROOT

LEFT_TO_OTHERS = {
    "alembic": "migrations", "flask_migrate": "migrations", "pypdf": "binding dossiers", "weasyprint": "printing",
    "pyhanko": "sealing", "aiohttp": "sealing", "icalendar": "calendars", "xlsxwriter": "sheets",
}  # fmt: skip


def test_a_process_that_serves_pages_loads_only_what_pages_need() -> None:
    code = "import sys, procure.app; print(*{name.partition('.')[0] for name in sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert set(told.split()) & set(LEFT_TO_OTHERS) == set()
