"""What the parts of a schedule are called, in the running language."""

from typing import Final

from flask_babel import lazy_gettext as _l

from procure.domain.reports import ACTIVE, BOARD, ENDED, MONTHLY, PAUSED, PDF, PORTFOLIO, QUARTERLY, WEEKLY, XLSX

KIND_NAMES: Final = {PORTFOLIO: _l("The portfolio, with the filters below"), BOARD: _l("The quarterly report for the board")}
CADENCE_NAMES: Final = {
    MONTHLY: _l("Every month, on its first working day"),
    QUARTERLY: _l("Every quarter, on the first working day after it"),
    WEEKLY: _l("Every week, on the weekday chosen below"),
}
WEEKDAYS: Final = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"))
FORMAT_NAMES: Final = {PDF: _l("PDF document"), XLSX: _l("Spreadsheet (XLSX)")}
STATE_NAMES: Final = {ACTIVE: _l("Runs"), PAUSED: _l("Paused"), ENDED: _l("Ended")}
