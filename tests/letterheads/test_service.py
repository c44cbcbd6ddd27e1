"""A city's letterhead: dated editions that only grow, and logos that are pictures and nothing else."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.scanner import Verdict
from procure.letterheads import queries, service
from tests import factories
from tests.attachments.files import zipped
from tests.cases.test_rush import at_once
from tests.infra.test_pictures import bomb
from tests.letterheads.builders import FACTS, WORDS, kept_logo, picture, save, storage

People = dict[str, Person]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refused(content: bytes, name: str = "logo.png") -> str:
    with pytest.raises(Refusal) as refusal:
        kept_logo(content, name)
    return refusal.value.reasons[0].code


def test_each_saving_is_the_next_edition_and_the_same_again_is_none(people: People) -> None:
    first = save(people["admin"])
    again = save(people["admin"], seen=1)
    second = save(people["admin"], seen=1, words=WORDS | {"unit": {"fi": "Hankinnat"}})

    assert (first.edition, again.edition, second.edition) == (1, 1, 2)
    kept = queries.editions_of(people["admin"].organisation_id)
    assert [one.words["unit"]["fi"] for one in kept] == ["Hankintapalvelut", "Hankinnat"]


def test_an_edition_for_a_day_to_come_does_not_hide_the_one_of_today(people: People) -> None:
    later = clock.today() + timedelta(days=9)
    save(people["admin"])
    save(people["admin"], seen=1, valid_from=later, both_names=True)
    back = save(people["admin"], seen=2, valid_from=later + timedelta(days=1))

    assert back.edition == 3, "the words of edition 1 again, from a later day, are news"


def test_whoever_saves_over_what_they_have_not_seen_is_told_whose_it_is(people: People) -> None:
    save(people["admin"])

    with pytest.raises(Refusal) as refusal:
        save(people["admin"], seen=0, both_names=True)
    assert refusal.value.reasons[0].code == "letterhead_overtaken"
    assert refusal.value.reasons[0].parameters == {"name": "Admin"}


def test_the_database_refuses_to_change_or_remove_an_edition(people: People) -> None:
    save(people["admin"])
    db.session.commit()

    for statement in ("UPDATE city_letterheads SET edition = 2", "DELETE FROM city_letterheads"):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))


def test_two_who_save_at_once_make_one_edition_each_or_are_told(own_app: Flask) -> None:
    def attempt(turn: int) -> str:
        by = factories.actor_of(factories.people()["admin"])
        wanted = service.Wanted({"unit": {"fi": f"Yksikkö {turn}"}}, {}, False, None, clock.today())
        try:
            service.save(wanted, 0, by, clock.today(), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "saved"

    assert sorted(at_once(own_app, attempt)) == ["letterhead_overtaken"] * 7 + ["saved"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (SVG, "logo.png", "logo_kind"),
        (SVG, "logo.svg", "logo_kind"),
        (b"GIF89a" + bytes(60), "logo.gif", "logo_kind"),
        (picture("JPEG"), "logo.png", "logo_kind"),
        (picture() + zipped(a="b"), "logo.png", "logo_kind"),
        (bomb(50_000, 50_000), "logo.png", "logo_sides"),
        (picture(size=(40, 40)), "logo.png", "logo_sides"),
        (picture()[:70], "logo.png", "logo_kind"),
        (picture() + bytes(1024 * 1024), "logo.png", "logo_large"),
        (b"", "logo.png", "logo_kind"),
    ],
)
def test_only_pictures_of_a_sensible_size_are_taken(people: People, content: bytes, name: str, code: str) -> None:
    assert refused(content, name) == code


def test_a_file_with_malware_is_not_taken(people: People) -> None:
    with pytest.raises(Refusal) as refusal:
        service.receive_logo(io.BytesIO(picture()), "logo.png", storage(), lambda _stream: Verdict("Eicar"))
    assert refusal.value.reasons[0].code == "attachment_infected"


def test_another_city_reads_nothing_of_it(people: People) -> None:
    save(people["admin"])

    assert queries.edition_for(factories.actor_of(people["officer"]), 1) is not None
    for name in ("other_officer", "expert", "coordinator", "system_admin"):
        assert queries.edition_for(factories.actor_of(people[name]), 1) is None, name
        assert not queries.history_for(factories.actor_of(people[name])), name


def test_empty_from_the_beginning_is_no_edition(people: People) -> None:
    nothing = service.Wanted({}, {}, False, None, clock.today())
    with writing():
        assert service.save(nothing, 0, factories.actor_of(people["admin"]), clock.today(), clock.now()) is None
    save(people["admin"], facts=FACTS)
    emptied = service.save(nothing, 1, factories.actor_of(people["admin"]), clock.today(), clock.now())
    assert emptied is not None
    assert emptied.edition == 2
