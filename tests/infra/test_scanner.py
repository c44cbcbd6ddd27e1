"""Asking ClamAV: the real daemon where it is installed, and a stand-in for what it seldom says."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from procure.infra import scanner
from procure.infra.scanner import ClamAV, ScannerAway, TooLargeToScan, scanner_at
from tests.infra import clamav
from tests.infra.smtp import free_port


@pytest.fixture(params=["real", "stand-in"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, ...]]:
    if request.param == "stand-in":
        with clamav.speaking() as server:
            yield (server.url,)
        return
    if clamav.DAEMON is None:
        pytest.skip("clamd is not installed")
    with clamav.daemon(tmp_path) as found:
        yield found


def test_a_clean_file_is_clean_and_malware_has_a_name(addresses: tuple[str, ...]) -> None:
    large = os.urandom(3 * scanner.PIECE + 7)
    for address in addresses:
        ask = ClamAV(address)

        assert ask(io.BytesIO(b"minutes of a meeting")).clean
        assert ask(io.BytesIO(large)).clean
        found = ask(io.BytesIO(large + clamav.MALWARE))
        assert not found.clean
        assert "Malware" in found.malware
        assert " FOUND" not in found.malware
        assert ask.version().startswith("ClamAV ")


@pytest.mark.skipif(clamav.DAEMON is None, reason="clamd is not installed")
def test_a_file_larger_than_the_daemon_takes_is_told_apart_from_a_daemon_that_is_away(tmp_path: Path) -> None:
    with clamav.daemon(tmp_path, largest="1M") as (address, _socket), pytest.raises(TooLargeToScan):
        ClamAV(address)(io.BytesIO(bytes(8 * 1024 * 1024)))


@pytest.mark.parametrize("answer", [None, "", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "OK"])
def test_an_answer_that_says_nothing_of_the_file_is_not_taken_for_clean(answer: str | None) -> None:
    with clamav.speaking() as server:
        server.answer = lambda content: answer
        with pytest.raises(ScannerAway):
            ClamAV(server.url)(io.BytesIO(b"x"))


def test_a_name_that_ends_like_ok_is_still_malware() -> None:
    with clamav.speaking() as server:
        server.answer = lambda content: "stream: Fake: OK FOUND"
        assert not ClamAV(server.url)(io.BytesIO(b"x")).clean


@pytest.mark.parametrize(
    "address", [f"tcp://127.0.0.1:{free_port()}", "unix:///nowhere/clamd.sock", "tcp://nowhere.invalid:3310"]
)
def test_a_daemon_that_is_not_there_is_away(address: str) -> None:
    with pytest.raises(ScannerAway):
        ClamAV(address)(io.BytesIO(b"x"))


def test_a_daemon_that_never_answers_is_away_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "ANSWER_SECONDS", 0.2)
    with clamav.silent() as listening, pytest.raises(ScannerAway, match="TimeoutError"):
        ClamAV(f"tcp://127.0.0.1:{listening.getsockname()[1]}")(io.BytesIO(b"x"))


def test_without_a_setting_there_is_no_scanner() -> None:
    assert scanner_at("") is None
