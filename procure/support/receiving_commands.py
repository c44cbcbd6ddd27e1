"""`procure receive-mail`: answers by mail."""

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.support.receiving_server import Receiver


@click.command(help="Takes answers to letters about requests (REPLY_DOMAIN) from your mail server; SIGTERM ends it.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8025, show_default=True)
@click.option("--lmtp", is_flag=True, help="Speak LMTP instead of SMTP.")
@with_appcontext
def receive_mail(host: str, port: int, lmtp: bool) -> None:
    settings = current_app.config["SETTINGS"]
    if not settings.reply_domain:
        raise click.UsageError("REPLY_DOMAIN is missing: set it to the mail domain whose mail comes here")
    receiver = Receiver(current_app._get_current_object(), settings, host, port, lmtp)  # type: ignore[attr-defined]
    try:
        receiver.start()
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    click.echo(f"procure receive-mail: {settings.reply_domain} on {host}:{port}", err=True)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    ending.wait()
    receiver.stop()
