"""Starting services on free ports, driving them with wrk, and reading what a worker takes in memory."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.databases import ROOT

FLAGS = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "0", "--log-level", "error")
"""As the service is served (`procure.infra.serving`); the same for ours and for the references."""
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured: requests in a second, latencies in milliseconds, answers that were not 2xx or 3xx."""

    rate: float
    median: float
    p99: float
    failures: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def memory(self) -> tuple[float, float]:
        """The largest worker's resident and proportional set, in megabytes."""
        sizes = [_memory(pid) for pid in self.workers()]
        return max(rss for rss, _ in sizes), max(pss for _, pss in sizes)


def _memory(pid: int) -> tuple[float, float]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    sizes = {name: int(size) for name, size in re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE)}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024


@contextmanager
def serving(
    application: str, environment: Mapping[str, str], port: int, probe: str, flags: Sequence[str] = FLAGS
) -> Iterator[Server]:
    """gunicorn with `application` until the block ends; `probe` is a path that answers once it is up."""
    command = [sys.executable, "-m", "gunicorn", *flags, "--bind", f"127.0.0.1:{port}", application]
    process = subprocess.Popen(command, env=dict(environment), cwd=ROOT)
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait_for(server.address + probe, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:  # not listening yet, or still loading
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {address}")


def drive(address: str, seconds: int, cookie: str = "") -> Load:
    """Sixteen connections for `seconds`, after one second to warm up."""
    headers = ["-H", f"Cookie: {cookie}"] if cookie else []
    subprocess.run(["wrk", "-t2", "-c16", "-d1s", *headers, address], check=True, capture_output=True)
    command = ["wrk", "-t2", "-c16", f"-d{seconds}s", "--latency", *headers, address]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate is not None, text
    return Load(float(rate[1]), _latency(text, "50"), _latency(text, "99"), int(failed[1]) if failed else 0)


def _latency(text: str, percentile: str) -> float:
    found = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    assert found is not None, text
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]
