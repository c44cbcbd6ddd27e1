"""Finnish words are divided where Finnish divides them."""

from collections.abc import Iterator

import pyphen
import pytest

from procure.infra.hyphenation import teach_finnish


@pytest.fixture
def finnish() -> Iterator[pyphen.Pyphen]:
    teach_finnish()
    yield pyphen.Pyphen(lang="fi", left=2, right=2)
    del pyphen.LANGUAGES["fi"], pyphen.LANGUAGES_LOWERCASE["fi"]


@pytest.mark.parametrize(
    "divided",
    [
        "mark-ki-na-vuo-ro-pu-he-lu", "suun-ni-tel-ma", "pai-kal-li-nen", "mää-rä-ai-ka", "han-kin-ta-il-moi-tus",
        "tar-jous-a-si-a-kir-ja", "kau-pun-gin-o-sa", "va-li-tus-o-soi-tus", "so-pi-mus-eh-dot", "han-kin-ta-yk-sik-kö",
        "vä-him-mäis-kri-tee-ri", "ke-hi-tys-pro-jek-ti", "elin-kaa-ri-kus-tan-nuk-set",
    ],
)  # fmt: skip
def test_syllables_and_the_parts_of_compounds(finnish: pyphen.Pyphen, divided: str) -> None:
    assert finnish.inserted(divided.replace("-", "")) == divided
