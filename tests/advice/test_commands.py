"""`procure advise` and `procure deadline`, run as programs: what goes in, what comes out, and how they refuse."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from procure.domain.language import LANGUAGES
from procure.domain.procedures import PROCEDURE_IDS

SMALL: dict[str, Any] = {
    "format": "procure-case/1", "title": "Bins", "buyer": "837", "contract_kind": "goods",
    "estimated_value": {"amount": "300000"}, "start": "2026-12-01",
}  # fmt: skip
ROOM = 1_500_000_000
"""Bytes of address space: far less than an endless input would take."""


def run(*arguments: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "procure", *arguments]
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))  # noqa: E731 - in the child, before the program
    return subprocess.run(command, input=text, capture_output=True, timeout=60, check=False, preexec_fn=limit)


def case_file(**keys: Any) -> bytes:
    return json.dumps({**SMALL, **keys}).encode()


def line(result: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on standard error of a run that refused."""
    assert result.returncode == 2, result.stderr
    text = result.stderr.decode()
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text.strip()


def test_the_advice_is_one_object_with_everything_the_format_names() -> None:
    result = run("advise", "-", "--language", "en", text=case_file(contract_needed_by="2027-06-01"))
    assert (result.returncode, result.stderr) == (0, b"")
    found = json.loads(result.stdout)
    assert list(found) == [
        "format", "rules_on", "regime", "thresholds", "value", "procedures", "innovation", "timeline", "warnings",
    ]  # fmt: skip
    assert (found["format"], found["rules_on"], found["regime"]) == ("procure-advice/1", "2026-12-01", "eu")
    assert found["thresholds"][1] == {
        "id": "eu-2026-subcentral-goods-services", "amount": "216000", "reached": True, "valid_from": "2026-01-01",
        "valid_to": "2027-12-31", "citation": "1397/2016 26 § 1 mom 2 k + 3 mom; Dir 2014/24/EU Art 4(c), 6",
    }  # fmt: skip
    assert found["value"]["compared"] == "300000"
    assert sorted(row["id"] for row in found["procedures"]) == sorted(PROCEDURE_IDS)
    assert all(reason["text"] and reason["citation"] for row in found["procedures"] for reason in row["reasons"])
    assert found["innovation"]["hilma"] == {
        "innovationConsidered": None, "solutionNewToBuyer": None, "solutionNewToMarketOrIndustry": None,
    }  # fmt: skip
    assert found["timeline"]["procedure"] == "open"
    assert found["timeline"]["steps"][0] == {
        "stage": "contract_notice", "starts": "2026-12-01", "last_day": "2026-12-01", "min_days": None, "rolled": False,
        "citation": "1397/2016 58–60 §, 69 §",
    }  # fmt: skip
    assert found["timeline"]["feasible"] is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_that_is_missing_is_named_by_the_key_it_has_in_the_file(language: str) -> None:
    result = run("advise", "--language", language, "-", text=case_file())
    reasons = [reason for procedure in json.loads(result.stdout)["procedures"] for reason in procedure["reasons"]]
    missing = {reason["text"].rpartition(" (")[2] for reason in reasons if reason["code"] == "fact_missing"}
    assert "market.availability)" in missing


def test_the_sentences_come_in_the_language_asked_for() -> None:
    said = {language: run("advise", "-", "--language", language, text=case_file()).stdout for language in LANGUAGES}
    labels = {json.loads(text)["innovation"]["label"] for text in said.values()}
    assert labels == {"Tavanomainen hankinta", "Sedvanlig upphandling", "Ordinary procurement"}


def test_another_day_takes_the_rules_of_that_day() -> None:
    found = json.loads(run("advise", "-", "--on", "2024-06-03", text=case_file()).stdout)
    assert (found["rules_on"], found["thresholds"][1]["amount"]) == ("2024-06-03", "221000")


def test_several_files_are_answered_a_line_each_and_a_bad_one_holds_up_no_other(tmp_path: Path) -> None:
    good, bad, other = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "other.json"
    good.write_bytes(case_file())
    bad.write_bytes(case_file(colour="red"))
    other.write_bytes(case_file(estimated_value={"amount": "5"}))
    result = run("advise", str(good), str(bad), str(tmp_path / "none.json"), str(tmp_path), str(other))
    assert result.returncode == 2
    assert [json.loads(text)["regime"] for text in result.stdout.splitlines()] == ["eu", "below_national"]
    complaints = result.stderr.decode().splitlines()
    assert len(complaints) == 3
    assert "colour" in complaints[0]


DEEP = b'{"format":"procure-case/1","facts":' + b"[" * 60 + b"]" * 60 + b"}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "line 1, column 1"),
        (b"", "empty"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[]", "object"),
        (case_file() + b"{}", "not JSON"),
        (case_file()[:-1] + b', "title": "Twice"}', "title"),
        (case_file(estimated_value={"amount": 300000.5}), "estimated_value.amount"),
        (case_file(estimated_value={"amount": "1e9"}), "estimated_value.amount"),
        (case_file(estimated_value={"amount": "9" * 16}), "estimated_value.amount"),
        (case_file(market={"known_suppliers": 10**400}), "market.known_suppliers"),
        (case_file(start="2026-02-30"), "start"),
        (case_file(start="2150-01-01"), "start"),
        (case_file(contract_needed_by="0001-01-01"), "contract_needed_by"),
        (case_file(urgency="very"), "urgency"),
        (case_file(need=None), "need"),
        (DEEP, "levels deep"),
    ],
)
def test_a_file_that_is_no_case_file_ends_with_one_line_that_names_the_place(content: bytes, said: str) -> None:
    assert said in line(run("advise", "-", text=content))


def test_a_file_of_fifty_megabytes_is_refused_without_being_held() -> None:
    assert "larger than 5 MB" in line(run("advise", "-", text=b" " * 50_000_000))


@pytest.mark.parametrize("arguments", [(), ("--on", "tomorrow", "-"), ("--on", "20261124", "-"), ("--language", "de", "-")])
def test_wrong_arguments_of_advise_end_with_one_line(arguments: tuple[str, ...]) -> None:
    line(run("advise", *arguments, text=case_file()))


def test_a_deadline_is_one_object() -> None:
    result = run("deadline", "standstill", "2026-12-10")
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(result.stdout) == {
        "rule": "standstill", "event": "2026-12-10", "counted_from": "2026-12-10", "last_day": "2026-12-24",
        "rolled_last_day": "2026-12-28", "rolled": True, "safe_from": "2026-12-29", "citation": "1397/2016 129 § 1 mom",
    }  # fmt: skip


def test_a_letter_and_counting_backwards_are_options() -> None:
    letter = json.loads(run("deadline", "standstill", "2026-11-24", "--by", "letter").stdout)
    back = json.loads(run("deadline", "open.tenders", "2026-12-29", "--minus").stdout)
    assert (letter["counted_from"], letter["safe_from"]) == ("2026-12-01", "2026-12-16")
    assert (back["rolled_last_day"], back["safe_from"]) == ("2026-11-24", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("standstil", "2026-11-24"), "known are standstill,"),
        (("standstill", "2026-02-30"), "not a date"),
        (("standstill", "24.11.2026"), "YYYY-MM-DD"),
        (("standstill", "9999-12-31"), "9999-12-31"),
        (("standstill", "2200-01-01"), "1931–2100"),
        (("archive", "2026-11-24", "--by", "letter"), "not counted from the receipt"),
        (("pin_window", "2026-11-24"), "not a period to count"),
        (("deemed_receipt_letter", "2026-11-24"), "not a period to count"),
        (("standstill",), "give a rule and a date"),
        ((), "give a rule and a date"),
    ],
)
def test_a_deadline_that_cannot_be_counted_says_why_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    assert said in line(run("deadline", *arguments))


def test_the_list_names_every_rule_with_its_length_and_section() -> None:
    rows = run("deadline", "--list").stdout.decode().splitlines()
    assert any(row.split() == ["open.tenders_electronic", "30", "days", "1397/2016", "56", "§", "3", "mom"] for row in rows)
    promised = {"standstill", "additional_info_accelerated", "restricted.tenders_after_pin", "dps.tenders", "pin_window"}
    assert promised <= {row.split()[0] for row in rows}


def test_lines_of_standard_input_are_answered_in_their_order_and_a_wrong_one_is_named() -> None:
    text = (
        b"standstill 2026-11-24\n"
        b"nothing 2026-11-24\n"
        b"\n"
        b"standstill 2026-11-24 --by letter\n"
        b"standstill\n"
        b"standstill 2026-11-24 --by pigeon\n"
        b"'standstill 2026-11-24\n"
        b"- -\n"
        b"--help\n" + b"x" * 5_000_000 + b"\n"
        b"open.tenders 2026-12-29 --minus"
    )
    result = run("deadline", "-", text=text)
    assert result.returncode == 2
    assert [json.loads(row)["rolled_last_day"] for row in result.stdout.splitlines()] == [
        "2026-12-08",
        "2026-12-15",
        "2026-11-24",
    ]
    complaints = result.stderr.decode().splitlines()
    assert [complaint.split(":")[1] for complaint in complaints] == [f" line {number}" for number in (2, 5, 6, 7, 8, 9, 10)]


def test_an_endless_line_takes_no_more_memory_than_a_short_one() -> None:
    result = run("deadline", "-", text=b"y" * 300_000_000)
    assert "longer than" in line(result)
