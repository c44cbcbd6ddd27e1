"""What the two processes for seals have in common: bounds, an order as one line of JSON with the file after it, and an answer alike."""

import json
import logging
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

Work = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def serve(work: Work, limit_bytes: int, seconds: float) -> None:
    """One order from standard input, its answer to standard output; within so many bytes of memory and seconds of the processor."""
    logging.disable(logging.CRITICAL)  # what the libraries say repeats what stands in the file
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written to a disk
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints does not spoil the answer
    order = json.loads(sys.stdin.buffer.readline())
    said, made = work(order, sys.stdin.buffer.read())
    with os.fdopen(answers, "wb") as out:
        out.write(json.dumps(said).encode() + b"\n" + made)
