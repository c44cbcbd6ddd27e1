"""`procure import` and `procure export`: a case from a file and back."""

from typing import Any

import click
from flask.cli import with_appcontext

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.cases import queries as case_queries
from procure.catalogue import organisations
from procure.domain.casefile import LARGEST, CaseFileError
from procure.domain.outcomes import Refusal
from procure.infra import clock, migrations
from procure.infra.db import db, writing
from procure.questionnaires import casefiles, importing, queries


class WrongInput(click.ClickException):
    """One line to the person, and status 2."""

    exit_code = 2


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--as", "email", metavar="EMAIL", default="", help="The person of the buyer's city who files the case.")
@with_appcontext
def import_case(file: Any, email: str) -> None:
    """Make a case of FILE (a case file, - for standard input) and print its reference.

    Without --as the case is filed in the name of the city's first officer, else manager; where the city has nobody yet, in the name of
    an account that nobody can sign in with.
    """
    try:
        found = casefiles.read(file.read(LARGEST + 1))
    except CaseFileError as error:
        raise WrongInput(str(error)) from error
    with writing():
        if migrations.pending():
            db.session.rollback()
            migrations.bring_up_to_date()
        db.session.rollback()
        accounts.load_organisations(organisations.catalogue().all)
        city = account_queries.organisation_by_code(found.buyer)
        assert city is not None, found.buyer  # the file was held against the same catalogue
        by = importing.person_for(city, email, clock.now())
        if by is None:
            raise WrongInput(f"--as: no officer or manager of {city.name_fi} has the address {email}")
        try:
            case = casefiles.import_case(found, city, by, clock.today(), clock.now())
        except Refusal as refusal:
            raise WrongInput(f"the case cannot be made: {refusal}") from refusal
        db.session.commit()
    click.echo(case.reference)


@click.command("export")
@click.argument("reference")
@with_appcontext
def export_case(reference: str) -> None:
    """Print the case file of the case with REFERENCE."""
    case = None if migrations.pending() or "\0" in reference else queries.case_by_reference(reference)
    if case is None:
        raise WrongInput(f"there is no case with the reference {reference}")
    answers = case_queries.facts_of(case_queries.answers_of(case))
    click.echo(casefiles.written(case, answers), nl=False)
