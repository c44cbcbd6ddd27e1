"""`procure document`: one document of a case as PDF."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from procure.catalogue import documents as document_catalogue
from procure.catalogue import questions as question_catalogue
from procure.documents import making, queries, service
from procure.domain.language import LANGUAGES
from procure.infra import clock
from procure.infra.pdf import PdfFailed


@click.command(help="One document of a case as PDF, to standard output or to FILE.")
@click.argument("reference", required=False)
@click.argument("kind", required=False)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the document; without it the case's own.")
@click.option("--of", "number", type=click.IntRange(1), default=1, help="Which of its kind, where the case has several.")
@click.option("-o", "output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--list", "listed", is_flag=True, help="Print the kinds of documents that can be made.")
@with_appcontext
def document(
    reference: str | None, kind: str | None, language: str | None, number: int, output: Path | None, listed: bool
) -> None:
    if listed:
        for known in service.kinds():
            click.echo(f"{known}\t{document_catalogue.catalogue().get(known).name['en']}")
        return
    if not reference or not kind:
        _refuse("give a case's reference and a kind of document; --list prints the kinds")
    if kind not in service.kinds():
        _refuse(f"unknown kind of document {kind}; known are {', '.join(service.kinds())}")
    content = _made(reference, kind, language, number)
    if output is None:
        if sys.stdout.isatty():
            _refuse("a PDF is not for the screen: name a file with -o, or send the output to one")
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        _refuse(f"cannot write {output}: {error.strerror}")


def _made(reference: str, kind: str, language: str | None, number: int) -> bytes:
    case = queries.case_by_reference(reference)
    if case is None:
        _refuse(f"there is no case {reference}")
    opinion = service.opinion_of(service.operator(case), case, None) if kind == service.OPINION else None
    if kind == service.OPINION and opinion is None:
        _refuse(f"no expert has answered a question about {reference}")
    if not service.is_one(case, kind, number):
        _refuse(f"{reference} has no {kind} number {number}")
    material = service.gather(case, opinion, kind, number)
    if lacking := service.lacking(kind, material.answers):
        questions = question_catalogue.catalogue().get(case.questionnaire_edition)
        labels = "; ".join(questions.question(question).label["en"] for question in lacking)
        _refuse(f"not yet answered in {reference}: {labels}")
    try:
        return making.make(kind, material, language or case.language, clock.today()).content
    except PdfFailed as failure:
        _refuse(f"the document could not be made: {failure}")


def _refuse(message: str) -> NoReturn:
    raise click.ClickException(message)
