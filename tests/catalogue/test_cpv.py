"""The list of CPV codes that ships, and the import of the official one."""

from pathlib import Path

import pytest

from procure.catalogue import cpv
from procure.catalogue.reading import CatalogueError

HEADER = "code,parent,en,fi,sv\n"
SOFTWARE = '48000000,,"Software, packages",Ohjelmat,Program\n'
WORMS = "48999999,48900000,Worms,Madot,Maskar\n"


def imported(folder: Path, source: str, digits: str = "") -> cpv.CpvList:
    (folder / "official.csv").write_text(source, encoding="utf-8")
    (folder / "digits.csv").write_text(digits, encoding="utf-8")
    target = folder / "cpv-official.csv"
    cpv.import_official(folder / "official.csv", folder / "digits.csv" if digits else None, target)
    return cpv.load(target)


def test_the_start_list_has_all_45_divisions_and_all_272_groups_below_them() -> None:
    codes = cpv.load().codes
    assert len(cpv.load().divisions) == 45
    assert len([code for code in codes if code.endswith("00000") and not code.endswith("000000")]) == 272
    assert {code[:2] for code in codes} == cpv.load().divisions


def test_every_code_of_the_start_list_has_a_check_digit_and_three_names() -> None:
    known = cpv.load()
    assert set(known.check_digits) == set(known.codes)
    assert known.codes["48000000"].written == "48000000-8"
    assert known.name("50232100", "sv") == "Underhåll av gatubelysning"
    assert known.name("72000000", "fi").startswith("Tietotekniset palvelut")


def test_a_code_that_is_not_in_the_list_has_no_name_but_a_nearest_code_above() -> None:
    known = cpv.load()
    assert known.name("48000001", "fi") == ""
    nearest = known.nearest("48000001")
    assert nearest is not None
    assert nearest.code == "48000000"
    assert known.nearest("99000000") is None


@pytest.mark.parametrize("typed", ["48000000", "48000000-8", " 48000000- "])
def test_a_code_is_found_by_its_digits(typed: str) -> None:
    assert [entry.code for entry in cpv.load().search(typed, "fi")] == ["48000000"]


def test_a_beginning_of_a_code_finds_the_codes_below_in_their_order() -> None:
    codes = [entry.code for entry in cpv.load().search("731", "en")]
    assert codes[0] == "73100000"
    assert codes == sorted(codes)
    assert len(cpv.load().search("7", "en", limit=3)) == 3


@pytest.mark.parametrize(
    ("typed", "language", "code"),
    [
        ("street lighting", "en", "34928500"),
        ("LIGHTING street", "en", "34928500"),
        ("SAHKOajoneuvot", "fi", "34144900"),
        ("gatubelysning", "sv", "50232100"),
        ("belysning", "sv", "34928500"),
    ],
)
def test_a_code_is_found_by_words_whatever_their_case_order_and_accents(typed: str, language: str, code: str) -> None:
    assert code in [entry.code for entry in cpv.load().search(typed, language, limit=50)]


def test_names_with_the_word_at_its_beginning_come_before_compounds() -> None:
    found = [entry.name.fi.casefold() for entry in cpv.load().search("valaistus", "fi", limit=50)]
    starts = [f" {name}".find(" valaistus") >= 0 for name in found]
    assert starts == sorted(starts, reverse=True)
    assert {True, False} == set(starts)


@pytest.mark.parametrize("typed", ["", "  ", "…", "xyzzy"])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert cpv.load().search(typed, "fi") == ()


def test_an_imported_list_is_added_and_wins_over_the_start_list(tmp_path: Path) -> None:
    known = imported(tmp_path, HEADER + SOFTWARE + WORMS, "code,check_digit\n48999999,3\n")
    assert known.name("48999999", "sv") == "Maskar"
    assert known.check_digits["48999999"] == "3"
    assert known.name("48000000", "en") == "Software, packages"
    assert known.check_digits["48000000"] == "8"
    assert known.name("73000000", "en") == cpv.load().name("73000000", "en")


def test_without_a_file_of_digits_a_new_code_has_none(tmp_path: Path) -> None:
    known = imported(tmp_path, HEADER + WORMS)
    assert known.codes["48999999"].written == "48999999"
    assert "48999999" not in known.check_digits


def test_a_second_import_is_seen_at_once(tmp_path: Path) -> None:
    assert imported(tmp_path, HEADER + WORMS).name("48999999", "en") == "Worms"
    assert imported(tmp_path, HEADER + WORMS.replace("Worms", "Earthworms")).name("48999999", "en") == "Earthworms"


def test_a_list_that_nobody_imported_is_the_start_list(tmp_path: Path) -> None:
    assert cpv.load(tmp_path / "none.csv") is cpv.load()


@pytest.mark.parametrize(
    ("source", "digits", "message"),
    [
        ("", "", "official.csv:1: the column code, fi, sv, en is missing"),
        ("code,en,fi\n", "", "official.csv:1: the column sv is missing"),
        (HEADER, "", "official.csv:1: the list has no codes"),
        (HEADER + SOFTWARE + SOFTWARE, "", "official.csv:3: code 48000000 is given twice"),
        (HEADER + "4800,,a,b,c\n", "", "official.csv:2: '4800' is not a code of eight digits"),
        (HEADER + "48000000-8,,a,b,c\n", "", "official.csv:2: '48000000-8' is not a code of eight digits"),
        (HEADER + "99000000,,a,b,c\n", "", "official.csv:2: code 99000000 begins with a division that does not exist"),
        (HEADER + "48000000,,a,,c\n", "", "official.csv:2: 48000000 has no name in fi"),
        (HEADER + "48000000,,a,b\n", "", "official.csv:2: the row has 4 values, not 5"),
        (HEADER + '48000000,,"a,b,c\n', "", "official.csv:"),
        (HEADER + SOFTWARE, "code,check_digit\n48000000,x\n", "digits.csv:2: the check digit of 48000000 is 'x', not one digit"),
        (HEADER + SOFTWARE, "code,check_digit\n48000000,\n", "digits.csv:2: the check digit of 48000000 is '', not one digit"),
        (HEADER + SOFTWARE, "code,check_digit\n48000000,1\n48000000,2\n", "digits.csv:3: code 48000000 has two check digits"),
    ],
)
def test_a_wrong_list_is_refused_with_file_and_line_and_nothing_is_written(
    tmp_path: Path, source: str, digits: str, message: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        imported(tmp_path, source, digits)
    assert message in str(caught.value)
    assert not (tmp_path / "cpv-official.csv").exists()


def test_a_list_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes((HEADER + SOFTWARE + WORMS).encode() + "48000001,,ä,ä,ä\n".encode("latin-1"))
    with pytest.raises(CatalogueError, match=r"latin\.csv:\d+: "):
        cpv.import_official(tmp_path / "latin.csv", None, tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[codes]\n"48000000" = ["8", "a", "b", "c"]\n"48100000" = ["99", "a", "b", "c"]\n',
            "list.toml:3: the check digit of 48100000",
        ),
        ('[codes]\n\n"48000000" = ["8", "a", "b"]\n', "list.toml:3: 48000000 needs a check digit and the names in fi, sv, en"),
        ('[codes]\n48000000 = "Software"\n', "list.toml:2: 48000000 needs a check digit"),
        ("[other]\n", "list.toml:1: the file must have the table [codes] and nothing else"),
        ("codes\n", "list.toml"),
    ],
)
def test_a_fault_of_the_start_list_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        cpv._start_list(path)
    assert message in str(caught.value)
