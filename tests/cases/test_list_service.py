"""What a person keeps of the list: their own only, twenty at most."""

from collections.abc import Callable
from datetime import date

import pytest

from procure.accounts.models import Person
from procure.cases import list_queries, list_service
from procure.domain.outcomes import Refusal
from tests.factories import actor_of, make_case

People = dict[str, Person]


def names(person: Person) -> list[str]:
    return [view.name for view in list_queries.saved_views(actor_of(person))]


def code_of(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.reasons[0].code


def test_views_stand_in_the_order_of_their_names_and_are_the_person_s_own(people: People) -> None:
    for name in ("late", "Bins", "ägare"):
        list_service.save_view(name, "light=red", actor_of(people["officer"]))

    assert names(people["officer"]) == ["Bins", "late", "ägare"]
    assert names(people["officer2"]) == []


def test_a_name_is_given_once_whatever_its_case_and_spaces(people: People) -> None:
    list_service.save_view("My  late cases ", "light=red", actor_of(people["officer"]))

    with pytest.raises(Refusal) as refusal:
        list_service.save_view("MY LATE CASES", "", actor_of(people["officer"]))

    assert code_of(refusal) == "view_known"
    assert names(people["officer"]) == ["My late cases"]
    list_service.save_view("My late cases", "", actor_of(people["officer2"]))


def test_there_are_at_most_twenty(people: People) -> None:
    for number in range(list_service.MOST_VIEWS):
        list_service.save_view(f"View {number}", "", actor_of(people["officer"]))

    with pytest.raises(Refusal) as refusal:
        list_service.save_view("One more", "", actor_of(people["officer"]))

    assert code_of(refusal) == "views_many"


def test_an_address_that_is_too_long_to_keep_is_refused(people: People) -> None:
    with pytest.raises(Refusal) as refusal:
        list_service.save_view("Long", "q=" + "%F0%9F%98%80" * 60, actor_of(people["officer"]))

    assert code_of(refusal) == "view_long"


def test_somebody_else_s_view_is_not_there_and_is_not_removed(people: People) -> None:
    view = list_service.save_view("Late", "light=red", actor_of(people["officer"]))

    assert list_queries.saved_view(actor_of(people["officer2"]), view.id) is None
    list_service.remove_view(view.id, actor_of(people["officer2"]))
    assert names(people["officer"]) == ["Late"]

    list_service.remove_view(view.id, actor_of(people["officer"]))
    list_service.remove_view(view.id, actor_of(people["officer"]))
    assert names(people["officer"]) == []


def test_columns_are_chosen_anew_and_given_up_beside_views(people: People) -> None:
    actor = actor_of(people["officer"])
    list_service.save_view("Late", "light=red", actor)

    list_service.choose_columns(["stage", "value"], actor)
    list_service.choose_columns(["city"], actor)
    assert list_queries.saved_columns(actor) == "city"
    assert list_queries.saved_columns(actor_of(people["officer2"])) == ""

    list_service.choose_columns([], actor)
    assert list_queries.saved_columns(actor) == ""
    assert names(people["officer"]) == ["Late"]


def test_rows_views_and_columns_come_in_one_statement(people: People, count_queries: Callable[[], list[str]]) -> None:
    case = make_case(people["officer"])
    actor = actor_of(people["officer"])
    list_service.save_view("Late", "light=red", actor)
    list_service.choose_columns(["city"], actor)
    executed = count_queries()

    page = list_queries.list_page(actor, list_queries.Filters(), "en", date(2026, 11, 24))

    assert len(executed) == 1
    assert [row.id for row in page.rows] == [case.id]
    assert [(view.name, view.query) for view in page.views] == [("Late", "light=red")]
    assert page.columns == "city"


@pytest.mark.parametrize("text", ["%%%", "xyzzy"])
def test_views_are_there_when_no_case_is_found(people: People, text: str) -> None:
    actor = actor_of(people["officer"])
    list_service.save_view("Late", "light=red", actor)

    page = list_queries.list_page(actor, list_queries.Filters(text=text), "en", date(2026, 11, 24))

    assert (page.rows, page.more, [view.name for view in page.views]) == ([], False, ["Late"])
