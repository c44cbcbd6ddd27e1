"""What is known of the network: all of it there, each fact with where it was read; a fault names file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from procure.catalogue import network, organisations
from procure.catalogue.reading import CatalogueError
from procure.domain.network import MARKS

FACTS = [fact for subject in network.catalogue().all for fact in subject.facts]


def test_the_sixteen_regions_hold_every_party_once() -> None:
    regions = network.catalogue().of_kind("region")
    assert len(regions) == 16
    codes = [code for region in regions for code in region.municipalities]
    assert sorted(codes) == sorted(one.code for one in organisations.catalogue().municipalities)
    assert {len(region.municipalities) for region in regions} == {1, 2, 3}


def test_six_themes_are_each_led_by_another_region() -> None:
    themes = network.catalogue().of_kind("theme")
    assert len({theme.driver for theme in themes}) == len(themes) == 6
    assert all(theme.driver not in theme.partners for theme in themes)


def test_what_is_verified_has_a_source_and_every_mark_is_known() -> None:
    assert {fact.mark for fact in FACTS} <= set(MARKS)
    assert all(fact.sources for fact in FACTS if fact.mark in ("verified", "partly_verified"))


def test_a_region_has_the_priorities_of_its_parties() -> None:
    region = network.catalogue().get("lappeenranta")
    known = organisations.catalogue().get("405").priorities
    assert [fact.words.fi for fact in region.many] == [one.fi for one in known]


def test_what_was_not_found_is_left_open_and_not_translated() -> None:
    known = network.catalogue()
    assert all(region.fact("coordinator").is_open for region in known.of_kind("region"))
    assert all(theme.fact("standing").is_open for theme in known.of_kind("theme"))
    assert known.get("mikkeli").fact("priority_1").words.sv == ""
    assert known.get("network-theme").fact("holder").mark == "inferred"


def test_an_unknown_subject_is_not_there() -> None:
    with pytest.raises(KeyError):
        network.catalogue().get("helsinki")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace('mark = "verified"', 'mark = "sure"', 1), "mark must be one of"),
        (lambda text: text.replace('municipalities = ["837"]', "municipalities = []", 1), "each municipality must belong"),
        (lambda text: text.replace('driver = "joensuu"', 'driver = "nowhere"', 1), "names an unknown region: nowhere"),
        (lambda text: text.replace('municipalities = ["837"]', 'municipalities = ["000"]', 1), "there is no municipality"),
        (lambda text: text.replace('field = "holder"', 'field = "boss"', 1), "cannot be said of a body"),
        (lambda text: text.replace('id = "turku"', 'id = "oulu"', 1), "used twice: oulu"),
        (lambda text: text.replace("sources = [", "sources = [] # [", 2), "network_source_missing"),
        (lambda text: text + 'color = "blue"\n', "unknown key color"),
    ],
)
def test_a_faulty_file_stops_the_start_with_its_place(tmp_path: Path, change: Callable[[str], str], message: str) -> None:
    path = tmp_path / "network.toml"
    path.write_text(change(network.FILE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"network.toml:\d+: .*{message}"):
        network.load(path)
