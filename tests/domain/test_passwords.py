"""Which passwords are refused, and why."""

import pytest

from procure.domain.passwords import LONGEST, SHORTEST, weakness

NAMES = ("maija.meikalainen@tampere.example", "Maija Meikäläinen", "Tampere", "Tammerfors", "Tampere")


@pytest.mark.parametrize("password", ["", "x", "abcdefghijk", "aä1!bö2?cå3"])
def test_fewer_than_twelve_characters_are_too_short(password: str) -> None:
    assert weakness(password, NAMES) == "password_short"


def test_the_limits_themselves_are_allowed() -> None:
    longest = ("kolme harmaata kissaa " * 6)[:LONGEST]

    assert weakness("kissa-harmaa", NAMES) is None
    assert len("kissa-harmaa") == SHORTEST
    assert len(longest) == LONGEST
    assert weakness(longest, NAMES) is None
    assert weakness(longest + "x", NAMES) == "password_long"


@pytest.mark.parametrize(
    "password",
    [
        "Password1234", "salasana2026", "Salasana123!", "lösenord12345", "qwerty123456", "tervetuloa12", "Procure2026!", "hankinta2026!",
        "upphandling1", "Kesä2026kesä", "adminadmin12", "Welcome12345!",
    ],
)  # fmt: skip
def test_common_words_with_a_tail_are_easy_to_guess(password: str) -> None:
    assert weakness(password, ()) == "password_common"


@pytest.mark.parametrize(
    "password", ["Tampere2026!", "TAMPERE-12345", "tammerfors99", "Meikäläinen1!", "maija-2026-x", "Maijatampere1"]
)
def test_the_own_name_and_the_name_of_the_city_are_easy_to_guess(password: str) -> None:
    assert weakness(password, NAMES) == "password_common"


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "121212121212", "abababababab", "AaAaAaAaAaAa"])
def test_few_different_characters_are_easy_to_guess(password: str) -> None:
    assert weakness(password, NAMES) == "password_common"


@pytest.mark.parametrize(
    "password",
    [
        "aamukahvi ja sateenvarjo",
        "vihreä ovi 77 lumiukkoa",
        "fV9#kq2Lz!pW",
        "日本語のパスワードは長い方がよい",
        "Tampere on kaunis syksyllä",
    ],
)
def test_several_words_in_a_row_will_do(password: str) -> None:
    assert weakness(password, NAMES) is None


def test_short_words_of_names_do_not_count() -> None:
    assert weakness("ulla-on-metsässä-tänään", ("u@ii.example", "Ulla Ii", "Ii")) is None
