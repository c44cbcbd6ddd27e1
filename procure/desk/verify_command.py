"""`procure verify`: is everything that was kept still what it was?"""

import sys
from collections.abc import Callable
from typing import Any, TextIO

import click
from flask.cli import with_appcontext

from procure.attachments import commands as attachments
from procure.cases import commands as histories
from procure.letterheads import commands as letterheads


@click.command()
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@click.option("--export", "export", type=click.File(encoding="utf-8"), help="Check an exported history (JSON Lines) instead.")
@click.pass_context
@with_appcontext
def verify(context: click.Context, references: tuple[str, ...], export: TextIO | None) -> None:
    """Check the history of every case, every attachment and every city's logo; with REFERENCE or an export that history only.

    Makes the hash of each entry again and compares what is stored with what the entries say, ticks, approvals and declarations
    included; reads each file in the storage and compares it with its hash. One line for each thing that does not hold, and status 1.
    """
    holds = _holds(context, histories.verify, references=references, export=export)
    if not references and export is None:
        holds &= _holds(context, attachments.verify)
        holds &= _holds(context, letterheads.verify)
    if not holds:
        sys.exit(1)


def _holds(context: click.Context, command: Callable[..., Any], **arguments: Any) -> bool:
    """Whether the command ends without a complaint."""
    try:
        context.invoke(command, **arguments)
    except SystemExit as end:
        return not end.code
    return True
