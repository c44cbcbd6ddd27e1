"""Where files are kept: in a folder or in an S3-compatible store, by the SHA-256 of what is in them.

What has been kept is never changed, and never removed from the place for good. The same content is kept once.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from obstore import ReadableFile

PIECE: Final = 256 * 1024
PART: Final = 5 * 1024 * 1024
"""How much of a file is sent to an S3 store at a time: the least that its protocol takes."""
SAMPLE: Final = b"Procure looks whether it can write and read here.\n"
SAMPLE_NAME: Final = "check"
PASSING: Final = "passing"
"""The place apart for what is kept for a while: no key of the storage begins so."""
TIMEOUT: Final = timedelta(seconds=20)


class StorageFailed(Exception):
    """The storage does not answer, has no room, or does not have the file; the message says which, without a secret."""


class Readable(Protocol):
    """A file being read from its beginning."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class Storage(Protocol):
    """The one door. Keys are what `fingerprint` says of the content."""

    def put(self, stream: BinaryIO) -> str:
        """Keep everything in the stream, from its beginning, and answer its key. Raises StorageFailed: nothing half is kept then."""

    def open(self, key: str) -> Readable:
        """What was kept under the key. Raises StorageFailed."""

    def exists(self, key: str) -> bool:
        """Whether something was kept under the key. Raises StorageFailed when the storage does not answer."""

    def check(self) -> str:
        """Write and read something small; what was found good. Raises StorageFailed."""


class PassingStorage(Storage, Protocol):
    """A place apart in the same storage for what is kept for a while: here alone something may be removed."""

    def remove(self, key: str) -> None:
        """What was kept under the key is gone then, also when it was not there. Raises StorageFailed."""


def fingerprint(stream: BinaryIO) -> tuple[str, int]:
    """The SHA-256 of the stream from its beginning, in hexadecimal, and its size in bytes."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    stream.seek(0)
    return digest.hexdigest(), size


def _path_of(key: str) -> str:
    """Two letters of the key as a folder, so that no folder grows without end. ValueError for what is no key."""
    if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
        raise ValueError("not a key of the storage")
    return f"{key[:2]}/{key}"


class FolderStorage:
    """A folder of this machine. A file appears under its name only once it is whole and on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: BinaryIO) -> str:
        key, _size = fingerprint(stream)
        path = self.folder / _path_of(key)
        with _failing(f"{self.folder} cannot be written"):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._write(stream, path)
        return key

    def _write(self, stream: BinaryIO, path: Path) -> None:
        handle, temporary = tempfile.mkstemp(prefix=".half-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                while piece := stream.read(PIECE):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).rename(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise
        _to_disk(path.parent)

    def open(self, key: str) -> Readable:
        with _failing(f"{key[:12]} is not in {self.folder}"):
            return (self.folder / _path_of(key)).open("rb")

    def exists(self, key: str) -> bool:
        return (self.folder / _path_of(key)).is_file()

    def check(self) -> str:
        with _failing(f"{self.folder} cannot be written"):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".half-") as file:
                file.write(SAMPLE)
                file.flush()
                os.fsync(file.fileno())
                if Path(file.name).read_bytes() != SAMPLE:
                    raise StorageFailed(f"{self.folder} does not give back what was written")
        return f"{self.folder} can be written and read"


class PassingFolder(FolderStorage):
    """A folder from which files are removed again."""

    def remove(self, key: str) -> None:
        with _failing(f"{key[:12]} cannot be removed from {self.folder}"):
            (self.folder / _path_of(key)).unlink(missing_ok=True)


def _to_disk(folder: Path) -> None:
    """The name of a new file outlives a power cut only once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _failing(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailed(f"{what}: {error.strerror or type(error).__name__}") from error


class S3Storage:
    """A bucket of an S3-compatible store, which has to be there. An object appears only once all its parts have arrived."""

    prefix = ""
    """Of the names of all objects."""

    def __init__(self, target: SplitResult) -> None:
        """`s3://key:secret@host:port/bucket`, with `?secure=0` for a store without TLS and `region=` where it asks for one."""
        import obstore  # five megabytes that a house with a folder does without
        from obstore.exceptions import BaseError
        from obstore.store import S3Store

        self._obstore, self._faults = obstore, (BaseError, OSError)
        options = {name: values[-1] for name, values in parse_qs(target.query).items()}
        secure = options.get("secure", "1") != "0"
        place = target.hostname or ""
        self.place = f"{place}:{target.port}" if target.port else place
        self.bucket = target.path.strip("/")
        self._store = S3Store(
            self.bucket,
            endpoint=f"{'https' if secure else 'http'}://{self.place}",
            access_key_id=unquote(target.username or ""),
            secret_access_key=unquote(target.password or ""),
            region=options.get("region", "us-east-1"),
            virtual_hosted_style_request=False,
            client_options={"allow_http": not secure, "connect_timeout": TIMEOUT, "timeout": TIMEOUT * 6},
            retry_config={"max_retries": 2, "retry_timeout": TIMEOUT},
        )

    def put(self, stream: BinaryIO) -> str:
        key, _size = fingerprint(stream)
        with self._failing("cannot keep the file"):
            if not self._has(self._name(key)):
                self._obstore.put(self._store, self._name(key), stream, chunk_size=PART, max_concurrency=2)
        return key

    def open(self, key: str) -> Readable:
        with self._failing("cannot give the file"):
            return _Object(self._obstore.open_reader(self._store, self._name(key)), self._faults)

    def exists(self, key: str) -> bool:
        with self._failing("does not answer"):
            return self._has(self._name(key))

    def check(self) -> str:
        with self._failing("cannot be written and read"):
            self._obstore.put(self._store, SAMPLE_NAME, SAMPLE)
            if bytes(self._obstore.get(self._store, SAMPLE_NAME).bytes()) != SAMPLE:
                raise StorageFailed(f"{self.place} does not give back what was written")
        return f"{self.bucket} at {self.place} can be written and read"

    def _name(self, key: str) -> str:
        return self.prefix + _path_of(key)

    def _has(self, path: str) -> bool:
        try:
            self._obstore.head(self._store, path)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _failing(self, what: str) -> Iterator[None]:
        try:
            yield
        except self._faults as error:
            # the library's own text names the address and may be pages long; its kind says enough
            raise StorageFailed(f"{self.bucket} at {self.place} {what}: {type(error).__name__}") from error


class PassingS3(S3Storage):
    """Objects of the same bucket that are removed again."""

    prefix = f"{PASSING}/"

    def remove(self, key: str) -> None:
        with self._failing("cannot remove the file"), suppress(FileNotFoundError):
            self._obstore.delete(self._store, self._name(key))


class _Object:
    """An object of the store as a file that gives bytes, which is what servers send on."""

    def __init__(self, reader: "ReadableFile", faults: tuple[type[Exception], ...]) -> None:
        self._reader, self._faults = reader, faults

    def read(self, size: int = -1, /) -> bytes:
        try:
            return bytes(self._reader.read(None if size < 0 else size))
        except self._faults as error:
            raise StorageFailed(f"the store broke off: {type(error).__name__}") from error

    def close(self) -> None:
        self._reader.close()


@lru_cache(8)
def storage_at(address: str) -> Storage:
    """The storage of the setting STORAGE_URL, made once a process. ValueError for an address that is none."""
    target = _target(address)
    return FolderStorage(Path(unquote(target.path))) if target.scheme == "file" else S3Storage(target)


@lru_cache(8)
def passing_at(address: str) -> PassingStorage:
    """The place in the same storage for what is kept for a while. ValueError as for `storage_at`."""
    target = _target(address)
    return PassingFolder(Path(unquote(target.path)) / PASSING) if target.scheme == "file" else PassingS3(target)


def _target(address: str) -> SplitResult:
    target = urlsplit(address)
    fits = target.scheme == "s3" and target.hostname and target.path.strip("/")
    if not fits and not (target.scheme == "file" and target.path):
        raise ValueError("STORAGE_URL must be file:///folder or s3://key:secret@host/bucket")
    return target
