"""Accounts: who gets in, who is put out, and what is written down about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from procure.accounts import queries, service
from procure.accounts.models import AccountEvent, Person, SignInAttempt
from procure.catalogue import organisations
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from tests.accounts.conftest import PASSWORD as GOOD
from tests.factories import actor_of

BETTER = "kolme harmaata kissaa"
HOME = "192.0.2.7"
NOW = clock.now()


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def events(person: Person) -> list[str]:
    return list(
        db.session.scalars(select(AccountEvent.kind).where(AccountEvent.person_id == person.id).order_by(AccountEvent.id))
    )


def test_the_right_password_opens_a_session(officer: Person) -> None:
    token = service.sign_in(" Officer@Tampere.example ", GOOD, HOME, NOW)

    found = queries.actor_of_session(service.digest(token), NOW)
    assert found is not None
    assert found.id == officer.id


def test_the_table_of_sessions_does_not_hold_the_token(officer: Person) -> None:
    token = service.sign_in(officer.email, GOOD, HOME, NOW)

    rows = db.session.connection().exec_driver_sql("SELECT token_hash FROM sessions").scalars().all()
    assert service.digest(token) in rows
    assert token not in rows


def test_a_session_ends_after_twelve_hours(officer: Person) -> None:
    token = service.sign_in(officer.email, GOOD, HOME, NOW)

    assert queries.actor_of_session(service.digest(token), NOW + timedelta(hours=11, minutes=59)) is not None
    assert queries.actor_of_session(service.digest(token), NOW + timedelta(hours=12)) is None


@pytest.mark.parametrize("email", ["officer@tampere.example", "nobody@tampere.example"])
def test_a_known_and_an_unknown_address_are_refused_alike(officer: Person, email: str) -> None:
    with pytest.raises(Refusal) as caught:
        service.sign_in(email, "wrong", HOME, NOW)

    assert [(r.code, dict(r.parameters), r.target) for r in caught.value.reasons] == [("sign_in_failed", {}, "email")]


@pytest.mark.parametrize("email", ["officer@tampere.example", "nobody@tampere.example"])
def test_the_eleventh_try_is_not_looked_at_until_the_window_has_passed(officer: Person, email: str) -> None:
    for _try in range(10):
        assert refused(lambda: service.sign_in(email, "wrong", HOME, NOW)) == ["sign_in_failed"]

    assert refused(lambda: service.sign_in(email, GOOD, HOME, NOW)) == ["too_many_attempts"]
    assert refused(lambda: service.sign_in(email, GOOD, HOME, NOW + timedelta(minutes=14))) == ["too_many_attempts"]
    later = NOW + timedelta(minutes=15)
    if email == officer.email:
        assert service.sign_in(email, GOOD, HOME, later)
    else:
        assert refused(lambda: service.sign_in(email, GOOD, HOME, later)) == ["sign_in_failed"]


def test_a_failed_try_is_counted_although_the_request_is_rolled_back(officer: Person) -> None:
    refused(lambda: service.sign_in(officer.email, "wrong", HOME, NOW))
    db.session.rollback()

    assert len(db.session.scalars(select(SignInAttempt)).all()) == 2


def test_a_successful_try_does_not_count(officer: Person) -> None:
    for _try in range(12):
        service.sign_in(officer.email, GOOD, HOME, NOW)

    assert db.session.scalars(select(SignInAttempt)).all() == []


def test_one_network_cannot_try_many_addresses(officer: Person) -> None:
    subject = service.network_subject("2001:db8:1:2::1")
    db.session.add_all(SignInAttempt(subject=subject, at=NOW) for _try in range(100))
    db.session.commit()

    assert refused(lambda: service.sign_in(officer.email, GOOD, "2001:db8:1:2:ffff::9", NOW)) == ["too_many_attempts"]
    assert service.sign_in(officer.email, GOOD, "2001:db8:1:3::1", NOW)


def test_tries_are_counted_without_knowing_the_address(officer: Person) -> None:
    refused(lambda: service.sign_in(officer.email, "wrong", HOME, NOW))

    assert all(len(row.subject) == 64 and "officer" not in row.subject for row in db.session.scalars(select(SignInAttempt)))


def test_somebody_without_a_password_or_with_a_closed_account_does_not_get_in(officer: Person, people: dict[str, Person]) -> None:
    service.set_active(officer, False, actor_of(people["admin"]), NOW)

    assert refused(lambda: service.sign_in(officer.email, GOOD, HOME, NOW)) == ["sign_in_failed"]
    assert refused(lambda: service.sign_in(people["officer2"].email, "", HOME, NOW)) == ["sign_in_failed"]


def ending(name: str, person: Person, admin: Person) -> None:
    acts: dict[str, Callable[[], object]] = {
        "role": lambda: service.change_role(person, "manager", actor_of(admin), NOW),
        "password": lambda: service.change_own_password(actor_of(person), GOOD, BETTER, NOW),
        "link": lambda: service.use_password_link(service.make_password_link(person, NOW), BETTER, NOW),
        "closed": lambda: service.set_active(person, False, actor_of(admin), NOW),
    }
    acts[name]()


@pytest.mark.parametrize("name", ["role", "password", "link", "closed"])
def test_every_session_ends_at_once(officer: Person, people: dict[str, Person], name: str) -> None:
    tokens = [service.sign_in(officer.email, GOOD, HOME, NOW) for _browser in range(3)]
    bystander = service.start_session(people["manager"], NOW)

    ending(name, officer, people["admin"])

    assert [queries.actor_of_session(service.digest(token), NOW) for token in tokens] == [None] * 3
    assert queries.actor_of_session(service.digest(bystander), NOW) is not None


def test_signing_out_ends_that_session_only(officer: Person) -> None:
    first, second = (service.sign_in(officer.email, GOOD, HOME, NOW) for _browser in range(2))

    service.sign_out(first)

    assert queries.actor_of_session(service.digest(first), NOW) is None
    assert queries.actor_of_session(service.digest(second), NOW) is not None


def test_the_own_password_is_changed_by_who_knows_the_present_one(officer: Person) -> None:
    with pytest.raises(Refusal) as caught:
        service.change_own_password(actor_of(officer), "wrong", BETTER, NOW)

    assert [(reason.code, reason.target) for reason in caught.value.reasons] == [("password_wrong", "current_password")]
    service.change_own_password(actor_of(officer), GOOD, BETTER, NOW)
    assert service.sign_in(officer.email, BETTER, HOME, NOW)


def test_a_password_with_the_name_of_the_city_is_refused(officer: Person) -> None:
    assert refused(lambda: service.change_password(officer, "Tampere2026!", None, NOW)) == ["password_common"]


def test_a_link_works_once_and_for_three_days(officer: Person) -> None:
    late = service.make_password_link(officer, NOW)
    assert refused(lambda: service.use_password_link(late, BETTER, NOW + timedelta(days=3))) == ["link_expired"]

    token = service.make_password_link(officer, NOW)
    service.use_password_link(token, BETTER, NOW)

    assert refused(lambda: service.use_password_link(token, GOOD, NOW)) == ["link_expired"]
    assert service.sign_in(officer.email, BETTER, HOME, NOW)


def test_a_weak_password_does_not_use_the_link_up(officer: Person) -> None:
    token = service.make_password_link(officer, NOW)

    assert refused(lambda: service.use_password_link(token, "short", NOW)) == ["password_short"]
    assert service.use_password_link(token, BETTER, NOW) is officer


def test_a_newer_link_and_closing_the_account_end_a_link(officer: Person, people: dict[str, Person]) -> None:
    first = service.make_password_link(officer, NOW)
    second = service.make_password_link(officer, NOW)
    assert refused(lambda: service.use_password_link(first, BETTER, NOW)) == ["link_expired"]

    service.set_active(officer, False, actor_of(people["admin"]), NOW)
    assert refused(lambda: service.use_password_link(second, BETTER, NOW)) == ["link_expired"]
    service.set_active(officer, True, actor_of(people["admin"]), NOW)
    assert refused(lambda: service.use_password_link(second, BETTER, NOW)) == ["link_expired"]


def test_a_new_link_lets_in_whoever_was_being_guessed_at(officer: Person) -> None:
    for _try in range(10):
        refused(lambda: service.sign_in(officer.email, "wrong", "198.51.100.1", NOW))

    service.use_password_link(service.make_password_link(officer, NOW), BETTER, NOW)

    assert service.sign_in(officer.email, BETTER, HOME, NOW)


def test_an_invited_person_gets_the_link_by_mail_in_the_own_language(people: dict[str, Person]) -> None:
    admin = people["admin"]
    person, token = service.invite("Uusi@Tampere.example", "Uusi", "officer", admin.organisation, "en", actor_of(admin), NOW)

    letter = db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "uusi@tampere.example")).one()
    assert f"http://localhost/password/{token}\n" in letter.body
    assert token not in letter.key
    assert events(person) == ["person_added", "link_made"]
    assert service.use_password_link(token, GOOD, NOW) is person


def test_a_second_link_is_a_second_letter(officer: Person, people: dict[str, Person]) -> None:
    for _link in range(2):
        service.send_password_link(officer, actor_of(people["admin"]), NOW)
    db.session.flush()

    assert len(db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == officer.email)).all()) == 2


@pytest.mark.parametrize("email", ["", "kirje", "a@b", "a b@tampere.example", "a@tampere.example\nBcc: x@y.example"])
def test_an_address_that_no_letter_reaches_is_refused(people: dict[str, Person], email: str) -> None:
    admin = people["admin"]

    codes = refused(lambda: service.invite(email, "X", "officer", admin.organisation, "fi", actor_of(admin), NOW))
    assert codes == ["email_unusable"]


def test_an_address_belongs_to_one_person_however_it_is_typed(people: dict[str, Person]) -> None:
    admin = people["admin"]
    act = lambda: service.invite("OFFICER@tampere.example", "X", "officer", admin.organisation, "fi", actor_of(admin), NOW)  # noqa: E731

    assert refused(act) == ["email_taken"]


@pytest.mark.parametrize(
    ("by", "role", "code"),
    [
        ("admin", "expert", "837"), ("admin", "system_admin", "837"), ("admin", "officer", "564"), ("coordinator", "officer", "837"),
        ("coordinator", "system_admin", "innocities"), ("officer", "officer", "837"), ("manager", "officer", "837"),
        ("expert", "expert", "innocities"), ("system_admin", "officer", "837"),
    ],
)  # fmt: skip
def test_nobody_gives_a_role_that_is_not_theirs_to_give(people: dict[str, Person], by: str, role: str, code: str) -> None:
    organisation = queries.organisation_by_code(code)
    assert organisation is not None
    act = lambda: service.invite("new@tampere.example", "X", role, organisation, "fi", actor_of(people[by]), NOW)  # noqa: E731

    assert refused(act) == ["role_not_yours"]


def test_a_role_and_an_organisation_must_fit(people: dict[str, Person]) -> None:
    city, network = people["admin"].organisation, people["expert"].organisation

    for role, organisation in (("expert", city), ("system_admin", city), ("officer", network), ("city_admin", network)):
        act = lambda role=role, org=organisation: service.add_person("n@x.example", "X", role, org, "fi", None, NOW)  # noqa: E731
        assert refused(act) == ["role_not_for_organisation"]


@pytest.mark.parametrize("by", ["other_officer", "officer2", "coordinator", "expert", "system_admin"])
def test_only_the_own_administrator_touches_an_officer(officer: Person, people: dict[str, Person], by: str) -> None:
    actor = actor_of(people[by])

    for act in (
        lambda: service.change_role(officer, "manager", actor, NOW),
        lambda: service.set_active(officer, False, actor, NOW),
        lambda: service.send_password_link(officer, actor, NOW),
    ):
        assert refused(act) == ["role_not_yours"]
    assert (officer.role, officer.active) == ("officer", True)


def test_a_coordinator_cannot_take_over_the_system_administrator(people: dict[str, Person]) -> None:
    actor = actor_of(people["coordinator"])

    assert refused(lambda: service.send_password_link(people["system_admin"], actor, NOW)) == ["role_not_yours"]


def test_an_administrator_neither_demotes_nor_closes_themselves(people: dict[str, Person]) -> None:
    admin = people["admin"]

    assert refused(lambda: service.change_role(admin, "officer", actor_of(admin), NOW)) == ["own_account"]
    assert refused(lambda: service.set_active(admin, False, actor_of(admin), NOW)) == ["own_account"]


def test_what_is_done_to_an_account_is_written_down(officer: Person, people: dict[str, Person]) -> None:
    admin = actor_of(people["admin"])
    service.change_role(officer, "manager", admin, NOW)
    service.change_role(officer, "manager", admin, NOW)
    service.set_active(officer, False, admin, NOW)
    service.set_active(officer, True, admin, NOW)
    service.choose_language(actor_of(officer), "sv", NOW)
    db.session.flush()

    assert events(officer) == ["password_changed", "role_changed", "deactivated", "activated", "language_changed"]


def test_the_written_events_hold_no_password(officer: Person) -> None:
    service.change_own_password(actor_of(officer), GOOD, BETTER, NOW)
    db.session.flush()

    kept = str([event.payload for event in db.session.scalars(select(AccountEvent))])
    assert GOOD not in kept
    assert BETTER not in kept


def test_organisations_follow_the_catalogue(app: Flask) -> None:
    from_before = {organisation.code: organisation.id for organisation in queries.organisations()}
    queries.organisations()[0].name_en = "Old name"

    service.load_organisations(organisations.catalogue().all)

    assert {organisation.code: organisation.id for organisation in queries.organisations()} == from_before
    assert "Old name" not in {organisation.name_en for organisation in queries.organisations()}
