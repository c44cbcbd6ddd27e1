"""Each drill in small on the real thing: gunicorn, the worker, a mail server, both databases; `python -m tests.drills` is full size."""

import pytest

from tests.conftest import each_database
from tests.drills import doubles, editors, kills, mails

NOISE = 20.0
"""A few pages on a machine that runs other tests say nothing about speed: the drill in full measures it."""

on_each_database = pytest.mark.parametrize("kind", each_database())


@on_each_database
def test_many_people_on_one_case_lose_nothing_that_was_acknowledged(kind: str) -> None:
    report = editors.run(kind, clients=8, turns=3)

    assert not report.problems, report
    assert "0 / 0 / 0" not in report.figures["answers: saved/refused/unknown"]


@on_each_database
def test_what_was_acknowledged_is_whole_after_processes_were_killed(kind: str) -> None:
    report = kills.run(kind, saves=50, clients=6, kills=5, cases=2)

    assert not report.problems, report
    assert report.figures["killed: web / worker / sessions"] == ("5 / 1 / 1" if kind == "postgresql" else "5 / 1 / 0")


@on_each_database
def test_an_hour_without_a_mail_server_costs_no_letter(kind: str) -> None:
    report = mails.run(kind, letters=20, slower_at_most=NOISE)

    assert not report.problems, report
    assert report.figures["parked after ten tries"] == str(mails.PARKED)


@on_each_database
def test_what_is_sent_twice_at_once_is_done_once_and_answered_alike(kind: str) -> None:
    report = doubles.run(kind, pairs=12, at_once=2)

    assert not report.problems, report
    assert {name: figure for name, figure in report.figures.items() if "pairs" in name} == {
        f"{name}: pairs / redirects": "2 / 4" for name in (*doubles.KINDS, "stage")
    }
