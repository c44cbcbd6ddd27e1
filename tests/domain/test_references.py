"""References and the chain of events."""

from procure.domain.references import REFERENCE, chained, reference


def test_a_reference_holds_city_year_and_number() -> None:
    assert reference("TRE", 2026, 42) == "TRE-2026-0042"
    assert REFERENCE.fullmatch(reference("JNS", 2026, 123456))


def test_the_same_row_after_another_row_has_another_hash() -> None:
    row = {"kind": "stage_completed", "payload": {"stage": "need"}}

    assert chained("", row) != chained("a", row)
    assert chained("", row) == chained("", dict(reversed(row.items())))


def test_one_changed_letter_changes_the_hash() -> None:
    assert chained("", {"payload": "tarve"}) != chained("", {"payload": "Tarve"})
