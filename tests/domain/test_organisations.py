"""Organisations and the priorities of their agreements."""

import pytest

from procure.domain.organisations import Priority


def test_a_priority_is_shown_in_the_language_asked_for() -> None:
    assert Priority("Fotoniikka", "Fotonik", "Photonics", "verified").in_("sv") == "Fotonik"


def test_a_priority_falls_back_to_finnish_and_then_to_what_there_is() -> None:
    assert Priority("Akkukemia", None, "Battery chemistry", "verified").in_("sv") == "Akkukemia"
    assert Priority(None, None, "Battery chemistry", "verified").in_("fi") == "Battery chemistry"


def test_a_priority_has_no_other_languages() -> None:
    with pytest.raises(KeyError):
        Priority("Akkukemia", None, None, "verified").in_("et")


def test_a_heading_whose_wording_was_not_seen_is_not_verified() -> None:
    assert Priority("Akkukemia", None, None, "verified").is_verified
    assert not Priority("Kestävä kaupunki", None, None, "partly_verified").is_verified
