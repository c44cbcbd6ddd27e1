"""How the service is served: settings for gunicorn (`gunicorn -c python:procure.infra.serving wsgi:app`), and the worker beside it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from procure.config import from_environment

_settings = from_environment()

bind = f"127.0.0.1:{_settings.port}"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True  # data and code are read once and shared by the processes that serve
timeout = 60
graceful_timeout = 20
keepalive = 0  # a kept connection stays with one process: with few of them one works alone while the other rests
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()  # noqa: S108 - a heartbeat must not wait for a disk

WORKER_ENDS_WITHIN_SECONDS: Final = 25

_beside: list[subprocess.Popen[bytes]] = []


def when_ready(server: Any) -> None:
    """Start the worker that sends mail. It ends with the server, whichever way the server ends."""
    _beside.append(subprocess.Popen([sys.executable, "-m", "procure", "worker", "--beside", str(os.getpid())]))  # noqa: S603
    print(f"Procure is at {_settings.public_url} and Ctrl-C ends it.", flush=True)  # noqa: T201 - for who started it


def post_fork(server: Any, process: Any) -> None:
    """A process that serves has no worker of its own."""
    _beside.clear()


def on_exit(server: Any) -> None:
    for worker in _beside:
        worker.terminate()
        try:
            worker.wait(WORKER_ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()  # nothing is lost: a message that was being sent is sent again
