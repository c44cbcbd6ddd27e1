"""Starts the making of a dossier at once, as a process of its own: the web process neither renders nor binds. The worker, which looks
every few seconds, makes what no such process has made."""

import subprocess
import sys
from typing import Final

from procure.config import ROOT

_running: Final[list[subprocess.Popen[bytes]]] = []


def start() -> bool:
    """Whether a process has been started: no more than one at a time for each web process. It ends by itself."""
    _running[:] = [process for process in _running if process.poll() is None]
    if _running:
        return False
    command = [sys.executable, "-m", "procure", "dossiers"]
    _running.append(
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 (our own module)
    )
    return True
