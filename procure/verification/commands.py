"""`procure verify-document`: the answer of the page, for a file of any size."""

import sys
from typing import BinaryIO

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from procure.infra import clock
from procure.verification import pages, service


@click.command(name="verify-document")
@click.argument("file", type=click.File("rb"), metavar="FILE.pdf")
@with_appcontext
def verify_document(file: BinaryIO) -> None:
    """Check a document: was it issued here, and do its seals hold? Status 0 when it was and they do, 1 when anything speaks against
    it, 2 when it cannot be found out."""
    try:
        content = file.read()
    except OSError as error:
        raise click.UsageError(f"{file.name}: {error.strerror}") from error
    answer = service.verify(content, clock.now())
    with force_locale("en"):
        for line in _lines(pages.view(answer, "en")):
            click.echo(line)
    if not answer.holds:
        sys.exit(1)


def _lines(view: pages.View) -> list[str]:
    found = [f"{view.heading}. {view.meaning}", *(f"  {label}: {value}" for label, value in view.facts)]
    if view.newer:
        found.append(f"  {view.newer}")
    for one in view.seals:
        found += [f"{one.title}. {one.meaning}", *(f"  {label}: {value}" for label, value in one.facts)]
    if view.without:
        found.append(view.without)
    return [*found, f"SHA-256: {view.sha256}"]
