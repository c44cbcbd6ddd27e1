"""The loop of `procure worker`: what need not happen inside a request happens here, a little every few seconds."""

import os
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from procure.attachments import scanning, thread_scanning
from procure.config import Settings
from procure.desk import reminding
from procure.documents import dossier_making
from procure.figures import service as figures
from procure.infra import clock, mail
from procure.infra.db import forget
from procure.infra.scanner import scanner_at
from procure.infra.storage import Storage, storage_at
from procure.portfolio import service as portfolio
from procure.printing import apart
from procure.printing import service as printing
from procure.reports import service as reports
from procure.shared_figures import service as shared_figures

PAUSE_SECONDS = 3.0
LONGEST_PAUSE_SECONDS = 60.0


class Ending:
    """Whether the loop is to end. A signal wakes a pause at once, but never breaks off a message that is on its way."""

    def __init__(self, beside: int | None = None) -> None:
        self._asked, self._beside = False, beside

    def listen(self) -> None:
        """From now on SIGTERM and SIGINT ask for the end. Once, in the main thread."""
        self._woken, self._waking = socket.socketpair()
        self._waking.setblocking(False)
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def __call__(self) -> bool:
        return self._asked or (self._beside is not None and os.getppid() != self._beside)

    def pause(self, seconds: float) -> None:
        """Wait, unless the end is asked for. After `listen`."""
        if not self() and select.select([self._woken], [], [], seconds)[0]:
            self._woken.recv(64)


@dataclass(slots=True)
class Trouble:
    """Says once what is wrong, and once that it is over; makes the pauses longer meanwhile."""

    tell: Callable[[str], None]
    pause: float = PAUSE_SECONDS
    told: str = ""

    def note(self, what: str, detail: str) -> None:
        """`what` is wrong now, or nothing when it is empty."""
        if what != self.told:
            self.tell(f"{what} ({detail}); trying again" if what else f"over: {self.told}")
            self.told = what
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS) if what else PAUSE_SECONDS


def one_round(settings: Settings, ending: Callable[[], bool]) -> tuple[str, str]:
    """Do what is due. What is wrong and its detail, both empty when all is well. Never raises because a service is away."""
    try:
        not_made = make_due(ending)
        not_counted = count_due(ending)
        result = mail.deliver_due(settings, clock.now, ending)
        storage, scanner = storage_at(settings.storage_url), scanner_at(settings.clamav_url)
        in_the_way = scanning.scan_waiting(storage, scanner, clock.now, ending)
        if not in_the_way[0]:
            in_the_way = thread_scanning.scan_waiting(storage, scanner, clock.now, ending)
        not_printed = documents_due(ending)
        no_report = reports_due(storage, ending)
        no_dossier = dossiers_due(storage, ending)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        return "the database does not answer", " ".join(str(cause).split())[:200]
    except Exception as error:
        return "a round failed", f"{type(error).__name__}: {error}"  # whatever it is, it must not end the mail for good
    finally:
        forget()  # the next round begins with a connection of its own
    if result.away:
        return "the mail server cannot be used", result.away
    troubles = (in_the_way, not_made, not_counted, not_printed, no_report, no_dossier)
    return next((trouble for trouble in troubles if trouble[0]), ("", ""))


def make_due(ending: Callable[[], bool]) -> tuple[str, str]:
    """Make reminders and digests; what is wrong and its detail. Whatever it is, the letters that are there go out all the same."""
    try:
        reminding.make_due(clock.now(), ending)
    except Exception as error:
        forget()
        return "reminders could not be made", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return "", ""


def count_due(ending: Callable[[], bool]) -> tuple[str, str]:
    """Keep the coordinator's figures and the cities' portfolios up to date; what is wrong and its detail. Whatever it is, the letters
    go out all the same."""
    try:
        figures.keep_up(clock.now(), ending)
        portfolio.keep_up(clock.now(), ending)
        shared_figures.keep_up(clock.now(), ending)
    except Exception as error:
        forget()
        return "figures could not be counted", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return "", ""


def documents_due(ending: Callable[[], bool]) -> tuple[str, str]:
    """Print documents whose process has died, and remove those of yesterday; what is wrong and its detail."""
    try:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        printing.make_due(apart.places(app), clock.now, apart.beating(app), ending)
        printing.sweep(apart.places(app), clock.now())
    except Exception as error:
        forget()
        return "a document could not be made", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return "", ""


def reports_due(storage: Storage, ending: Callable[[], bool]) -> tuple[str, str]:
    """Make the reports whose day has come; what is wrong and its detail. Their letters go out with the next round."""
    try:
        return reports.make_due(storage, clock.now(), ending)
    except Exception as error:
        forget()
        return "a report could not be made", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def dossiers_due(storage: Storage, ending: Callable[[], bool]) -> tuple[str, str]:
    """Make dossiers that no other process has made; what is wrong and its detail. The last thing of a round: it may take minutes."""
    try:
        return dossier_making.make_due(storage, clock.now, ending)
    except Exception as error:
        forget()
        return "a dossier could not be made", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def run(settings: Settings, ending: Ending, tell: Callable[[str], None]) -> None:
    """Round after round until the end is asked for."""
    ending.listen()
    trouble = Trouble(tell)
    while not ending():
        trouble.note(*one_round(settings, ending))
        ending.pause(trouble.pause)
