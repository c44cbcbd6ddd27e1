"""Which editions of the law's data are in force: thresholds, periods, procedures. Ordered as texts: a later one is greater."""

from datetime import date
from functools import lru_cache

from procure.catalogue import deadlines, procedures, thresholds


@lru_cache(8)
def in_force(on: date) -> dict[str, str]:
    """Base (domain.articles.BASES) -> the day on which its latest row in force on that day began to hold; for procedures the latest
    edition, as a month."""
    rows, _proposals = thresholds.catalogue()
    return {
        "thresholds": max((row.valid_from for row in rows if row.valid_from <= on), default=date.min).isoformat(),
        "deadlines": deadlines.catalogue().last_change(on).isoformat(),
        "procedures": max(procedure.edition for procedure in procedures.catalogue().choosable()),
    }
