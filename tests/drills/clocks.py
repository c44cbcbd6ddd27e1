"""A clock that is moved by hand, put in place of the service's only one (`procure.infra.clock.now`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from procure.config import Settings
from procure.desk import worker
from procure.infra import clock


class MovedClock:
    """As an `Ending` for the worker's loop: each pause of the worker passes at once, by moving the clock.

    `step`: so much at least, as a day of pauses of seconds would be some ten thousand rounds in which nothing is due.
    """

    def __init__(self, now: datetime, step: timedelta) -> None:
        self.now, self._step = now, step
        self._until = now

    def __call__(self) -> bool:
        return self.now >= self._until

    def read(self) -> datetime:
        return self.now

    def listen(self) -> None:
        pass

    def pause(self, seconds: float) -> None:
        self.now += max(timedelta(seconds=seconds), self._step)

    def work(self, settings: Settings, span: timedelta) -> list[str]:
        """Let the worker's own loop run for `span`; what it told. Inside an application context."""
        self._until = self.now + span
        told: list[str] = []
        worker.run(settings, self, told.append)  # type: ignore[arg-type]
        return told


@contextmanager
def moved(step: timedelta = timedelta()) -> Iterator[MovedClock]:
    """From now on this process takes the time from the clock that is returned. Other processes keep theirs."""
    moved_clock = MovedClock(clock.now(), step)
    with mock.patch.object(clock, "now", moved_clock.read):
        yield moved_clock
