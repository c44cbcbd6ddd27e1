"""References of cases and the chain of their events."""

import hashlib
import json
import re
from typing import Any, Final

REFERENCE: Final = re.compile(r"[A-ZÅÄÖ]{2,4}-\d{4}-\d{4,7}")

_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def reference(letters: str, year: int, number: int) -> str:
    """`TRE-2026-0042`: the city's letters, the year the case was opened, a running number of at least four digits."""
    return f"{letters}-{year}-{number:04d}"


def chained(previous: str, row: dict[str, Any]) -> str:
    """The hash of an event: SHA-256 over the hash before it and the row as canonical JSON (keys sorted, no spaces)."""
    return hashlib.sha256((previous + _CANONICAL.encode(row)).encode()).hexdigest()
