"""`procure readvise`: ask the rules about every open case again, after rules or the day have changed."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import Final

import click
from flask.cli import with_appcontext
from sqlalchemy import Engine, NullPool, create_engine

from procure.advice import bulk
from procure.advice.bulk import Block, Found
from procure.infra import clock
from procure.infra.db import db, writing

WORKERS: Final = 2
MANY: Final = 10_000
"""Open cases from which on it pays to start processes."""
AHEAD: Final = 4 * WORKERS
"""Blocks that wait at most: no more than the writer can take."""
MOST_LISTED: Final = 50
SECONDS_BETWEEN_LINES: Final = 2.0

_engine: Engine | None = None


@click.command()
@with_appcontext
def readvise() -> None:
    """Ask the rules about every open case again and keep what they say now.

    It can be interrupted and run again: what has been kept stays, and a case that says the same is not written.
    """
    today, began = clock.today(), time.monotonic()
    number, blocks = bulk.open_cases(db.session.connection())
    db.session.rollback()
    total = _readvise(blocks, today, number >= MANY, _Progress(number, began))
    click.echo(f"{total.cases} open cases, {total.new} advised for the first time, {len(total.changed)} changed")
    for reference in total.changed[:MOST_LISTED]:
        click.echo(reference)
    if len(total.changed) > MOST_LISTED:
        click.echo(f"and {len(total.changed) - MOST_LISTED} more")


class _Progress:
    """A line on standard error every two seconds."""

    def __init__(self, number: int, began: float) -> None:
        self.number, self.began, self.told = number, began, began

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if done < self.number and now - self.told < SECONDS_BETWEEN_LINES:
            return
        self.told = now
        rate = done / max(now - self.began, 0.001)
        click.echo(f"{done} of {self.number} cases, {rate:.0f} a second", err=True)


def _readvise(blocks: Iterator[Block], today: date, in_parallel: bool, progress: Callable[[int], None]) -> Found:
    cases, new, changed = 0, 0, list[str]()
    for found in _found_in_processes(blocks, today) if in_parallel else _found_here(blocks, today):
        with writing():
            bulk.write(db.session.connection(), found.rows)
            db.session.commit()
        cases, new = cases + found.cases, new + found.new
        changed += found.changed
        progress(cases)
    return Found(cases, new, tuple(changed), ())


def _found_here(blocks: Iterator[Block], today: date) -> Iterator[Found]:
    for block in blocks:
        found = bulk.work(db.session.connection(), block, today)
        db.session.rollback()
        yield found


def _found_in_processes(blocks: Iterator[Block], today: date) -> Iterator[Found]:
    """Blocks in their order, worked on in other processes while this one writes."""
    url = db.engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_connect, initargs=(url,)) as pool:
        waiting: deque[Future[Found]] = deque()
        try:
            for block in blocks:
                waiting.append(pool.submit(_work, block, today))
                if len(waiting) >= AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _connect(url: str) -> None:
    global _engine
    _engine = create_engine(url, poolclass=NullPool)


def _work(block: Block, today: date) -> Found:
    assert _engine is not None  # made when the process started
    with _engine.connect() as connection:
        return bulk.work(connection, block, today)
