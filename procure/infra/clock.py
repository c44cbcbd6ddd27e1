"""What time it is. The only place that asks the machine, so that a test can set it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Finland: dates of the law are Finnish dates, whatever the server's zone."""
    return now().astimezone(FINLAND).date()
