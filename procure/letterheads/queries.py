"""Finding letterheads. Those of a case are asked for its own city, whoever reads it: a partner's never stand on its documents."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from procure.domain.letterheads import Letterhead, Logo, Sender
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db
from procure.letterheads.models import CityLetterhead


def letterhead_of(row: CityLetterhead) -> Letterhead:
    logo = None
    if row.logo_sha256:
        logo = Logo(row.logo_sha256, row.logo_key, row.logo_width, row.logo_height, row.logo_size)
    return Letterhead(row.edition, row.valid_from, row.words, row.facts, row.both_names, logo)


def editions_of(organisation_id: int) -> tuple[Letterhead, ...]:
    """Every edition of a city, for its documents."""
    statement = select(CityLetterhead).where(CityLetterhead.organisation_id == organisation_id).order_by(CityLetterhead.edition)
    return tuple(letterhead_of(row) for row in db.session.scalars(statement))


def sender_for(by: Actor) -> Sender:
    """The person's own city, for what it writes that belongs to no case."""
    return Sender(by.organisation_names, editions_of(by.organisation_id))


def history_for(by: Actor) -> Sequence[CityLetterhead]:
    """The editions of the person's own city, the newest first."""
    if by.role not in CITY_ROLES:
        return []
    statement = select(CityLetterhead).where(CityLetterhead.organisation_id == by.organisation_id)
    return db.session.scalars(statement.order_by(CityLetterhead.edition.desc())).all()


def edition_for(by: Actor, edition: int) -> Letterhead | None:
    """One edition of the person's own city; None when it is not there or another city's."""
    return edition_of(by.organisation_id, edition) if by.role in CITY_ROLES else None


def edition_of(organisation_id: int, edition: int) -> Letterhead | None:
    if not 0 < edition < 2**31:
        return None
    row = db.session.scalar(
        select(CityLetterhead).where(CityLetterhead.organisation_id == organisation_id, CityLetterhead.edition == edition)
    )
    return letterhead_of(row) if row is not None else None


def last_of(organisation_id: int) -> CityLetterhead | None:
    """The edition saved last, as it is now that the city is locked."""
    statement = select(CityLetterhead).where(CityLetterhead.organisation_id == organisation_id)
    statement = statement.order_by(CityLetterhead.edition.desc()).limit(1)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def stored() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every logo that the storage must have: `storage_key` and `sha256`, each once. For who looks after the server."""
    columns = (CityLetterhead.logo_key.label("storage_key"), CityLetterhead.logo_sha256.label("sha256"))
    statement = select(*columns, func.min(CityLetterhead.id)).where(CityLetterhead.logo_sha256 != "").group_by(*columns)
    return db.session.execute(statement.order_by("storage_key")).all()
