"""The door to the storage, the same for a folder and for a real S3 server."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.config import ROOT
from procure.infra import storage
from procure.infra.storage import PART, FolderStorage, Storage, StorageFailed, fingerprint, storage_at
from tests.infra import s3

NOBODY = "0" * 64


@pytest.fixture(scope="module")
def server() -> Iterator[s3.Server]:
    with s3.serving() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return storage_at(f"file://{tmp_path / 'a folder'}".replace(" ", "%20"))
    found: s3.Server = request.getfixturevalue("server")
    return storage_at(found.url)


def content_of(kept: Storage, key: str) -> bytes:
    found = b""
    with closing(kept.open(key)) as stream:
        while piece := stream.read(storage.PIECE):
            assert type(piece) is bytes, "servers send on nothing else"
            assert len(piece) <= storage.PIECE
            found += piece
    return found


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [1, storage.PIECE, PART - 1, PART, PART + 1, 2 * PART + 12345])
def test_what_was_kept_comes_back_under_the_hash_of_its_content(kept: Storage, size: int) -> None:
    content = os.urandom(size)
    key = kept.put(io.BytesIO(content))

    assert key == hashlib.sha256(content).hexdigest()
    assert kept.exists(key)
    assert content_of(kept, key) == content


def test_a_file_that_was_read_before_is_kept_from_its_beginning(kept: Storage) -> None:
    with tempfile.SpooledTemporaryFile(100) as stream:
        stream.write(b"a" * 1000)
        assert content_of(kept, kept.put(stream)) == b"a" * 1000


def test_the_same_content_is_kept_once_and_again_is_no_fault(kept: Storage) -> None:
    assert kept.put(io.BytesIO(b"twice")) == kept.put(io.BytesIO(b"twice"))


def test_what_was_never_kept_is_not_there(kept: Storage) -> None:
    assert not kept.exists(NOBODY)
    with pytest.raises(StorageFailed):
        kept.open(NOBODY)


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "/" + "a" * 63, "a" * 64 + "\n"])
def test_only_keys_open_anything(kept: Storage, key: str) -> None:
    for ask in (kept.open, kept.exists):
        with pytest.raises(ValueError):
            ask(key)


def test_the_check_really_writes_and_reads(kept: Storage) -> None:
    assert "can be written and read" in kept.check()


def test_the_check_of_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    FolderStorage(tmp_path / "new").check()

    assert left_in(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    folder = FolderStorage(tmp_path / "file" / "storage")

    with pytest.raises(StorageFailed, match="cannot be written"):
        folder.put(io.BytesIO(b"x"))
    with pytest.raises(StorageFailed, match="cannot be written"):
        folder.check()


class Breaking(io.BytesIO):
    """A stream that can be read to its end once, and then breaks in the middle."""

    passes = 0

    def seek(self, position: int, whence: int = 0, /) -> int:
        self.passes += position == 0
        return super().seek(position, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if self.passes > 1 and self.tell() > 0:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_copy_that_breaks_in_the_middle_leaves_nothing_half(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    content = b"x" * (3 * storage.PIECE)

    with pytest.raises(StorageFailed):
        folder.put(Breaking(content))
    assert left_in(tmp_path) == []
    assert content_of(folder, folder.put(io.BytesIO(content))) == content


KILLED = """
import io, os, signal, sys
from pathlib import Path
from procure.infra import storage
class Killing(io.BytesIO):
    passes = 0
    def seek(self, position, whence=0):
        self.passes += 1
        return super().seek(position, whence)
    def read(self, size=-1):
        if self.passes > 1 and self.tell() > 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)
storage.storage_at(sys.argv[1]).put(Killing(bytes(range(256)) * 60_000))
"""


def test_a_process_killed_in_the_middle_leaves_nothing_under_the_name_of_the_file(
    kept: Storage, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    content = bytes(range(256)) * 60_000
    address = f"file://{kept.folder}" if isinstance(kept, FolderStorage) else request.getfixturevalue("server").url
    ended = subprocess.run([sys.executable, "-c", KILLED, address.replace(" ", "%20")], cwd=ROOT, check=False, timeout=60)

    assert ended.returncode == -signal.SIGKILL
    assert not kept.exists(hashlib.sha256(content).hexdigest())
    assert content_of(kept, kept.put(io.BytesIO(content))) == content


def test_a_store_that_is_away_is_named_without_its_secret() -> None:
    with s3.serving() as server:
        away = storage_at(server.url)
        key = away.put(io.BytesIO(b"before"))
    for ask in (lambda: away.put(io.BytesIO(b"x")), lambda: away.open(key), lambda: away.exists(key), away.check):
        with pytest.raises(StorageFailed) as failure:
            ask()
        assert f"127.0.0.1:{server.port}" in str(failure.value)
        assert "secret" not in str(failure.value)


def test_a_bucket_that_is_not_there_is_found_by_the_check(server: s3.Server) -> None:
    with pytest.raises(StorageFailed):
        storage_at(server.url.replace(f"/{s3.BUCKET}", "/another")).check()


@pytest.mark.parametrize("address", ["", "file://", "s3://host", "s3:///bucket", "http://host/bucket", "/folder"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="STORAGE_URL"):
        storage_at(address)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=5000))
def test_the_key_depends_on_nothing_but_the_content(tmp_path: Path, content: bytes) -> None:
    folder = FolderStorage(tmp_path)
    key, size = fingerprint(io.BytesIO(content))

    assert (folder.put(io.BytesIO(content)), size) == (key, len(content))
    assert content_of(folder, key) == content
