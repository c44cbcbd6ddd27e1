"""Reads a case file against what the catalogue knows: the municipalities of the InnoCities and the CPV codes."""

from functools import cache

from procure.catalogue import cpv, organisations
from procure.domain import casefile
from procure.domain.casefile import CaseFile


@cache
def municipalities() -> frozenset[str]:
    """The codes of the cities that may be buyers."""
    return frozenset(organisation.code for organisation in organisations.catalogue().municipalities)


def read(source: bytes) -> CaseFile:
    """The case file in the bytes. Raises CaseFileError, whose text names the key."""
    codes = cpv.load()
    return casefile.read(source, municipalities=municipalities(), divisions=codes.divisions, check_digits=codes.check_digits)
