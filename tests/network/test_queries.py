"""What the network knows of its experts."""

from procure.accounts.models import Person
from procure.domain.support import TOPICS
from procure.infra.db import db
from procure.network import queries
from procure.network.models import ExpertProfile

People = dict[str, Person]


def test_an_expert_who_has_said_nothing_knows_every_topic_in_the_language_of_the_account(people: People) -> None:
    profile = next(one for one in queries.profiles() if one.person_id == people["expert"].id)

    assert (profile.topics, profile.languages, profile.said) == (TOPICS, (people["expert"].language,), False)


def test_what_an_expert_has_said_counts(people: People) -> None:
    db.session.add(
        ExpertProfile(
            person_id=people["expert"].id,
            topics=["pilot"],
            languages=["fi", "sv"],
            not_cities=["564"],
            most_open=2,
            shown=True,
            about="x",
        )
    )
    db.session.flush()

    profile = next(one for one in queries.profiles() if one.person_id == people["expert"].id)

    assert profile == queries.Profile(
        people["expert"].id, people["expert"].name, ("pilot",), ("fi", "sv"), ("564",), 2, True, "x", True
    )


def test_those_who_have_left_are_not_named(people: People) -> None:
    people["expert"].active = False
    db.session.flush()

    assert people["expert"].id not in [one.person_id for one in queries.profiles()]
