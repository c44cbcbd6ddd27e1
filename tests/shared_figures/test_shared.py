"""What cities agree to share: only that, only while they agree, and never one city's figures alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.planning.models import NetworkDuration
from procure.shared_figures import queries, service
from procure.shared_figures.models import FigureConsentAct, SharedTally
from tests import factories
from tests.figures.test_routes import rows
from tests.shared_figures.builders import admin_of, by, counted, share

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

TAMPERE, OULU, VAASA, TURKU = "837", "564", "905", "853"
HIDDEN = "not shown"


@pytest.fixture
def three(people: People) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 4)
        share(code)
    service.keep_up(clock.now())


def page(client_for: ClientFor, people: People, year: int = 2026) -> str:
    return client_for(people["coordinator"]).get(f"/figures/cities?year={year}").text


def test_the_numbers_of_the_cities_that_agree_are_added_up(three: None, people: People, client_for: ClientFor) -> None:
    counted(TURKU, 50)
    service.keep_up(clock.now() + timedelta(days=1))
    text = page(client_for, people)
    assert rows(text, "procedures")["Open procedure"] == ["12", "3"], "Turku has not agreed"
    assert "3 cities share their figures" in text


def test_with_two_cities_nothing_is_shown(people: People, client_for: ClientFor) -> None:
    for code in (TAMPERE, OULU):
        counted(code, 4321)
        share(code)
    service.keep_up(clock.now())
    text = page(client_for, people)
    assert rows(text, "procedures")["Open procedure"] == [HIDDEN, HIDDEN]
    assert not any(number in text for number in ("4,321", "4321", "8,642", "8642"))


def test_one_city_s_procedure_is_not_the_total_without_the_others(three: None, people: People, client_for: ClientFor) -> None:
    counted(TAMPERE, 2, "pcp")
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 2, "negotiated")
    service.keep_up(clock.now() + timedelta(days=1))
    found = rows(page(client_for, people), "procedures")
    assert found["Open procedure"] == ["12", "3"]
    assert sorted(found.values()).count([HIDDEN, HIDDEN]) == 2, "a single hidden row would be 20 less 12 less 6"


def test_taking_the_consent_back_works_at_once(three: None, people: People, client_for: ClientFor) -> None:
    assert HIDDEN not in rows(page(client_for, people), "procedures")["Open procedure"]
    client = client_for(admin_of(VAASA))
    assert client.post("/city/figures", data={"choice": "none"}).status_code == 302
    assert rows(page(client_for, people), "procedures")["Open procedure"] == [HIDDEN, HIDDEN]
    city = by(VAASA).organisation_id
    assert db.session.scalar(select(SharedTally).where(SharedTally.city == city)) is None
    service.keep_up(clock.now() + timedelta(days=1))
    assert db.session.scalar(select(SharedTally).where(SharedTally.city == city)) is None


def test_each_act_is_kept_with_who_and_when_and_cannot_be_changed(people: People, client_for: ClientFor) -> None:
    client = client_for(people["admin"])
    for choice in ("unnamed", "unnamed", "named", "none"):
        client.post("/city/figures", data={"choice": choice})
    acts = db.session.scalars(select(FigureConsentAct).order_by(FigureConsentAct.id)).all()
    assert [(act.before, act.choice, act.by) for act in acts] == [
        ("none", "unnamed", "Admin"), ("unnamed", "named", "Admin"), ("named", "none", "Admin"),
    ]  # fmt: skip
    assert "Admin" in client.get("/city/figures").text
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(delete(FigureConsentAct))


def test_only_cities_that_agreed_to_it_are_named(three: None, people: People, client_for: ClientFor) -> None:
    share(OULU, "named")
    text = page(client_for, people)
    assert "Oulu" in text
    assert "Tampere" not in text.replace("Tampere University", "")
    assert queries.sharers(factories.actor_of(people["coordinator"])).count == 3


def test_nobody_but_the_coordinator_gets_a_city_s_counts(three: None, people: People) -> None:
    for name in ("manager", "admin", "expert", "system_admin"):
        assert queries.cells(factories.actor_of(people[name]), 2026) == []
        assert queries.sharers(factories.actor_of(people[name])).count == 0


def test_an_unknown_choice_is_refused(people: People) -> None:
    with pytest.raises(Refusal):
        service.choose(by(TAMPERE), "everything", clock.now())


def test_cancelled_cases_count_among_the_states_only(three: None, people: People, client_for: ClientFor) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 2, state="cancelled")
    service.keep_up(clock.now() + timedelta(days=1))
    text = page(client_for, people)
    assert rows(text, "states")["Cancelled"] == ["6", "3"]
    assert rows(text, "procedures")["Open procedure"] == ["12", "3"]


def test_a_share_is_hidden_when_the_rest_would_tell_of_one_city(people: People, client_for: ClientFor) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 4, innovative={"number": 4 if code != VAASA else 3, "value": 400_000})
        share(code)
    service.keep_up(clock.now())
    assert rows(page(client_for, people), "innovation")["By number of cases"] == [HIDDEN] * 5


def test_lead_times_are_those_of_all_cities(people: People, client_for: ClientFor) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 4, notice={"10": 2, "30": 2}, notice_working={"7": 2, "21": 2})
        share(code)
    service.keep_up(clock.now())
    assert rows(page(client_for, people), "lead-notice")["Open procedure"] == ["12", "3", "10", "30", "7", "21"]


def test_the_sheet_says_no_more_than_the_page(people: People, client_for: ClientFor) -> None:
    for code in (TAMPERE, OULU):
        counted(code, 4321)
        share(code)
    service.keep_up(clock.now())
    answer = client_for(people["coordinator"]).get("/figures/cities.xlsx?year=2026")
    text = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml")
    assert b"not shown" in text
    assert b"4321" not in text
    assert b"8642" not in text
    answer.close()


def test_the_page_says_exactly_what_is_shared(people: People, client_for: ClientFor) -> None:
    text = client_for(people["manager"]).get("/city/figures").text
    assert "Titles, texts, references and dates of cases" in text
    assert "shared with nobody" in text


# what plans learn


def spent(cases: int, days: int) -> dict[str, int]:
    return {f"offers:{days + number}": 1 for number in range(cases)}


def test_medians_come_of_sharing_cities_by_procedure_and_stage(people: People) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 4, "small_purchase", spent=spent(4, 5))
        share(code)
    counted(TURKU, 40, "small_purchase", spent={"offers:99": 40})
    service.keep_up(clock.now())
    (row,) = db.session.scalars(select(NetworkDuration)).all()
    assert (row.procedure, row.stage, row.cases, row.median, row.slow) == ("small_purchase", "offers", 12, 6, 8)


def test_a_city_that_leaves_takes_its_days_out_of_the_medians_at_once(people: People) -> None:
    for code in (TAMPERE, OULU, VAASA):
        counted(code, 4, "small_purchase", spent=spent(4, 5))
        share(code)
    service.keep_up(clock.now())
    share(VAASA, "none")
    assert db.session.scalars(select(NetworkDuration)).all() == []


def test_preparation_is_learned_for_cases_without_a_procedure_from_those_of_every_procedure(people: People) -> None:
    for code, procedure in ((TAMPERE, "open"), (OULU, "open"), (VAASA, "negotiated")):
        counted(code, 4, procedure, spent={"need:3": 4})
        share(code)
    service.keep_up(clock.now())
    assert [(row.procedure, row.stage) for row in db.session.scalars(select(NetworkDuration))] == [("preparation", "need")]


def test_a_day_without_a_new_city_is_not_counted_again(three: None, people: People) -> None:
    before = queries.run().counted_at
    service.keep_up(clock.now() + timedelta(minutes=10))
    assert queries.run().counted_at == before
    counted(TURKU, 5)
    share(TURKU)
    service.keep_up(clock.now() + timedelta(minutes=20))
    assert queries.run().counted_at != before
