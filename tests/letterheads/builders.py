"""Pictures and letterheads as tests need them."""

import io
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from PIL import Image

from procure.accounts.models import Person
from procure.domain.letterheads import Logo
from procure.infra import clock
from procure.infra.storage import Storage, storage_at
from procure.letterheads import service
from procure.letterheads.models import CityLetterhead
from tests import factories

WORDS = {
    "unit": {"fi": "Hankintapalvelut", "sv": "Upphandlingstjänster"},
    "place": {"fi": "Tampere"},
    "footer": {"fi": "Jalkarivi"},
}
FACTS = {"post_code": "33100", "phone": "+358 3 000 0000", "business_id": "1234567-1", "email": "hankinnat@tampere.example"}


def picture(
    form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (120, 80), colour: Any = (11, 60, 73), **options: Any
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, colour).save(made, form, **options)
    return made.getvalue()


def clear_picture() -> bytes:
    """Half of it is transparent."""
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    image.paste((179, 38, 30, 255), (0, 0, 60, 80))
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def storage() -> Storage:
    return storage_at(current_app.config["SETTINGS"].storage_url)


def kept_logo(content: bytes | None = None, name: str = "logo.png") -> Logo:
    return service.receive_logo(io.BytesIO(picture() if content is None else content), name, storage(), None)


def save(person: Person, seen: int = 0, valid_from: date | None = None, **changes: Any) -> CityLetterhead:
    """The next edition of that person's city, with the logo of the tests."""
    values: dict[str, Any] = {"words": WORDS, "facts": FACTS, "both_names": False, "logo": kept_logo()} | changes
    today = clock.today()
    made = service.save(
        service.Wanted(valid_from=valid_from or today, **values), seen, factories.actor_of(person), today, clock.now()
    )
    assert made is not None
    return made


def path_of(logo: Logo) -> Path:
    return storage().folder / logo.storage_key[:2] / logo.storage_key  # type: ignore[attr-defined]
