"""A dossier is checked by itself: whatever is changed, missing or added in it is named, and nothing is unpacked."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import procedures
from procure.cli import main
from procure.domain import dossiers
from procure.domain.dossiers import DossierFault, Entry, Standing
from procure.domain.procedures import Procedure
from procure.domain.references import chained, event_row

REFERENCE = "TRE-2026-0001"
DOCUMENT = b"%PDF-1.7 a document"
Files = dict[str, bytes]


def procedure_of(procedure: str, edition: str) -> Procedure:
    return procedures.catalogue().get(procedure, edition)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def history(*kinds: tuple[str, dict[str, Any]]) -> bytes:
    """A log whose chain holds."""
    last, lines = "", []
    for sequence, (kind, payload) in enumerate(kinds, start=1):
        row = event_row(
            REFERENCE, sequence, kind, payload, date(2026, 3, 2).isoformat(), "2026-03-02T08:00:00+00:00", 1, "Officer", "officer"
        )
        last = chained(last, row)
        lines.append(json.dumps(row | {"hash": last}))
    head = {"format": "procure-history/1", "case": REFERENCE, "events": len(lines), "last_hash": last}
    return "".join(line + "\n" for line in [json.dumps(head), *lines]).encode()


def opened() -> tuple[str, dict[str, Any]]:
    edition = procedures.catalogue().latest("preparation").edition
    return "case_opened", {"procedure": "preparation", "edition": edition, "answers": {}}


def issued(number: int, content: bytes) -> tuple[str, dict[str, Any]]:
    return "document_issued", {"document": "summary", "number": number, "sha256": sha256(content)}


def good() -> Files:
    return {
        "README.txt": b"read me",
        "documents/D001-summary.pdf": DOCUMENT,
        "attachments/A001/v1-offer.pdf": b"%PDF an offer",
        "case.json": b"{}",
        "history.jsonl": history(opened(), issued(1, DOCUMENT)),
        "history.csv": b"a;b",
    }


def entry(path: str) -> Entry:
    kind = {"README.txt": "readme", "case.json": "case_file", "history.jsonl": "history", "history.csv": "history_table"}
    if path.startswith("documents/"):
        return Entry(path, "document", f"{REFERENCE}/D{int(path[11:14])}", 1, "2026-03-02", "Summary")
    return Entry(path, kind.get(path, "attachment"))


def packed(content: Files, names: Files | None = None, /, **changes: Any) -> io.BytesIO:
    """A dossier whose manifest is of `names`, with the bytes of `content`."""
    said = names if names is not None else content
    head = [json.loads(line) for line in said["history.jsonl"].splitlines()]
    standing = Standing(REFERENCE, 1, "fi", "2026-03-02T10:00:00+02:00", len(head) - 1, head[0]["last_hash"], False, {})
    rows = [entry(path).row(sha256(one), len(one)) for path, one in said.items()]
    told = json.loads(dossiers.manifest(standing, rows)) | changes
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, one in content.items():
            archive.writestr(path, one)
        archive.writestr("manifest.json", json.dumps(told))
    stream.seek(0)
    return stream


def repacked(stream: io.BytesIO) -> io.BytesIO:
    """The same files, made smaller."""
    target = io.BytesIO()
    with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            made.writestr(name, archive.read(name))
    return target


STORED, PACKED = packed(good()), repacked(packed(good()))


def fault(stream: io.BytesIO) -> str:
    with pytest.raises(DossierFault) as found:
        dossiers.check(stream, procedure_of)
    return str(found.value)


def test_a_dossier_that_is_as_it_was_made_holds() -> None:
    found = dossiers.check(packed(good()), procedure_of)

    assert (found.reference, found.number, found.files, found.events) == (REFERENCE, 1, 6, 2)


def changed(files: Files) -> Files:
    return files | {"documents/D001-summary.pdf": DOCUMENT.replace(b"a", b"b")}


def longer(files: Files) -> Files:
    return files | {"case.json": b"{} "}


def added(files: Files) -> Files:
    return files | {"documents/extra.pdf": b"more"}


def missing(files: Files) -> Files:
    return {path: content for path, content in files.items() if path != "attachments/A001/v1-offer.pdf"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed, "documents/D001-summary.pdf has been changed"),
        (longer, "case.json has another size"),
        (added, "documents/extra.pdf has been added"),
        (missing, "attachments/A001/v1-offer.pdf is missing"),
    ],
)
def test_files_that_are_not_what_the_manifest_says_are_named(change: Callable[[Files], Files], said: str) -> None:
    assert said in fault(packed(change(good()), good()))


def test_each_difference_is_named_in_a_line_of_its_own() -> None:
    said = fault(packed(added(longer(missing(changed(good())))), good())).splitlines()

    assert [line.split()[0] for line in said] == [
        "documents/extra.pdf", "attachments/A001/v1-offer.pdf", "documents/D001-summary.pdf", "case.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["../out.pdf", "/etc/passwd", "a/../../b", "CON.pdf", "a\\b.pdf", "x\u202efdp.exe", "a./b", "nul"]
)
def test_a_name_that_could_hurt_who_unpacks_it_is_named(name: str) -> None:
    assert "is no name that can be unpacked safely" in fault(packed(good() | {name: b"x"}))


def test_names_that_some_systems_take_for_one_are_named() -> None:
    assert "but for capital letters" in fault(packed(good() | {"CASE.json": b"x"}))


@given(st.text(max_size=400))
def test_whatever_a_file_is_called_its_safe_name_is_safe(name: str) -> None:
    safe = dossiers.safe_name(name)

    assert safe
    assert len(safe) <= dossiers.LONGEST_FILE_NAME
    assert "/" not in safe
    assert not dossiers.is_unsafe(safe)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("offer.pdf", "offer.pdf"), ("Tarjous ä.pdf", "Tarjous ä.pdf"), ("../../etc/passwd", "_.._etc_passwd"), ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1"), ("a\x00b.pdf", "ab.pdf"), ("x" * 300 + ".pdf", "x" * 116 + ".pdf"), ("...", "file"), ("", "file"),
    ],
)  # fmt: skip
def test_a_file_s_name_becomes_one_that_every_system_takes(name: str, safe: str) -> None:
    assert dossiers.safe_name(name) == safe
    assert not dossiers.is_unsafe(dossiers.safe_name(name))


def test_a_choice_is_read_back_as_it_was_kept() -> None:
    choice = dossiers.Choice(latest=True, threads=(3, 5), notes=(1,))

    assert dossiers.chosen(choice.row()) == choice
    assert dossiers.chosen({}) == dossiers.Choice()


def test_who_writes_the_manifest_anew_still_meets_the_history() -> None:
    """The fingerprint of each issued document stands in the chain."""
    assert "D1 is not the one that the history tells of" in fault(packed(changed(good())))
    without = {path: content for path, content in good().items() if not path.startswith("documents/")}
    assert "D1 is not the one that the history tells of" in fault(packed(without))
    more = good() | {"documents/D002-summary.pdf": b"never issued"}
    assert "D2 was never issued" in fault(packed(more))


def test_a_document_may_be_left_out_when_the_manifest_says_so() -> None:
    without = {path: content for path, content in good().items() if not path.startswith("documents/")}

    found = dossiers.check(packed(without, left_out={f"{REFERENCE}/D1": "tender_material"}), procedure_of)

    assert found.files == 5


def test_a_history_that_was_rewritten_or_cut_is_found() -> None:
    whole = good()["history.jsonl"]
    rewritten = whole.replace(b'"number": 1', b'"number": 9')
    assert "does not hold from entry 2 on (hash)" in fault(packed(good() | {"history.jsonl": rewritten}))
    shorter = history(opened())
    assert "does not end with the event" in fault(
        packed(good() | {"history.jsonl": shorter}, events=2, last_hash=json.loads(whole.splitlines()[0])["last_hash"])
    )
    assert "is of another case" in fault(packed(good(), case="TRE-2026-0002"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "procure-dossier/9"}, "not in the format"),
        ({"files": "none"}, "has no files"),
        ({"events": "2"}, "has no events"),
        ({"files": [{"path": "case.json"}]}, "without path, kind or sha256"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in fault(packed(good(), **changes))


def test_what_is_no_archive_is_refused() -> None:
    assert "no ZIP" in fault(io.BytesIO(b"%PDF-1.7"))
    stream = packed(good())
    assert "no ZIP" in fault(io.BytesIO(stream.getvalue()[:-40]))


def test_a_small_archive_that_would_unpack_to_much_is_not_read_to_its_end() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * (dossiers.LARGEST_MANIFEST + 1))
    assert "too large" in fault(stream)


@given(place=st.integers(0, 10_000), value=st.integers(1, 255), packs=st.booleans())
def test_one_byte_that_is_another_is_a_fault_or_changes_nothing_that_counts(place: int, value: int, packs: bool) -> None:
    content = bytearray((PACKED if packs else STORED).getvalue())
    content[place % len(content)] ^= value

    with suppress(DossierFault):
        found = dossiers.check(io.BytesIO(bytes(content)), procedure_of)
        assert (found.reference, found.files, found.events) == (REFERENCE, 6, 2)


def test_the_command_says_one_line_and_needs_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    path = tmp_path / "dossier.zip"

    for stream, status in ((packed(good()), 0), (packed(changed(good()), good()), 2)):
        path.write_bytes(stream.getvalue())
        monkeypatch.setattr("sys.argv", ["procure", "verify-dossier", str(path)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert end.value.code == status
        assert (said.out if status == 0 else said.err).count("\n") == 1
        assert "all unchanged" in said.out if status == 0 else "has been changed" in said.err
