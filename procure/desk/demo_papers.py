"""The demo city's letterhead, with a plain mark drawn here (nobody's coat of arms), and two of its standard clauses."""

import io
from datetime import date, datetime, timedelta
from typing import Final

from flask import current_app
from PIL import Image, ImageDraw

from procure.accounts import queries as account_queries
from procure.clauses import queries as clause_queries
from procure.clauses import service as clauses
from procure.domain.clauses import Wanted
from procure.domain.letterheads import Letterhead, check_sides
from procure.domain.permissions import Actor
from procure.infra import pictures
from procure.infra.storage import storage_at
from procure.letterheads import queries as letterhead_queries
from procure.letterheads import service as letterheads

ADMINISTRATOR: Final = "admin@tampere.example"
BEGAN: Final = timedelta(days=400)
"""Before today: every demo document is younger."""
WORDS: Final = {
    "unit": {"fi": "Hankintapalvelut", "sv": "Upphandlingstjänster", "en": "Procurement services"},
    "street": {"fi": "Esimerkkikatu 1", "sv": "Exempelgatan 1"},
    "place": {"fi": "Tampere", "sv": "Tammerfors"},
    "registry": {"fi": "kirjaamo@tampere.example"},
    "footer": {"fi": "Tampereen kaupunki · www.tampere.example", "sv": "Tammerfors stad · www.tampere.example",
               "en": "City of Tampere · www.tampere.example"},
}  # fmt: skip
FACTS: Final = {
    "post_code": "33100", "phone": "+358 3 000 0000", "email": "hankinnat@tampere.example", "web": "www.tampere.example",
    "business_id": "1234567-1",
}  # fmt: skip
CLAUSES: Final = (
    (
        "tender_documents", "other", "tender_costs",
        {"fi": "Tarjouksen kustannukset", "sv": "Kostnader för anbudet", "en": "Costs of tendering"},
        {
            "fi": "Kaupunki ei maksa korvausta tarjouksen laatimisesta.",
            "sv": "Staden betalar ingen ersättning för att utarbeta anbudet.",
            "en": "The city does not pay for making a tender.",
        },
    ),
    (
        "contract", "price", "e_invoicing",
        {"fi": "Laskutus", "sv": "Fakturering", "en": "Invoicing"},
        {
            "fi": "Laskut lähetetään verkkolaskuina. Laskussa on oltava kaupungin antama viite.",
            "sv": "Fakturorna skickas som e-fakturor. Fakturan ska ha den referens som staden har gett.",
            "en": "Invoices are sent electronically and bear the reference that the city has given.",
        },
    ),
)  # fmt: skip


def load(today: date, now: datetime) -> None:
    """What is not there yet, inside the running transaction."""
    person = account_queries.person_by_email(ADMINISTRATOR)
    assert person is not None  # the demo people have just been loaded
    by = account_queries.actor(person.id)
    assert by is not None
    _load_letterhead(by, today - BEGAN, now)
    if not clause_queries.history_for(by):
        for number, (kind, part, subject, titles, texts) in enumerate(CLAUSES, start=1):
            clauses.write(number, 1, Wanted(kind, part, subject, titles, texts, today - BEGAN), False, by, now)


def _load_letterhead(by: Actor, began: date, now: datetime) -> None:
    if letterhead_queries.last_of(by.organisation_id) is not None:
        return
    picture = pictures.remade(io.BytesIO(mark()), check_sides, letterheads.LONGEST_SIDE)
    logo = letterheads.keep_logo(picture, storage_at(current_app.config["SETTINGS"].storage_url))
    letterheads.add(Letterhead(1, began, WORDS, FACTS, True, logo), by.organisation_id, by, now)


def mark() -> bytes:
    """A square, a disc and a bar, as PNG."""
    image = Image.new("RGB", (480, 480), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 479, 479), fill=(11, 60, 73))
    draw.ellipse((70, 70, 300, 300), fill=(255, 255, 255))
    draw.rectangle((70, 350, 409, 409), fill=(196, 228, 241))
    made = io.BytesIO()
    image.save(made, format="PNG")
    return made.getvalue()
