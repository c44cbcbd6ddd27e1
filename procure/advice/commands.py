"""`procure advise` and `procure deadline`: the rules from the command line. Neither needs a database."""

import json
import shlex
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO, Final

import click

from procure.advice import answers
from procure.catalogue import casefiles, deadlines
from procure.catalogue.advice_texts import texts
from procure.catalogue.calendar import FIRST_YEAR, LAST_YEAR, finnish
from procure.catalogue.rulebook import rulebook
from procure.domain.advice.advising import advise as advise_on
from procure.domain.calendar import OutOfCalendar
from procure.domain.casefile import LARGEST, CaseFile, CaseFileError
from procure.domain.deadlines import DELIVERIES, EMAIL, Counted, Deadline
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Refusal
from procure.infra import clock

LONGEST_LINE: Final = 1_000
"""Characters of one line of deadlines: more is no rule with a date."""
STANDARD_INPUT: Final = "-"


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD, and nothing that merely resembles one."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        return value if isinstance(value, date) else day_in(str(value))


def day_in(text: str) -> date:
    """The date in `text`. Raises click.UsageError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise click.UsageError(f"{_short(text)} is not a date: write it as YYYY-MM-DD, such as 2026-11-24")
    return day


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


@click.command()
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--on", type=Day(), metavar="DATE", help="The day whose rules are taken; else the planned start, else today.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fi", show_default=True, help="Language of the sentences.")
def advise(files: tuple[str, ...], on: date | None, language: str) -> None:
    """Say which procedures are open to the case in each FILE (a case file, - for standard input), why, and by when.

    One file: one JSON object. Several: one object a line, in their order.
    """
    if not files:
        raise click.UsageError("name a case file, or - for standard input")
    failed = False
    for name in files:
        try:
            found = _advice(name, on, language)
        except (CaseFileError, OutOfCalendar, OSError) as error:
            failed = True
            _complain(name if len(files) > 1 else "", error)
            continue
        click.echo(json.dumps(found, ensure_ascii=False, indent=None if len(files) > 1 else 2))
    if failed:
        raise click.exceptions.Exit(2)


def _advice(name: str, on: date | None, language: str) -> dict[str, Any]:
    case = casefiles.read(_content(name))
    try:
        advice = advise_on(case, rulebook(), clock.today(), on)
    except OutOfCalendar as error:
        raise OutOfCalendar(f"{_unusable_day(case)}: {error}") from error
    return answers.document(advice, texts(), language)


def _content(name: str) -> bytes:
    """At most one byte more than a case file may have: a larger one is refused without being held in memory."""
    if name == STANDARD_INPUT:
        return _at_most(sys.stdin.buffer)
    with open(name, "rb") as file:
        return _at_most(file)


def _at_most(file: BinaryIO) -> bytes:
    return file.read(LARGEST + 1)


def _unusable_day(case: CaseFile) -> str:
    """The key whose date lies outside the years that can be counted in."""
    days = {
        "start": case.start,
        "contract_needed_by": case.contract_needed_by,
        "prior_information_notice": case.prior_information_notice,
        "estimated_value.date": case.estimated_value.date,
    }
    unusable = (key for key, day in days.items() if day is not None and not FIRST_YEAR <= day.year < LAST_YEAR)
    return next(unusable, "--on")


def _complain(name: str, error: Exception) -> None:
    """One line on standard error, as the program says everything that is wrong."""
    problem = error.strerror or "cannot be read" if isinstance(error, OSError) else str(error)
    place = _short(name)[1:-1] if name or not isinstance(error, OSError) else _short(str(error.filename))[1:-1]
    line = f"procure: {place}: {problem}" if place else f"procure: {problem}"
    click.echo(" ".join(line.split()), err=True)


@click.command()
@click.argument("rule", required=False)
@click.argument("day", required=False, metavar="DATE")
@click.option("--by", type=click.Choice(DELIVERIES), default=EMAIL, show_default=True, help="How a decision was sent.")
@click.option("--minus", is_flag=True, help="Count backwards from the date.")
@click.option("--list", "listed", is_flag=True, help="Print every rule with its length and its section of law.")
def deadline(rule: str | None, day: str | None, by: str, minus: bool, listed: bool) -> None:
    """Count the period RULE from DATE over Finnish working days.

    With - for RULE the same arguments are read from standard input, one set a line, and answered with one JSON object a line.
    """
    if listed:
        for line in _listed():
            click.echo(line)
    elif rule == STANDARD_INPUT and day is None:
        _bulk(_lines(sys.stdin.buffer))
    elif not rule or not day:
        raise click.UsageError("give a rule and a date, such as: procure deadline standstill 2026-11-24; --list prints the rules")
    else:
        click.echo(json.dumps(_answer(rule, day, by, minus), ensure_ascii=False))


ONE_LINE: Final = click.Command(
    "deadline",
    params=[
        click.Argument(["rule"]),
        click.Argument(["day"]),
        click.Option(["--by"], type=click.Choice(DELIVERIES), default=EMAIL),
        click.Option(["--minus"], is_flag=True),
    ],
    add_help_option=False,
)
"""The same arguments within a line, where there is nobody to ask for help."""


def _bulk(lines: Iterable[str]) -> None:
    failed = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = _answer(*_arguments(line))
        except click.UsageError as error:
            failed = True
            click.echo(f"procure: line {number}: {error.format_message()}", err=True)
        else:
            click.echo(json.dumps(found, ensure_ascii=False))
    if failed:
        raise click.exceptions.Exit(2)


def _lines(file: BinaryIO) -> Iterator[str]:
    """Line by line; of an endless one only the beginning is kept."""
    while chunk := file.readline(LONGEST_LINE):
        line = chunk
        while chunk and not chunk.endswith(b"\n"):
            chunk = file.readline(LONGEST_LINE)
            if chunk and len(line) <= LONGEST_LINE:
                line += b"\0"
        yield line.decode("utf-8", "replace")


def _arguments(line: str) -> tuple[str, str, str, bool]:
    """RULE DATE [--by HOW] [--minus], as on the command line. Raises click.UsageError."""
    if len(line) >= LONGEST_LINE or "\0" in line:
        raise click.UsageError(f"the line is longer than {LONGEST_LINE - 1} characters or holds a NUL")
    try:
        given = ONE_LINE.make_context("deadline", shlex.split(line)).params
    except (click.ClickException, ValueError) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        raise click.UsageError(" ".join(message.split()) or "not a set of arguments") from error
    return given["rule"], given["day"], given["by"], given["minus"]


def _answer(rule: str, day: str, by: str, minus: bool) -> dict[str, Any]:
    """One deadline. Raises click.UsageError, whose line says what is known."""
    try:
        return _counted(deadlines.catalogue().count(rule, day_in(day), finnish(), by, minus))
    except OutOfCalendar as error:
        raise click.UsageError(f"{day}: {error}") from error
    except Refusal as refusal:
        raise click.UsageError(_words(refusal, rule)) from refusal


def _words(refusal: Refusal, rule: str) -> str:
    known = deadlines.catalogue()
    code = refusal.reasons[0].code
    if code == "deadline_not_counted":
        return f"{rule} is a rule to know, not a period to count ({refusal.reasons[0].citation})"
    if code == "deadline_not_from_receipt":
        return f"--by letter: {rule} is not counted from the receipt of a decision ({refusal.reasons[0].citation})"
    return f"unknown rule {_short(rule)}; known are {', '.join(known.ids)}"


def _counted(found: Counted) -> dict[str, Any]:
    return {
        "rule": found.rule.id,
        "event": found.event.isoformat(),
        "counted_from": found.counted_from.isoformat(),
        "last_day": found.last_day.isoformat(),
        "rolled_last_day": found.rolled_last_day.isoformat(),
        "rolled": found.rolled,
        "safe_from": None if found.safe_from is None else found.safe_from.isoformat(),
        "citation": found.rule.citation,
    }


def _listed() -> Iterator[str]:
    """Rule, length and citation, a line each, in columns."""
    known = deadlines.catalogue()
    rows = [known.of(rule, clock.today()) for rule in known.ids]
    width = max(len(row.id) for row in rows)
    for row in rows:
        yield f"{row.id.ljust(width)}  {_length(row).ljust(20)}  {row.citation}"


def _length(row: Deadline) -> str:
    days, months = f"{row.days} days", f"{row.months} months"
    if row.limit == "window":
        return f"{days} to {months}"
    return months if row.months else days
