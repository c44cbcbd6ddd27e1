"""`procure migrate` and `procure user`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.accounts import queries, service
from procure.catalogue import organisations
from procure.config import Settings
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Refusal
from procure.domain.permissions import ROLES
from procure.infra import clock, migrations
from procure.infra.db import db, writing


@click.command(help="Bring the database up to date: tables first, then the organisations.")
@with_appcontext
def migrate() -> None:
    lacking = migrations.pending()
    db.session.rollback()  # the question must not stand in the way of the answer
    migrations.bring_up_to_date()
    for revision in lacking:
        click.echo(f"migrated to {revision}")
    with writing():
        before = len(queries.organisations())
        service.load_organisations(organisations.catalogue().all)
        after = len(queries.organisations())
        db.session.commit()
    click.echo(f"up to date; {after} organisations, {after - before} of them new")


@click.group(help="People who sign in.")
def user() -> None:
    pass


@user.command(help="Add a person and print a link, good once, that sets the password.")
@click.argument("email")
@click.option("--role", required=True, metavar="ROLE", help=f"One of: {', '.join(ROLES)}.")
@click.option("--organisation", required=True, metavar="CODE", help="Municipality number such as 837, or innocities.")
@click.option("--name", default="", help="Default: made of the address.")
@click.option("--language", default="", metavar="|".join(LANGUAGES), help="Default: the language of the organisation.")
@with_appcontext
def add(email: str, role: str, organisation: str, name: str, language: str) -> None:
    if role not in ROLES:
        raise click.UsageError(f"unknown role {role!r}: use one of {', '.join(ROLES)}")
    codes = [fact.code for fact in organisations.catalogue().all]
    if organisation not in codes:
        raise click.UsageError(f"unknown organisation {organisation!r}: use one of {', '.join(codes)}")
    if language and language not in LANGUAGES:
        raise click.UsageError(f"unknown language {language!r}: use one of {', '.join(LANGUAGES)}")
    settings: Settings = current_app.config["SETTINGS"]
    with writing():
        belongs_to = queries.organisation_by_code(organisation)
        if belongs_to is None:
            raise click.ClickException("the organisations have not been loaded: run procure migrate first")
        try:
            person = service.add_person(
                email,
                name.strip() or _name_of(email),
                role,
                belongs_to,
                language or organisations.catalogue().get(organisation).language,
                None,
                clock.now(),
            )
        except Refusal as refusal:
            raise click.UsageError(_sentence(refusal, email, role, organisation)) from refusal
        token = service.make_password_link(person, clock.now())
        db.session.commit()
    click.echo(f"{settings.public_url}/password/{token}")


def _name_of(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()[:200]


def _sentence(refusal: Refusal, email: str, role: str, organisation: str) -> str:
    return {
        "email_unusable": f"{email!r} is not an e-mail address",
        "email_taken": f"there is already a person with the address {email}",
        "role_not_for_organisation": f"role {role} does not belong to organisation {organisation}",
    }.get(refusal.reasons[0].code, str(refusal))
