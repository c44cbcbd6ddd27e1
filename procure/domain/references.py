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


RECIPE: Final = (
    "hash = SHA-256, in lower-case hexadecimal, of the UTF-8 bytes of: the hash of the entry before (nothing for the first entry), "
    "followed by the JSON object of case, sequence, kind, payload, happened_on, recorded_at, recorded_by_id, recorded_by and role, "
    "with keys sorted at every level, no spaces between tokens and characters outside ASCII as they are. Entries recorded before "
    "the name and the role were covered have the same without recorded_by and role."
)
"""For whoever checks an exported history without Procure."""


def event_row(
    case: str, sequence: int, kind: str, payload: Any, happened_on: str, recorded_at: str, recorded_by_id: int | None,
    recorded_by: str, role: str,
) -> dict[str, Any]:  # fmt: skip
    """All that an event says, as its hash covers it. `case`: the reference; dates and moments (UTC) in ISO form."""
    return {
        "case": case, "sequence": sequence, "kind": kind, "payload": payload, "happened_on": happened_on, "recorded_at": recorded_at,
        "recorded_by_id": recorded_by_id, "recorded_by": recorded_by, "role": role,
    }  # fmt: skip


def without_name(row: dict[str, Any]) -> dict[str, Any]:
    """The row as the first events' hashes cover it: then the name and the role stood outside the chain."""
    return {key: value for key, value in row.items() if key not in ("recorded_by", "role")}


def chained(previous: str, row: dict[str, Any]) -> str:
    """The hash of an event: SHA-256 over the hash before it and the row as canonical JSON (keys sorted, no spaces)."""
    return hashlib.sha256((previous + _CANONICAL.encode(row)).encode()).hexdigest()
