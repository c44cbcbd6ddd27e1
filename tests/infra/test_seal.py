"""The door to seals: what a seal holds, what conformance survives, what every kind of damage comes to, and what goes wrong how."""

import io
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pypdf import PdfReader, PdfWriter

from procure.domain import seals
from procure.domain.seals import Examined, Seal
from procure.infra import pdf, seal
from procure.infra.pdf import Attachment
from procure.infra.seal import Means, Sealed, SealFailed
from tests.documents import conformance
from tests.infra import sealing
from tests.infra.sealing import PASSWORD, Authority, StampService

NUMBER = "TRE-2026-0001/D1"
HTML = (
    '<html lang="fi"><head><title>Otsikko</title><meta name="dcterms.created" content="2026-11-24"></head><body>'
    '<h1>Otsikko</h1><p>Päätös on tehty.</p></body></html>'
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Authority:
    return sealing.authority()


@pytest.fixture(scope="module")
def archive(house: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return house.archive(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def stamps(house: Authority) -> Iterator[StampService]:
    with sealing.stamping(house) as service:
        yield service


@pytest.fixture(scope="module")
def plain() -> bytes:
    return pdf.printed(pdf.Job(HTML, "fi", "Otsikko", (Attachment("document.json", b"{}", "Facts"),)))


@pytest.fixture(scope="module")
def stamped(archive: Path, stamps: StampService, plain: bytes) -> Sealed:
    return seal.sealed_with(means(archive, stamps.url), plain, NUMBER)


@pytest.fixture(scope="module")
def unstamped(archive: Path, plain: bytes) -> Sealed:
    return seal.sealed_with(means(archive), plain, NUMBER)


@pytest.fixture(autouse=True)
def used(archive: Path) -> Iterator[None]:
    """The service that looks at the files trusts its own certificate's issuer."""
    before = seal._means
    seal.use(means(archive))
    yield
    seal.use(before)


def means(archive: Path | None, timestamp_url: str = "", password: str = PASSWORD, trust: Path | None = None) -> Means:
    return Means(archive, password, timestamp_url, trust, "https://procure.example.fi/verify")


@lru_cache
def looked_at(content: bytes, _means: Means) -> Examined:
    return seal.examine(content)


def the_seal(content: bytes) -> Seal:
    examined = looked_at(content, seal._means)
    assert examined.trouble == ""
    assert len(examined.seals) == 1
    return examined.seals[0]


def standing_of(content: bytes) -> str:
    return seals.standing(the_seal(content), datetime.now(UTC))


def test_a_house_without_a_certificate_leaves_the_document_as_it_is(plain: bytes) -> None:
    seal.use(means(None))

    assert seal.seal(plain, NUMBER) == Sealed(plain, seals.NONE, "", None)


def test_a_seal_stands_after_the_document_and_changes_no_byte_of_it(plain: bytes, stamped: Sealed, unstamped: Sealed) -> None:
    for made in (stamped, unstamped):
        assert made.content.startswith(plain)
        assert len(made.content) > len(plain)
        assert made.by == sealing.CITY
        assert made.at is not None
        assert abs(datetime.now(UTC) - made.at) < timedelta(minutes=10)
    assert (stamped.level, unstamped.level) == (seals.B_T, seals.B_B)
    fields = PdfReader(io.BytesIO(unstamped.content)).root_object["/AcroForm"]["/Fields"]
    kept = fields[0].get_object()["/V"]
    assert (kept["/Reason"], kept["/Location"]) == (NUMBER, "https://procure.example.fi/verify")


def test_a_seal_is_whole_sound_and_of_this_service(stamped: Sealed, unstamped: Sealed) -> None:
    with_stamp, without = the_seal(stamped.content), the_seal(unstamped.content)

    assert with_stamp.stamped_at is not None
    assert without.stamped_at is None
    for one, level in ((with_stamp, seals.B_T), (without, seals.B_B)):
        assert (one.by, one.issuer, one.level) == (sealing.CITY, "Authority of the tests", level)
        assert one.own
        assert one.intact
        assert one.valid
        assert one.trusted
        assert one.whole
    assert standing_of(stamped.content) == standing_of(unstamped.content) == seals.SOUND


def test_a_sealed_document_is_as_archival_and_accessible_as_before(
    plain: bytes, stamped: Sealed, unstamped: Sealed, tmp_path: Path
) -> None:
    files = {"before": plain, "B-B": unstamped.content, "B-T": stamped.content}

    for content in files.values():
        assert conformance.faults(content, "fi") == []
        assert conformance.attachments_of(content) == {"document.json": b"{}"}
        assert "Päätös on tehty." in conformance.text_of(content)
    if not conformance.verifier():
        assert conformance.verdicts(files, tmp_path) == []


def test_a_changed_byte_breaks_the_seal(plain: bytes, stamped: Sealed) -> None:
    changed = bytearray(stamped.content)
    changed[len(plain) // 2] ^= 1

    assert standing_of(bytes(changed)) == seals.CHANGED
    assert not the_seal(bytes(changed)).intact


def test_a_changed_signature_is_not_valid_though_the_document_is_intact(stamped: Sealed) -> None:
    at = stamped.content.rindex(b"/Contents <") + 11
    cut = stamped.content[at:].index(b">")
    digits = bytearray(stamped.content)
    der = bytes.fromhex(stamped.content[at : at + cut].decode())
    name = der.index(b"Authority of the tests")
    digits[at + 2 * name + 1] ^= 1  # the name of the issuer: the certificate's own signature does not fit any more

    examined = seal.examine(bytes(digits))
    assert all(seals.standing(one, datetime.now(UTC)) != seals.SOUND for one in examined.seals)
    assert examined.seals or examined.trouble


@pytest.mark.parametrize("more", [b"\n", b"% more\n", b"\n1 0 obj\n<<>>\nendobj\n"])
def test_whatever_is_added_after_the_seal_is_seen(stamped: Sealed, more: bytes) -> None:
    assert standing_of(stamped.content + more) == seals.ADDED


def test_an_update_that_shows_other_words_is_seen_though_the_sealed_part_is_intact(stamped: Sealed) -> None:
    writer = PdfWriter(io.BytesIO(stamped.content), incremental=True)
    writer.add_blank_page(100, 100)
    updated = io.BytesIO()
    writer.write(updated)
    content = updated.getvalue()
    assert content.startswith(stamped.content)

    assert the_seal(content).intact
    assert the_seal(content).valid
    assert standing_of(content) == seals.ADDED


def test_bytes_hidden_in_the_place_of_the_signature_are_not_covered(unstamped: Sealed) -> None:
    content = unstamped.content
    at = content.rindex(b"/Contents <") + 11
    end = at + content[at:].index(b">")
    assert content[end - 4 : end] == b"0000", "the place is larger than the signature"
    hidden = content[: end - 20] + b"> /Hidden (" + b"x" * 8 + b")" + b" " + content[end + 1 :]
    assert len(hidden) == len(content)

    examined = seal.examine(hidden)
    assert not any(one.whole and one.intact and one.valid for one in examined.seals)


def test_a_seal_by_anybody_else_is_not_trusted(plain: bytes, tmp_path: Path) -> None:
    foreign = sealing.authority("Somebody else").archive(tmp_path, sealing.CITY)
    content = seal.sealed_with(means(foreign), plain, NUMBER).content

    one = the_seal(content)
    assert one.by == sealing.CITY, "anybody may take any name"
    assert one.intact
    assert not one.own
    assert standing_of(content) == seals.UNTRUSTED


def test_roots_that_were_set_up_are_trusted_too(plain: bytes, archive: Path, tmp_path: Path) -> None:
    other = sealing.authority("Another authority")
    content = seal.sealed_with(means(other.archive(tmp_path, "City of Oulu")), plain, NUMBER).content
    roots = tmp_path / "roots.pem"
    roots.write_bytes(other.pem)
    seal.use(means(archive, trust=roots))

    assert standing_of(content) == seals.SOUND
    assert not the_seal(content).own


def test_a_certificate_without_its_issuer_is_trusted_itself(plain: bytes, house: Authority, tmp_path: Path) -> None:
    alone = house.archive(tmp_path, chain=False)
    seal.use(means(alone))

    assert standing_of(seal.seal(plain, NUMBER).content) == seals.SOUND


def test_after_the_certificate_has_expired_only_a_trusted_stamp_still_proves_the_seal(
    plain: bytes, house: Authority, stamps: StampService, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    expired = house.archive(tmp_path, begins=now - timedelta(days=30), ends=now - timedelta(days=10))
    monkeypatch.setattr(seal.Certificate, "check", lambda *_: None)  # as if it were sealed while it was good
    stamps.at = now - timedelta(days=20)
    try:
        with_stamp = seal.sealed_with(means(expired, stamps.url), plain, NUMBER).content
        stamps.at = now - timedelta(days=5)
        too_late = seal.sealed_with(means(expired, stamps.url), plain, NUMBER).content
    finally:
        stamps.at = None
    without = seal.sealed_with(means(expired), plain, NUMBER).content

    assert [standing_of(one) for one in (with_stamp, too_late, without)] == [seals.SOUND, seals.EXPIRED, seals.EXPIRED]


def test_a_stamp_of_an_unknown_service_proves_no_moment(plain: bytes, archive: Path) -> None:
    with sealing.stamping(sealing.authority("Stamps of somebody")) as foreign:
        content = seal.sealed_with(means(archive, foreign.url), plain, NUMBER).content

    one = the_seal(content)
    assert one.stamped_at is None
    assert one.claimed_at is not None
    assert standing_of(content) == seals.SOUND, "the certificate is good today"


@pytest.mark.parametrize("trouble", ["status", "garbage", "hang"])
def test_a_time_stamp_service_that_does_not_answer_as_it_should_seals_nothing(
    plain: bytes, archive: Path, stamps: StampService, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "STAMP_SECONDS", 1)
    stamps.trouble = trouble
    try:
        with pytest.raises(SealFailed) as failure:
            seal.sealed_with(means(archive, stamps.url), plain, NUMBER)
    finally:
        stamps.trouble = ""

    assert failure.value.reason == "timestamp"
    assert failure.value.reasons[0].code == "seal_timestamp"


def test_a_time_stamp_service_that_is_not_there_seals_nothing(plain: bytes, archive: Path) -> None:
    with pytest.raises(SealFailed, match="time stamp service") as failure:
        seal.sealed_with(means(archive, "http://127.0.0.1:9/"), plain, NUMBER)

    assert failure.value.reason == "timestamp"


def test_the_service_is_asked_once_for_each_seal(plain: bytes, archive: Path, stamps: StampService) -> None:
    before = stamps.asked
    seal.sealed_with(means(archive, stamps.url), plain, NUMBER)

    assert stamps.asked == before + 1


def test_what_is_wrong_with_the_certificate_is_said_without_the_password(
    plain: bytes, house: Authority, archive: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = datetime.now(UTC)
    rubbish, no_key = tmp_path / "rubbish.p12", tmp_path / "no-key.p12"
    rubbish.write_bytes(b"no certificate at all")
    no_key.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", None, house.certificate, None, serialization.BestAvailableEncryption(PASSWORD.encode())
        )
    )
    tried = {
        "file": (means(tmp_path / "nowhere.p12"), means(rubbish)),
        "password": (means(archive, password="another-secret"), means(archive, password="")),
        "key": (means(no_key),),
        "expired": (means(house.archive(tmp_path, ends=now - timedelta(days=1))),),
        "early": (means(house.archive(tmp_path, begins=now + timedelta(days=1))),),
    }
    for reason, several in tried.items():
        for one in several:
            with pytest.raises(SealFailed) as failure:
                seal.sealed_with(one, plain, NUMBER)
            assert failure.value.reason == reason
            assert failure.value.reasons[0].code == "seal_certificate"
            assert PASSWORD not in f"{failure.value}{one!r}"
            assert "another-secret" not in f"{failure.value}{one!r}"
    assert PASSWORD not in caplog.text
    assert "another-secret" not in caplog.text


def test_what_is_no_pdf_is_not_sealed_and_not_examined(archive: Path) -> None:
    with pytest.raises(SealFailed) as failure:
        seal.sealed_with(means(archive), b"no document", NUMBER)

    assert failure.value.reason == "broken"
    assert failure.value.reasons[0].code == "seal_failed"
    assert seal.examine(b"no document") == Examined(trouble=seals.NO_PDF)
    assert seal.examine(b"") == Examined(trouble=seals.NO_PDF)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + b"\x00rubbish" * 1_300_000, b"%PDF-1.7\n" + b"[" * 1_000_000, b"%PDF-"])
def test_rubbish_is_unreadable_and_hurts_nobody(content: bytes) -> None:
    assert seal.examine(content).trouble in (seals.UNREADABLE, seals.HEAVY)


def test_a_document_without_a_seal_has_none(plain: bytes) -> None:
    assert seal.examine(plain) == Examined()


def test_a_file_that_takes_too_long_or_too_much_memory_fails_alone(plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "LIMIT_BYTES", 1024 * 1024)
    assert seal.examine(plain).trouble == seals.HEAVY

    monkeypatch.setattr(seal, "LIMIT_BYTES", 1024**3)
    monkeypatch.setattr(seal, "READ_SECONDS", 0.01)
    assert seal.examine(plain).trouble == seals.HEAVY


def test_no_more_than_a_few_files_are_examined_at_once(plain: bytes) -> None:
    for _ in range(seal.MOST_READING):
        assert seal._reading.acquire(blocking=False)
    try:
        assert seal.examine(plain).trouble == seals.BUSY
    finally:
        for _ in range(seal.MOST_READING):
            seal._reading.release()


def test_the_process_for_strangers_files_knows_no_secret_of_the_service(
    plain: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEAL_PASSWORD", PASSWORD)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only")
    seen = tmp_path / "seen"
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {seen}\ncat > {seen}.order\nexit 1\n")
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))

    assert seal.examine(plain).trouble == seals.HEAVY
    told = seen.read_text() + (tmp_path / "seen.order").read_bytes().decode("latin-1")
    assert PASSWORD not in told
    assert "a key for tests only" not in told
