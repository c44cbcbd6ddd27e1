"""Prints beside the request, in a thread of the web process that waits for the PDF worker: the request itself waits no longer than it
has patience. The thread settles the job whatever has become of the request; if the process dies, the worker takes over."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from procure.domain.leases import PRINT_BEAT
from procure.infra import clock
from procure.infra.storage import passing_at, storage_at
from procure.printing import service
from procure.printing.service import Beat, Places

log = logging.getLogger("procure")


def places(app: Flask) -> Places:
    address = app.config["SETTINGS"].storage_url
    return Places(storage_at(address), passing_at(address))


def begin(app: Flask, number: int, tries: int) -> Future[Any]:
    """What becomes of the job, known as soon as it has been settled; None for one that could not be made."""
    outcome: Future[Any] = Future()

    def run() -> None:
        made = None
        try:
            with app.app_context(), beating(app)(number, tries):
                made = service.carry_out(number, tries, places(app), clock.now)
        except SQLAlchemyError as error:
            log.warning("document job %s was left to the worker: %s", number, type(error).__name__)
        finally:
            outcome.set_result(made)

    threading.Thread(target=run, name=f"document {number}", daemon=True).start()
    return outcome


def beating(app: Flask) -> Beat:
    """Holds a lease from a thread of its own, so that it is held however long the printing takes, and no longer than the process lives."""

    @contextmanager
    def beat(number: int, tries: int) -> Iterator[None]:
        over = threading.Event()

        def hold() -> None:
            while not over.wait(PRINT_BEAT.total_seconds()):
                try:
                    with app.app_context():
                        service.prolong(number, tries, clock.now())
                except SQLAlchemyError as error:
                    log.warning("the lease of document job %s was not prolonged: %s", number, type(error).__name__)

        thread = threading.Thread(target=hold, name=f"lease {number}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    return beat
