"""The table of roles and actions, spelt out once more so that a slip in it is seen."""

import pytest

from procure.domain.permissions import ACTIONS, CITY_ROLES, NETWORK_ROLES, ROLES, manageable_roles, may


def test_every_action_names_roles_that_exist() -> None:
    assert {role for roles in ACTIONS.values() for role in roles} <= set(ROLES)
    assert all(roles for roles in ACTIONS.values())


def test_city_and_network_roles_are_all_but_the_system_administrator() -> None:
    assert set(CITY_ROLES) | set(NETWORK_ROLES) | {"system_admin"} == set(ROLES)


@pytest.mark.parametrize("role", ["expert", "coordinator", "system_admin"])
def test_nobody_outside_a_city_opens_its_cases(role: str) -> None:
    assert [action for action in ACTIONS if action.startswith(("case.", "document.")) and may(role, action)] == []


@pytest.mark.parametrize("action", ["case.open", "case.edit", "support.ask"])
def test_a_city_administrator_reads_but_does_not_do_the_work(action: str) -> None:
    assert not may("city_admin", action)
    assert may("city_admin", "case.read")


@pytest.mark.parametrize("role", ROLES)
def test_people_are_looked_after_by_administrators_only(role: str) -> None:
    administers = role in ("city_admin", "coordinator", "system_admin")

    assert may(role, "people.list") is administers
    assert may(role, "people.manage") is administers
    assert bool(manageable_roles(role, own_organisation=True)) is administers


def test_everybody_has_an_own_account_and_a_desk() -> None:
    assert all(may(role, "account.own") and may(role, "desk.read") for role in ROLES)


def test_an_action_that_is_not_in_the_table_is_a_fault() -> None:
    with pytest.raises(KeyError):
        may("officer", "case.fly")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_admin"])
def test_nobody_but_the_system_administrator_gives_roles_elsewhere(role: str) -> None:
    assert manageable_roles(role, own_organisation=False) == ()


def test_a_system_administrator_cannot_give_himself_a_seat_at_cases() -> None:
    given = set(manageable_roles("system_admin", False)) | set(manageable_roles("system_admin", True))

    assert given == {"city_admin", "coordinator", "system_admin"}


def test_a_city_and_the_network_do_not_give_each_others_roles() -> None:
    assert set(manageable_roles("city_admin", True)) == set(CITY_ROLES)
    assert set(manageable_roles("coordinator", True)) == set(NETWORK_ROLES)
