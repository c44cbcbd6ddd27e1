"""Within how many working days the network answers: dated data that stops the start when it cannot be used."""

from datetime import date
from pathlib import Path

import pytest

from procure.catalogue import triage
from procure.catalogue.reading import CatalogueError
from procure.domain.support import URGENCIES

TARGETS = "".join(
    f'[[edition.target]]\nurgency = "{urgency}"\nfirst_answer = 1\nanswer = {days}\n'
    for urgency, days in (("normal", 10), ("soon", 5), ("urgent", 2))
)
EDITION = f"[[edition]]\nvalid_from = 2026-01-01\nuntaken_after = 2\n{TARGETS}"


def load(folder: Path, text: str) -> triage.Targets:
    file = folder / "triage.toml"
    file.write_text(text, encoding="utf-8")
    return triage.load(file)


def test_every_urgency_has_a_target_and_the_more_urgent_the_shorter() -> None:
    targets = triage.catalogue().on(date(2026, 11, 27)).targets
    assert [targets[urgency].answer for urgency in URGENCIES] == [10, 5, 2]
    assert all(target.first_answer <= target.answer for target in targets.values())


def test_a_request_keeps_the_edition_of_the_day_on_which_it_was_asked(tmp_path: Path) -> None:
    ended = EDITION.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-06-30")
    later = EDITION.replace("2026-01-01", "2026-07-01").replace("untaken_after = 2", "untaken_after = 1")
    found = load(tmp_path, f"{ended}\n{later}")
    assert found.on(date(2026, 6, 30)).untaken_after == 2
    assert found.on(date(2026, 7, 1)).untaken_after == 1
    assert found.on(date(2020, 1, 1)).untaken_after == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('urgency = "soon"', 'urgency = "later"'),
        ('urgency = "soon"', 'urgency = "normal"'),
        ("answer = 5", "answer = 0"),
        ("answer = 5", "answer = 61"),
        ("first_answer = 1\nanswer = 2", "first_answer = 3\nanswer = 2"),
        ("untaken_after = 2", "untaken_after = 0"),
        ("untaken_after = 2", "untaken_after = 2\nsurplus = 1"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in EDITION
    with pytest.raises(CatalogueError):
        load(tmp_path, EDITION.replace(old, new, 1))


def test_a_day_without_an_edition_between_two_is_refused(tmp_path: Path) -> None:
    ended = EDITION.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-06-29")
    with pytest.raises(CatalogueError, match="gap"):
        load(tmp_path, f"{ended}\n{EDITION.replace('2026-01-01', '2026-07-01')}")


def test_a_file_without_an_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        load(tmp_path, "")
