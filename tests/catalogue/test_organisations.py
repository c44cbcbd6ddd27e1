"""The organisations that ship, and the faults the loader finds."""

from pathlib import Path

import pytest

from procure.catalogue.organisations import catalogue, load
from procure.catalogue.reading import CatalogueError

CITY = """
[[organisation]]
code = "837"
letters = "TRE"
kind = "municipality"
name = { fi = "Tampere", sv = "Tammerfors", en = "Tampere" }
language = "fi"

[[organisation.priority]]
fi = "Digitaaliset terveysratkaisut"
confidence = "verified"
"""

NETWORK = CITY.replace("837", "innocities").replace("TRE", "INN").replace('kind = "municipality"', 'kind = "network"')


def written(folder: Path, text: str) -> Path:
    path = folder / "organisations.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_twenty_municipalities_of_the_agreements_and_the_network_are_there() -> None:
    assert len(catalogue().municipalities) == 20
    assert catalogue().network.code == "innocities"
    assert catalogue().network.letters == "INN"


def test_a_municipality_is_found_by_its_code_and_named_in_each_language() -> None:
    turku = catalogue().get("853")
    assert (turku.name["fi"], turku.name["sv"], turku.letters) == ("Turku", "Åbo", "TKU")
    with pytest.raises(KeyError):
        catalogue().get("999")


def test_every_municipality_has_the_priorities_of_its_agreement() -> None:
    assert all(municipality.priorities for municipality in catalogue().municipalities)
    assert catalogue().get("205").priorities == catalogue().get("765").priorities


def test_headings_that_were_not_seen_word_for_word_are_marked() -> None:
    assert not any(priority.is_verified for priority in catalogue().get("905").priorities)
    assert all(priority.is_verified for priority in catalogue().get("167").priorities)


def test_the_organisations_are_read_once() -> None:
    assert catalogue() is catalogue()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('code = "837"', 'code = "83"', 2, "code"),
        ('letters = "TRE"', 'letters = "tre"', 2, "letters"),
        ('letters = "TRE"', 'letters = "INN"', 13, "used twice"),
        ('kind = "municipality"', 'kind = "town"', 2, "kind"),
        ('language = "fi"', 'language = "et"', 2, "language"),
        ('sv = "Tammerfors"', 'sv = ""', 2, "sv"),
        ('confidence = "verified"', 'confidence = "guessed"', 9, "confidence"),
        ('fi = "Digitaaliset terveysratkaisut"', "", 9, "at least one language"),
        ('language = "fi"', 'language = "fi"\npopulation = 1', 2, "population"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = written(tmp_path, CITY.replace(old, new, 1) + NETWORK)
    with pytest.raises(CatalogueError) as fault:
        load(path)
    assert str(fault.value).startswith(f"{path}:{line}: ")
    assert said in str(fault.value)


def test_a_file_without_the_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="exactly one network"):
        load(written(tmp_path, CITY))
