"""The history as a file: CSV to be read in a spreadsheet, JSON Lines to be checked by anybody, without Procure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask_babel import gettext as _

from procure.cases import history_pages
from procure.cases.history_values import Change
from procure.cases.models import Case
from procure.domain.exported import FORMAT
from procure.domain.references import RECIPE, event_row

BYTE_ORDER_MARK: Final = "\ufeff"
"""Spreadsheets take a file that begins with it for UTF-8."""
SEPARATOR: Final = ";"
"""What Finnish and Swedish spreadsheets expect, whose decimals have the comma."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be worked out by the spreadsheet instead of shown."""


def json_lines(case: Case, events: Iterable[Any], now: datetime) -> Iterator[str]:
    """First what the file is and how its hashes are made, then each event with its hash, in the order they were recorded."""
    head = {
        "format": FORMAT, "case": case.reference, "events": case.last_sequence, "last_hash": case.last_hash,
        "exported_at": now.astimezone(UTC).isoformat(), "recipe": RECIPE,
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False) + "\n"
    for event in events:
        yield json.dumps(_row(case, event) | {"hash": event.hash}, ensure_ascii=False) + "\n"


def _row(case: Case, event: Any) -> dict[str, Any]:
    return event_row(
        case.reference, event.sequence, event.kind, event.payload, event.happened_on.isoformat(), event.recorded_at.isoformat(),
        event.recorded_by_id, event.recorded_by, event.role,
    )  # fmt: skip


def csv_lines(case: Case, events: Iterable[Any], corrections: Sequence[Any], language: str) -> Iterator[str]:
    """A line of names, then a line an event, in the words of the page. `corrections`: those of the case, the newest first."""
    yield BYTE_ORDER_MARK + _csv(
        [
            _("Number"), _("What"), _("About"), _("Happened on"), _("Recorded as happened on"), _("Recorded at (UTC)"), _("By"),
            _("Role"), _("Reason"), _("Before and after"), _("Corrects entry"), _("Corrected by entry"), _("Kind"), _("Contents"),
            _("Hash"),
        ]
    )  # fmt: skip
    latest = history_pages.by_corrected(corrections)
    for event in events:
        line = history_pages.line_of(case, event, latest.get(event.sequence, ()), language)
        changes = "\n".join([*map(_told, line.all_changes), *line.notes])
        yield _csv(
            [
                line.sequence, line.what, line.subject, line.happened_on.isoformat(), event.happened_on.isoformat(),
                event.recorded_at.isoformat(), line.by, line.role, line.reason, changes, line.corrects or line.undoes or "",
                line.corrected_by or "", line.kind, json.dumps(event.payload, ensure_ascii=False, sort_keys=True), event.hash,
            ]
        )  # fmt: skip


def _told(change: Change) -> str:
    before = "" if change.before is None else f"{change.before} → "
    return f"{change.label}: {before}{change.after}"


def _csv(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATOR).writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
