"""Names of files are cleaned of what hides or misleads, and say one kind."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.attachments import FILE_KINDS, LONGEST_NAME, clean_name, ending_of


@pytest.mark.parametrize(("given_name", "cleaned"), [
    ("offer.pdf", "offer.pdf"),
    ("Tarjous ÄÖ.PDF", "Tarjous ÄÖ.PDF"),
    ("C:\\Users\\a\\offer.pdf", "offer.pdf"),
    ("../../etc/passwd.txt", "passwd.txt"),
    ("/etc/cron.d/x.txt", "x.txt"),
    ("offer\r\nSet-Cookie: a=b.pdf", "offer Set-Cookie_ a=b.pdf"),
    ("offer\x00.pdf", "offer.pdf"),
    ("exe.\u202efdp.offer.exe", "exe.fdp.offer.exe"),
    ("offer\u2066fdp\u2069.exe", "offerfdp.exe"),
    ("of\u200bfer\ufeff.pdf", "offer.pdf"),
    ("a\u0308.pdf", "ä.pdf"),
    ("  offer   of  one .pdf ", "offer of one.pdf"),
    ("offer.pdf. . ", "offer.pdf"),
    ('say "hi" <b>|?*:.txt', "say _hi_ _b_____.txt"),
    ("...", ""), ("", ""), ("/", ""), ("\u202e", ""), ("folder/", ""),
    (".htaccess", "htaccess"),
    ("x" * 500 + ".docx", "x" * (LONGEST_NAME - 5) + ".docx"),
    ("x." + "y" * 500, "x." + "y" * (LONGEST_NAME - 2)),
])  # fmt: skip
def test_a_name_keeps_what_a_person_would_read(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=400))
def test_no_name_hides_anything(text: str) -> None:
    name = clean_name(text)

    assert len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*')
    assert all(unicodedata.category(char)[0] not in "C" for char in name)
    assert name == name.strip(". ")
    assert clean_name(name) == name


@pytest.mark.parametrize(("name", "ending"), [
    ("offer.pdf", "pdf"), ("OFFER.PDF", "pdf"), ("offer.pdf.exe", "exe"), ("offer", ""), (".pdf", ""), ("offer.", ""),
])  # fmt: skip
def test_the_ending_is_what_stands_after_the_last_dot(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_only_what_runs_nothing_is_shown_in_the_browser() -> None:
    assert {kind.ending for kind in FILE_KINDS.values() if kind.inline} == {"pdf", "png", "jpg", "jpeg"}


@pytest.mark.parametrize(
    "ending", ["svg", "html", "htm", "exe", "js", "docm", "xlsm", "doc", "xls", "bat", "ps1", "jar", "lnk", ""]
)
def test_what_can_run_is_not_taken(ending: str) -> None:
    assert ending not in FILE_KINDS
