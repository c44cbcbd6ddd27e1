"""Asking for a dossier. It is made by another process (`dossier_making`), which alone needs what binds PDFs."""

from datetime import datetime
from typing import Final

from procure.cases.models import Case
from procure.documents import dossier_queries
from procure.documents.dossier_models import Dossier
from procure.domain.dossiers import Choice
from procure.domain.leases import ASKED
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db

NOTHING_CHOSEN: Final = Choice()


def ask(case: Case, by: Actor, now: datetime, choice: Choice = NOTHING_CHOSEN) -> Dossier:
    """A new dossier, to be made in the background; the case is locked. Raises Refusal `dossier_open`: one is being made already."""
    if dossier_queries.open_in(case) is not None:
        raise Refusal(Reason("dossier_open"))
    made = Dossier(
        case_id=case.id, number=dossier_queries.last_number(case) + 1, language=case.language, state=ASKED, asked_by_id=by.id,
        asked_by=by.name, asked_at=now, due_at=now, choice=choice.row(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made
