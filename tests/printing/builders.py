"""Documents that are asked for and not printed yet, and processes that print what was left behind."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from procure.domain.leases import PRINT_LEASE
from procure.infra import clock, pdf
from procure.infra.db import db
from procure.printing import apart, service
from procure.printing.models import DocumentJob


@contextmanager
def dying(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Web processes that begin what is asked for and never end it."""
    with monkeypatch.context() as patched:
        patched.setitem(app.config, "PRINT_PATIENCE_SECONDS", 0)
        patched.setattr(apart, "begin", lambda *_job: Future())
        yield


def print_due(leases: int = 1) -> None:
    """What the worker does once the leases of dead processes have run out."""
    service.make_due(apart.places(current_app), lambda: clock.now() + PRINT_LEASE * leases)


def jobs() -> list[DocumentJob]:
    return list(db.session.scalars(select(DocumentJob).order_by(DocumentJob.id).execution_options(populate_existing=True)))


class Printers:
    """Counts what is printed; fails with `reasons`, one after another, as long as there are some."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.printed = 0
        self.reasons: list[str] = []
        self._make = pdf.printed
        monkeypatch.setattr(pdf, "printed", self)

    def __call__(self, job: pdf.Job) -> bytes:
        self.printed += 1
        if self.reasons:
            raise pdf.PdfFailed(self.reasons.pop(0))
        return self._make(job)
