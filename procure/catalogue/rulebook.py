"""The rules of the adviser in one hand: thresholds, periods, procedures and their timetables."""

from functools import cache
from typing import Final

from procure.catalogue import deadlines, procedures, thresholds, timetables
from procure.catalogue.calendar import finnish
from procure.domain.advice.advising import Rulebook

EDITION: Final = "2026-11"
"""Changes with every change of a row or of the code that decides, so that a kept advice says which rules it rested on."""


@cache
def rulebook() -> Rulebook:
    """The rules that ship with the program, read once. Raises CatalogueError with file and line for what cannot be used."""
    rows, proposals = thresholds.catalogue()
    latest = {procedure.id: procedure for procedure in procedures.catalogue().choosable()}
    return Rulebook(EDITION, rows, proposals, deadlines.catalogue(), latest, timetables.catalogue(), finnish())
