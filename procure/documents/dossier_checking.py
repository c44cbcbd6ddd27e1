"""`procure verify-dossier`: is a dossier still what it was? Needs neither database nor settings."""

from typing import BinaryIO

import click

from procure.catalogue import procedures
from procure.domain import dossiers
from procure.domain.procedures import Procedure


@click.command(name="verify-dossier")
@click.argument("file", type=click.File("rb"), metavar="FILE.zip")
def verify_dossier(file: BinaryIO) -> None:
    """Check a dossier: every hash, nothing missing or added, the chain of its history, and that what was issued is what the history
    tells. One line when all holds; else each difference in a line of its own, and status 2."""
    try:
        found = dossiers.check(file, _procedure)
    except dossiers.DossierFault as fault:
        differences = str(fault).splitlines()
        raise click.ClickException("\n".join(f"{file.name}: {difference}" for difference in differences)) from fault
    click.echo(
        f"{found.reference}, dossier {found.number}: {found.files} files, {found.events} entries in the history, all unchanged"
    )


def _procedure(procedure: str, edition: str) -> Procedure:
    return procedures.catalogue().get(procedure, edition)
