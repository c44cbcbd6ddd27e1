"""The program `procure`. Commands live with their features and are loaded when they are called, so that each starts quickly."""

import importlib
import sys
from typing import Any, Final

import click
from flask.cli import ScriptInfo

from procure.catalogue.reading import CatalogueError
from procure.config import SettingMissing

COMMANDS: Final = {
    "advise": "procure.advice.commands:advise",
    "cpv": "procure.desk.commands:import_cpv",
    "deadline": "procure.advice.commands:deadline",
    "demo": "procure.desk.demo_command:load_demo",
    "doctor": "procure.desk.commands:doctor",
    "document": "procure.documents.commands:document",
    "dossiers": "procure.documents.dossier_commands:make_dossiers",
    "export": "procure.questionnaires.commands:export_case",
    "figures": "procure.figures.commands:recount",
    "import": "procure.questionnaires.commands:import_case",
    "migrate": "procure.accounts.commands:migrate",
    "outbox": "procure.desk.commands:outbox",
    "portfolio": "procure.portfolio.commands:recount",
    "readvise": "procure.advice.readvise:readvise",
    "receive-mail": "procure.support.receiving_commands:receive_mail",
    "reindex": "procure.cases.index_commands:reindex",
    "user": "procure.accounts.commands:user",
    "verify": "procure.desk.verify_command:verify",
    "verify-document": "procure.verification.commands:verify_document",
    "verify-dossier": "procure.documents.dossier_checking:verify_dossier",
    "worker": "procure.desk.commands:worker",
}


class Procure(click.Group):
    """Finds a command by its name in the table above."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


def make_app() -> Any:
    return importlib.import_module("procure.app").create_app()


@click.group(cls=Procure, help="Guides cities through innovative public procurements.")
def commands() -> None:
    pass


def main() -> None:
    """Results to standard output, messages to standard error; wrong input ends with one line and status 2."""
    try:
        status = commands.main(standalone_mode=False, obj=ScriptInfo(create_app=make_app))
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.Abort:
        status = 130
    except click.ClickException as error:
        click.echo(f"procure: {error.format_message()}".replace("\n", " "), err=True)
        status = 2
    except (SettingMissing, CatalogueError) as error:
        click.echo(f"procure: {error}".replace("\n", " "), err=True)
        status = 2
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy."):  # known by name: programs without a database need not load it
            raise
        click.echo(f"procure: the database does not answer as it should ({_first_line(error)}): run procure doctor", err=True)
        status = 2
    sys.exit(status if isinstance(status, int) else 0)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
