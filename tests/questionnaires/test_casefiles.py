"""Case files in and out: nothing is lost on the way."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.catalogue import questions as catalogue
from procure.domain.casefile import CaseFileError
from procure.infra import clock
from procure.questionnaires import casefiles
from tests import factories
from tests.questionnaires import answering

DEMO = sorted((Path(casefiles.__file__).parents[1] / "catalogue" / "demo").glob("*.json"))
latest = catalogue.catalogue().latest
SMALL: dict[str, Any] = {
    "format": "procure-case/1", "title": "Bins", "buyer": "837", "contract_kind": "goods", "estimated_value": {"amount": "5"},
}  # fmt: skip


def imported(document: dict[str, Any], by: Person) -> Case:
    found = casefiles.read(json.dumps(document).encode())
    city = factories.accounts.organisation_by_code(found.buyer)
    assert city is not None
    return casefiles.import_case(found, city, factories.actor_of(by), clock.today(), clock.now())


def exported(case: Case) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(casefiles.written(case, case_queries.facts_of(case_queries.answers_of(case))))
    return document


def by_value(document: dict[str, Any]) -> dict[str, Any]:
    """With money as numbers: amounts are compared by value."""

    def plain(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: plain(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return Decimal(value) if key in ("amount", "value") else value

    return {key: value if key == "facts" else plain(value, key) for key, value in document.items()}


def answers(case: Case) -> dict[str, tuple[Any, bool]]:
    return {row.question: (row.value, row.known) for row in case_queries.answers_of(case)}


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_a_demo_case_comes_back_equal(people: dict[str, Person], path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    case = imported(document, people["officer"])
    assert by_value(exported(case)) == by_value(document)
    assert by_value(exported(imported(exported(case), people["officer"]))) == by_value(document)


def test_a_case_with_everything_answered_comes_back_with_every_answer(people: dict[str, Person]) -> None:
    everything = {question.id: answering.good(question)[1] for question in latest.questions}
    case = factories.make_case(people["officer"], **everything)
    again = imported(exported(case), people["officer"])
    assert answers(again) == answers(case)
    assert exported(again) == exported(case)


def test_a_case_in_which_nothing_is_known_yet_comes_back_so(people: dict[str, Person]) -> None:
    case = factories.make_case(people["officer"])
    for question in latest.questions:
        if question.may_be_unknown:
            factories.db.session.add(
                factories.Answer(
                    case_id=case.id, question=question.id, value=None, known=False, version=1, saved_at=clock.now(), saved_by="x"
                )
            )
    factories.db.session.flush()
    again = imported(exported(case), people["officer"])
    assert answers(again) == answers(case)


def test_answers_at_their_default_are_not_forgotten(people: dict[str, Person]) -> None:
    case = factories.make_case(people["officer"], sector="classic", documents_open_online=True, urgency="none")
    assert "sector" not in exported(case)
    assert answers(imported(exported(case), people["officer"])) == answers(case)


@pytest.mark.parametrize(
    "extra",
    [
        {}, {"facts": {}}, {"facts": {"source": "x", "list": [1, {"a": False}]}}, {"market": {}, "rd": {}, "novelty": {}},
        {"themes": [], "cpv": [], "funding": [], "partners": []}, {"need": ""}, {"title": {"sv": "Kärl"}},
        {"facts": {"procure_answers": 5}}, {"facts": {"procure_answers": {"owner": 5, "nothing": True, "title": "x", "start": "x"}}},
        {"partners": ["564", "091"]}, {"procedure": "open"}, {"estimated_value": {"amount": "5.50", "method": {"fi": "Arvio"}}},
    ],
)  # fmt: skip
def test_what_a_file_says_is_said_back(people: dict[str, Person], extra: dict[str, Any]) -> None:
    document = SMALL | extra
    assert exported(imported(document, people["officer"])) == document


def test_foreign_answers_that_fit_their_question_are_taken_over_and_the_rest_stays_among_the_facts(
    people: dict[str, Person],
) -> None:
    carried = {
        "owner": {"fi": "Yksikkö"},
        "budget_line": "a\0b",
        "ipr_model": "buyer",
        "risks": {"unknown": True},
        "title": "Not this",
    }
    case = imported(SMALL | {"facts": {"procure_answers": carried}}, people["officer"])
    kept = answers(case)
    assert kept["owner"] == ({"fi": "Yksikkö"}, True)
    assert kept["ipr_model"] == ("buyer", True)
    assert kept["risks"] == (None, False)
    assert kept["title"] == ("Bins", True)
    assert "budget_line" not in kept
    assert exported(case)["facts"]["procure_answers"] == carried


def test_the_partners_of_a_file_read_the_case(people: dict[str, Person]) -> None:
    case = imported(SMALL | {"partners": ["564"]}, people["officer"])
    assert case_queries.case_for(factories.actor_of(people["other_officer"]), case.reference) is not None


def test_the_procedure_of_a_file_is_chosen_with_its_reason(people: dict[str, Person]) -> None:
    case = imported(SMALL | {"procedure": "open"}, people["officer"])
    [event] = factories.events(case, "procedure_chosen")
    assert case.procedure == "open"
    assert event.payload["reason"] == "Tapaustiedoston mukaan"


def test_the_log_tells_that_a_case_was_imported(people: dict[str, Person]) -> None:
    case = imported(SMALL, people["officer"])
    assert [event.kind for event in case_queries.events_of(case)] == ["case_opened", "case_imported"]


@pytest.mark.parametrize(
    ("title", "language"), [("Bins", "fi"), ({"sv": "Kärl", "en": "Bins"}, "sv"), ({"en": "Bins", "fi": "Astiat"}, "fi")]
)
def test_a_case_is_written_in_the_first_language_of_its_title(people: dict[str, Person], title: Any, language: str) -> None:
    assert imported(SMALL | {"title": title}, people["officer"]).language == language


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"need": "a\0b"}, "need"), ({"title": {"fi": "\0"}}, "title.fi"), ({"lots": [{"title": "\0", "value": "1"}]}, "lots[0].title"),
        ({"buyer": "000"}, "buyer"), ({"cpv": ["99999999"]}, "cpv[0]"), ({"sektor": "classic"}, "sektor"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_key(change: dict[str, Any], place: str) -> None:
    with pytest.raises(CaseFileError) as fault:
        casefiles.read(json.dumps(SMALL | change).encode())
    assert fault.value.place == place


def test_an_import_may_be_dated_back(people: dict[str, Person]) -> None:
    found = casefiles.read(json.dumps(SMALL).encode())
    case = casefiles.import_case(
        found, people["officer"].organisation, factories.actor_of(people["officer"]), clock.today(), clock.now(),
        opened_on=date(2024, 5, 2),
    )  # fmt: skip
    assert case.opened_on == date(2024, 5, 2)
    assert case.reference.startswith("TRE-2024-")
