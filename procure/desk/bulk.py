"""Puts made-up cases into the tables, a block at a time: COPY on PostgreSQL, executemany on SQLite, all in one transaction."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from random import Random
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from procure.accounts.models import Organisation, Person
from procure.cases.models import Case, ReferenceCounter
from procure.catalogue import demo, organisations
from procure.desk import made_up
from procure.desk.made_up import Block, City, Rows
from procure.infra.db import Base, db

STAFF: Final = 3
"""Made-up officers in each city."""
WORKERS: Final = 2
MANY: Final = 20_000
"""From here on it pays to start processes, and to check references between tables once instead of row by row."""

TABLES: Final = (
    ("cases", "cases", made_up.CASE_COLUMNS),
    ("answers", "answers", made_up.ANSWER_COLUMNS),
    ("case_events", "events", made_up.EVENT_COLUMNS),
    ("case_partners", "partners", made_up.PARTNER_COLUMNS),
    ("case_texts", "texts", made_up.TEXT_COLUMNS),
)
"""Table, name in Rows, columns: in an order in which every row finds the row it points to."""

Tables = Sequence[tuple[str, str, Sequence[str]]]
Packed = list[Any]
"""A block ready for one database: what to write into each of TABLES."""


def add(total: int, now: datetime, progress: Callable[[int], None]) -> int:
    """Add `total` made-up cases inside the running transaction and say how many were added: none when they are there already.

    Nobody else should be opening cases meanwhile. `progress` is told how many are done.
    """
    if db.session.scalar(select(Case.id).where(Case.opening_key == made_up.mark_of(total))) is not None:
        return 0
    towns = cities(now)
    taken = _taken(towns)
    first_id = (db.session.scalar(select(func.max(Case.id))) or 0) + 1
    on_postgres = db.session.get_bind().dialect.name == "postgresql"
    pack, write = (_packed_for_copy, copy) if on_postgres else (_packed_for_sqlite, insert_rows)
    prepare(on_postgres)
    work = made_up.blocks(total, first_id, len(towns), taken)
    with _checked_at_the_end(on_postgres and total >= MANY):
        for block, packed in _packed(work, towns, pack, total >= MANY):
            write(packed)
            progress(block.stop)
    _keep_counting(towns, taken)
    if on_postgres:
        last = first_id + total - 1
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('cases', 'id'), :last)"), {"last": last})
    return total


def cities(now: datetime) -> tuple[City, ...]:
    """Every municipality with its made-up officers, who are added when they are not there."""
    present = {organisation.code: organisation for organisation in db.session.scalars(select(Organisation))}
    found = []
    for fact in organisations.catalogue().municipalities:
        organisation = present[fact.code]
        staff = tuple((person.id, person.name) for person in _staff(organisation, fact.language, now))
        found.append(City(organisation.id, fact.code, fact.letters, fact.language, staff))
    return tuple(found)


def _staff(organisation: Organisation, language: str, now: datetime) -> list[Person]:
    words, chance = demo.words(), Random(organisation.code)  # noqa: S311 - names are to come out the same
    place = organisation.letters.lower()
    people = []
    for number in range(1, STAFF + 1):
        name = f"{chance.choice(words.first_name)} {chance.choice(words.last_name)}"
        email = f"made-up-{number}@{place}.example"
        person = db.session.scalar(select(Person).where(Person.email == email))
        if person is None:
            person = Person(
                email=email, name=name, role=made_up.ROLE, organisation=organisation, language=language, password_hash=None,
                active=True, created_at=now,
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
        people.append(person)
    return people


def _taken(cities: tuple[City, ...]) -> dict[tuple[int, int], int]:
    """The running numbers that are in use, by the city's place in `cities` and the year."""
    place = {city.id: at for at, city in enumerate(cities)}
    counters = db.session.execute(select(ReferenceCounter.organisation_id, ReferenceCounter.year, ReferenceCounter.last))
    return {(place[organisation_id], year): last for organisation_id, year, last in counters}


def _keep_counting(cities: tuple[City, ...], taken: dict[tuple[int, int], int]) -> None:
    """The next case opened by hand gets the number after the last made-up one."""
    db.session.execute(delete(ReferenceCounter))
    counters = [{"organisation_id": cities[at].id, "year": year, "last": last} for (at, year), last in taken.items()]
    db.session.execute(insert(ReferenceCounter), counters)


def _packed(
    work: Iterator[Block], cities: tuple[City, ...], pack: Callable[[Block, tuple[City, ...]], Packed], in_parallel: bool
) -> Iterator[tuple[Block, Packed]]:
    """The blocks in their order, made in other processes while this one writes."""
    if not in_parallel:
        yield from ((block, pack(block, cities)) for block in work)
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[Block, Future[Packed]]] = deque()
        for block in work:
            waiting.append((block, pool.submit(pack, block, cities)))
            if len(waiting) > 4 * WORKERS:  # no more than the writer can take
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _packed_for_sqlite(block: Block, cities: tuple[City, ...]) -> Packed:
    rows = made_up.rows_of(block, cities)
    return [getattr(rows, name) for _, name, _ in TABLES]


def _packed_for_copy(block: Block, cities: tuple[City, ...]) -> Packed:
    rows: Rows = made_up.rows_of(block, cities)
    return [lines(getattr(rows, name)) for _, name, _ in TABLES]


def lines(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """The rows as COPY reads them."""
    return "".join(map(_line, rows)).encode()


_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _line(row: tuple[Any, ...]) -> str:
    """COPY's text form: a value may hold line ends and tabs, which divide rows and columns there."""
    return "\t".join(["\\N" if value is None else str(value).translate(_ESCAPED) for value in row]) + "\n"


def prepare(on_postgres: bool) -> None:
    """Settings of the running transaction for writing many rows."""
    if on_postgres:
        db.session.execute(text("SET LOCAL timezone = 'UTC'"))
        db.session.execute(text("SET LOCAL synchronous_commit = off"))
    else:
        db.session.execute(text("PRAGMA cache_size = -400000"))


@contextmanager
def _checked_at_the_end(worth_it: bool) -> Iterator[None]:
    """Foreign keys of the tables written are taken away and put back, which checks every row at once."""
    keys = [key for table, _, _ in TABLES for key in Base.metadata.tables[table].foreign_key_constraints] if worth_it else []
    for key in keys:
        db.session.execute(DropConstraint(key))
    yield
    for key in keys:
        db.session.execute(AddConstraint(key))


def _driver() -> Any:
    """The database driver's own connection, in the session's transaction."""
    return db.session.connection().connection.driver_connection


def copy(packed: Packed, tables: Tables = TABLES) -> None:
    """Write on PostgreSQL what `lines` has made, one for each table."""
    with _driver().cursor() as cursor:
        for (table, _, columns), found in zip(tables, packed, strict=True):
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as target:
                target.write(found)


def insert_rows(packed: Packed, tables: Tables = TABLES) -> None:
    """Write on SQLite the rows of each table."""
    connection = _driver()
    for (table, _, columns), rows in zip(tables, packed, strict=True):
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608 - own names only
