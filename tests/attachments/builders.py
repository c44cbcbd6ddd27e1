"""Attachments in the shape the service makes them."""

import io

from flask import current_app

from procure.accounts.models import Person
from procure.attachments import service
from procure.attachments.models import Attachment
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.infra.scanner import Scanner
from procure.infra.storage import Storage, storage_at
from tests.attachments.files import pdf
from tests.factories import actor_of


def storage() -> Storage:
    """The storage of the running application."""
    return storage_at(current_app.config["SETTINGS"].storage_url)


def arrived(name: str = "offer.pdf", content: bytes | None = None, scanner: Scanner | None = None) -> service.Arrived:
    """A file that has been looked through and kept."""
    return service.receive(io.BytesIO(pdf() if content is None else content), name, storage(), scanner)


def attach(
    case: Case,
    person: Person,
    title: str = "Offer of one supplier",
    name: str = "offer.pdf",
    content: bytes | None = None,
    scanner: Scanner | None = None,
    tender_material: bool = False,
) -> Attachment:
    """An attachment of the case in its first version."""
    file = arrived(name, content, scanner)
    made = service.add(case, title, "", file, actor_of(person), clock.today(), clock.now(), tender_material)
    db.session.commit()
    return made


def attach_version(case: Case, attachment: Attachment, person: Person, content: bytes, name: str = "offer.pdf") -> None:
    service.add_version(case, attachment, "", arrived(name, content), actor_of(person), clock.today(), clock.now())
    db.session.commit()
