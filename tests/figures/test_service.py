"""Kept figures are those of the rows, whatever has happened in between."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.catalogue.calendar import finnish
from procure.domain import figures
from procure.domain.figures import Deed, Key
from procure.domain.language import Trilingual
from procure.figures import queries, service
from procure.figures.models import FigureTotal
from procure.infra import clock
from procure.infra.db import db, writing
from procure.support.models import SupportRequest
from tests.figures.builders import declined, many, request_of, reviewed
from tests.support.builders import act, ask, taken

People = dict[str, Person]
LONG = timedelta(minutes=2)


def never() -> bool:
    return False


def kept() -> dict[Key, figures.Counts]:
    db.session.expire_all()
    rows = db.session.query(FigureTotal).all()
    assert all(row.running == sum(row.tally.get("open", {}).values()) for row in rows)
    return {Key(row.month, row.topic, row.city): row.tally for row in rows}


def from_the_rows() -> dict[Key, figures.Counts]:
    """Counted from every row at once, without the service."""
    facts = queries.facts_between(date(2000, 1, 1), date(2100, 1, 1))
    deeds = queries.deeds_between(date(2000, 1, 1), date(2100, 1, 1))
    return figures.totals(facts, deeds, finnish())


def whole(month: date) -> figures.Counts:
    return kept().get(Key(month, figures.ALL_TOPICS, figures.ALL_CITIES), {})


@pytest.fixture
def history(people: People) -> list[SupportRequest]:
    """Requests of two cities over two years."""
    tampere, oulu, expert = people["officer"], people["other_officer"], people["expert"]
    made = many(tampere, expert, date(2025, 11, 3), date(2025, 11, 6), 6, first_answer_at=date(2025, 11, 4))
    made += many(
        oulu, expert, date(2025, 12, 30), date(2026, 1, 5), 2, topic="funding", kind="communications", product="sparring"
    )
    made.append(request_of(oulu, date(2026, 3, 2), state="taken", expert_id=expert.id))
    made.append(request_of(tampere, date(2026, 3, 3), state="withdrawn"))
    declined(made[0], people["expert2"], date(2025, 11, 3))
    reviewed(made[0], tampere, "followed", 5, 4, None)
    return made


def test_the_kept_figures_are_those_of_the_rows(history: list[SupportRequest]) -> None:
    service.count_all(clock.now())
    assert kept() == from_the_rows()
    assert whole(date(2025, 11, 1)) == {
        "kind": {"advice": 6}, "product": {"": 6}, "state": {"answered": 6}, "first": {"1": 6}, "opinion": {"3": 6},
        "outcome": {"followed": 1}, "useful": {"5": 1}, "clear": {"4": 1}, "answered": {str(history[0].expert_id): 6},
        "declined": whole(date(2025, 11, 1))["declined"],
    }  # fmt: skip
    assert sum(whole(date(2025, 11, 1))["declined"].values()) == 1


def test_counting_twice_changes_nothing(history: list[SupportRequest]) -> None:
    service.count_all(clock.now())
    before = kept()
    service.count_all(clock.now())
    assert kept() == before


def test_the_day_is_the_finnish_one(people: People) -> None:
    request = request_of(people["officer"], date(2026, 3, 1))
    request.asked_at = queries.moment_of(date(2026, 3, 1)) - timedelta(minutes=1)
    db.session.commit()
    service.count_all(clock.now())
    assert set(whole(date(2026, 2, 1))["open"]) == {"2026-02-28"}


def test_a_request_merged_into_another_one_is_not_counted(people: People) -> None:
    first, second = (request_of(people["officer"], date(2026, 3, 2)) for _number in range(2))
    second.merged_into_id = first.id
    db.session.commit()
    service.count_all(clock.now())
    assert figures.asked(whole(date(2026, 3, 1))) == 1


def test_only_the_last_review_counts(history: list[SupportRequest], people: People) -> None:
    reviewed(history[0], people["officer"], "not_followed", 1, 1, 1)
    service.count_all(clock.now())
    assert whole(date(2025, 11, 1))["outcome"] == {"not_followed": 1}
    assert whole(date(2025, 11, 1))["useful"] == {"1": 1}


def test_every_act_reaches_the_figures(case: Case, people: People) -> None:
    now = clock.now()
    service.keep_up(now, never)
    steps = [
        lambda: ask(case, people["officer"], form_key="first"),
        lambda: taken(case, people["officer"], people["expert"], form_key="second"),
        lambda: act(newest(), people["expert"], "hand_back", "No time."),
        lambda: act(newest(), people["expert"], "declare_conflict", "A friend."),
        lambda: act(newest(), people["officer"], "withdraw", "No need."),
    ]
    for number, step in enumerate(steps, start=1):
        step()
        service.keep_up(now + number * LONG, never)
        assert kept() == from_the_rows(), number
    assert figures.asked(whole(figures.month_of(clock.today()))) == 2


def newest() -> SupportRequest:
    found = db.session.query(SupportRequest).order_by(SupportRequest.id.desc()).first()
    assert found is not None
    return found


def test_a_review_of_a_request_of_long_ago_reaches_its_month(history: list[SupportRequest], people: People) -> None:
    now = clock.now()
    service.keep_up(now, never)
    reviewed(history[1], people["officer"], "partly", 3, 3, 3)
    service.keep_up(now + LONG, never)
    assert whole(date(2025, 11, 1))["outcome"] == {"followed": 1, "partly": 1}


def test_nothing_is_counted_while_nothing_changes(history: list[SupportRequest]) -> None:
    now = clock.now()
    service.keep_up(now, never)
    with writing():
        db.session.query(FigureTotal).delete()
        db.session.commit()
    service.keep_up(now + LONG, never)
    assert kept() == {}
    assert queries.run().changed_at == now
    service.keep_up(now + 3 * LONG, never)
    assert queries.run().checked_at == now + 3 * LONG


def test_everything_is_counted_anew_every_day(history: list[SupportRequest]) -> None:
    now = clock.now()
    service.keep_up(now, never)
    with writing():
        db.session.query(FigureTotal).delete()
        db.session.commit()
    service.keep_up(now + timedelta(days=1), never)
    assert kept() == from_the_rows()


def test_a_count_that_is_broken_off_begins_anew(history: list[SupportRequest]) -> None:
    now = clock.now()
    service.keep_up(now, lambda: True)
    assert queries.run().changed_at is None
    service.keep_up(now, never)
    assert kept() == from_the_rows()


def test_what_has_gone_from_a_month_goes_from_its_figures(people: People) -> None:
    request = request_of(people["officer"], date(2024, 3, 4))
    service.count_all(clock.now())
    assert whole(date(2024, 3, 1))
    request.asked_at = queries.moment_of(date(2026, 5, 4))
    db.session.commit()
    service.count_all(clock.now())
    assert {key.month for key in kept()} == {date(2026, 5, 1)}


class Articles:
    """What knows which articles helped."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    def source(self) -> service.Source:
        return service.Source(
            deeds=lambda first, after: [deed for deed in self.deeds if first <= deed.on < after],
            last=lambda: len(self.deeds),
            touched=lambda row: [deed.on for deed in self.deeds[row:]],
            names=lambda ids: {number: Trilingual("Artikkeli", "Artikel", "Article") for number in ids},
        )


@pytest.fixture
def articles() -> Iterator[Articles]:
    known = Articles()
    service.SOURCES["article"] = known.source()
    yield known
    del service.SOURCES["article"]


def test_articles_that_helped_are_counted_from_what_another_part_tells(articles: Articles, people: People) -> None:
    now = clock.now()
    service.keep_up(now, never)
    articles.deeds.append(Deed(date(2026, 2, 3), "pilot", people["officer"].organisation_id, "article", "4"))
    service.keep_up(now + LONG, never)
    assert whole(date(2026, 2, 1)) == {"article": {"4": 1}}
    assert service.article_names([4])[4].en == "Article"
