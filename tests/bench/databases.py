"""The databases that the benchmarks run on. Made once and kept, since a million cases take minutes to make."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench import reference

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / ".build" / "bench"
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
SECRET = "a key for benchmarks only"
MADE_MARK = ".made"
MOST_REQUESTS = 100_000
"""To the experts: as many as there are cases, up to this."""


@dataclass(frozen=True, slots=True)
class Database:
    """`kind`: sqlite or postgresql. `size`: made-up cases."""

    kind: str
    size: int

    @property
    def name(self) -> str:
        return f"procure_bench_{self.size}"

    @property
    def url(self) -> str:
        return _url(self.kind, self.name)

    def environment(self, port: int = 8000) -> dict[str, str]:
        """The settings with which the service runs on this database."""
        return {
            **os.environ, "DATABASE_URL": self.url, "SECRET_KEY": SECRET, "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DEMO_PASSWORD": SECRET, "MAIL_URL": "", "STORAGE_URL": f"file://{FOLDER / 'storage'}", "PYTHONPATH": str(ROOT),
        }  # fmt: skip


def _url(kind: str, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{FOLDER / name}.db"
    head, _, _ = POSTGRES.rpartition("/")
    return f"{head}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)


def postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def rows_url(kind: str) -> str:
    """The floor's database, with its million rows."""
    url = _url(kind, "procure_bench_rows")
    if not _made(kind, "procure_bench_rows"):
        _start_over(kind, "procure_bench_rows")
        reference.fill(url)
        _mark(kind, "procure_bench_rows")
    return url


def make(database: Database) -> None:
    """Fill the database with the demo and the made-up cases; one that has been filled earlier is only brought up to date."""
    if _made(database.kind, database.name):
        _procure(database, "migrate")
    else:
        _start_over(database.kind, database.name)
        _procure(database, "demo", "--cases", str(database.size))
    _procure(database, "demo", "--requests", str(min(database.size, MOST_REQUESTS)))  # nothing, where they are there already
    _procure(database, "figures")
    _refresh_statistics(database)
    _mark(database.kind, database.name)


def _procure(database: Database, *arguments: str) -> None:
    command = [sys.executable, "-m", "procure", *arguments]
    subprocess.run(command, env=database.environment(), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def clean() -> None:
    """Drop every database of the benchmarks."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    if postgres_answers():
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'procure_bench_%'").fetchall()
            for (name,) in names:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _made(kind: str, name: str) -> bool:
    return (FOLDER / f"{name}.{kind}{MADE_MARK}").exists()


def _mark(kind: str, name: str) -> None:
    (FOLDER / f"{name}.{kind}{MADE_MARK}").touch()


def _start_over(kind: str, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        for path in FOLDER.glob(f"{name}.db*"):
            path.unlink()
        return
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]


def _refresh_statistics(database: Database) -> None:
    """What the database does by itself in time; a benchmark begins at once."""
    if database.kind == "postgresql":
        with psycopg.connect(database.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
