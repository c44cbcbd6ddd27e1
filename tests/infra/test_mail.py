"""Letters on their way to a real mail server."""

import smtplib
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import Envelope
from flask import Flask
from sqlalchemy import select

from procure.config import Settings
from procure.infra import clock, mail, outbox
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from tests.infra import smtp

NOW = clock.now()


def settings(app: Flask, url: str) -> Settings:
    return replace(app.config["SETTINGS"], mail_url=url)


def put(key: str = "one", recipient: str = "officer@tampere.example", subject: str = "Tarjoukset", body: str = "Hei!\n") -> None:
    outbox.put(key, recipient, subject, body, "fi", NOW)
    db.session.commit()


def rows() -> dict[str, OutboxMessage]:
    db.session.expire_all()
    return {row.key: row for row in db.session.scalars(select(OutboxMessage))}


def test_a_letter_arrives_as_it_was_written(app: Flask, server: smtp.Server) -> None:
    put(subject="Hankinnan määräpäivä lähestyy", body="Hyvä vastaanottaja,\n\ntervehdys Åbosta.\n")
    result = mail.deliver_due(settings(app, server.url), lambda: NOW)

    (letter,) = server.letters()
    assert result == mail.Round(sent=1)
    assert letter["Subject"] == "Hankinnan määräpäivä lähestyy"
    assert letter["To"] == "officer@tampere.example"
    assert letter["Message-ID"] == rows()["one"].message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content() == "Hyvä vastaanottaja,\n\ntervehdys Åbosta.\n"


def test_nothing_leaves_about_work_that_was_rolled_back(app: Flask, server: smtp.Server) -> None:
    outbox.put("undone", "officer@tampere.example", "Undone", "Undone\n", "en", NOW)
    db.session.rollback()
    put("done")
    mail.deliver_due(settings(app, server.url), lambda: NOW)

    assert [letter["Subject"] for letter in server.letters()] == ["Tarjoukset"]


def test_without_a_mail_server_messages_are_kept(app: Flask) -> None:
    put()

    assert mail.deliver_due(settings(app, ""), lambda: NOW) == mail.Round()
    assert rows()["one"].tries == 0


def test_a_letter_leaves_once(app: Flask, server: smtp.Server) -> None:
    put()
    for _ in range(3):
        mail.deliver_due(settings(app, server.url), lambda: NOW + timedelta(days=1))

    assert len(server.taken) == 1


def test_no_transaction_is_open_while_the_server_is_spoken_to(app: Flask, server: smtp.Server) -> None:
    seen: list[bool] = []
    session = db.session()

    def answer(envelope: Envelope) -> str:
        seen.append(session.in_transaction())
        return "250 OK"

    put()
    server.answer = answer
    mail.deliver_due(settings(app, server.url), lambda: NOW)

    assert seen == [False]


def test_a_refused_letter_is_tried_again_and_holds_up_no_other(app: Flask, server: smtp.Server) -> None:
    put("bad", "nobody@tampere.example")
    put("good")
    server.answer = lambda envelope: "550 no such person" if "nobody@" in envelope.rcpt_tos[0] else "250 OK"
    result = mail.deliver_due(settings(app, server.url), lambda: NOW)

    assert result == mail.Round(sent=1)
    assert rows()["bad"].next_try_at == NOW + timedelta(minutes=1)
    assert "550" in rows()["bad"].problem
    assert rows()["good"].sent_at == NOW


def test_when_the_server_is_away_the_round_ends_and_the_rest_waits_untouched(app: Flask) -> None:
    put("one")
    put("two")
    result = mail.deliver_due(settings(app, f"smtp://127.0.0.1:{smtp.free_port()}"), lambda: NOW)

    assert result.sent == 0
    assert "ConnectionRefusedError" in result.away
    assert sorted(row.tries for row in rows().values()) == [0, 1]


def test_a_server_that_hangs_is_given_up_and_the_letter_keeps_its_identity(
    app: Flask, server: smtp.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    put()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = mail.deliver_due(settings(app, f"smtp://127.0.0.1:{silent.getsockname()[1]}"), lambda: NOW)
    known = rows()["one"].message_id
    mail.deliver_due(settings(app, server.url), lambda: NOW + timedelta(minutes=1))

    assert result.away
    assert [letter["Message-ID"] for letter in server.letters()] == [known]


def test_a_server_that_goes_away_after_taking_the_letter_does_not_make_it_leave_twice(
    app: Flask, server: smtp.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPResponseException(421, b"going away")

    monkeypatch.setattr(smtplib.SMTP, "quit", broken)
    put()
    mail.deliver_due(settings(app, server.url), lambda: NOW)
    mail.deliver_due(settings(app, server.url), lambda: NOW + timedelta(hours=1))

    assert len(server.taken) == 1
    assert rows()["one"].sent_at == NOW


@pytest.mark.parametrize(
    "recipient",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "not an address", "", "a@b.example, c@d.example", "<>"],
)
def test_a_recipient_that_is_no_address_is_parked_and_holds_up_no_other(app: Flask, server: smtp.Server, recipient: str) -> None:
    put("bad", recipient)
    put("good")
    mail.deliver_due(settings(app, server.url), lambda: NOW)

    assert [envelope.rcpt_tos for envelope in server.taken] == [["officer@tampere.example"]]
    assert rows()["bad"].next_try_at is None
    assert rows()["bad"].problem.startswith("cannot be written")


@pytest.mark.parametrize("planted", ["\r\nBcc: c@d.example", "\nBcc: c@d.example", "\r\n\r\nanother body"])
def test_a_line_break_in_a_subject_plants_no_header(app: Flask, server: smtp.Server, planted: str) -> None:
    put(subject=f"Case{planted}")
    mail.deliver_due(settings(app, server.url), lambda: NOW)

    (letter,) = server.letters()
    assert letter["Bcc"] is None
    assert letter.get_content() == "Hei!\n"
    assert server.taken[0].rcpt_tos == ["officer@tampere.example"]


def test_a_full_stop_alone_on_a_line_ends_no_letter(app: Flask, server: smtp.Server) -> None:
    put(body="one\n.\nRCPT TO:<c@d.example>\n")
    mail.deliver_due(settings(app, server.url), lambda: NOW)

    (letter,) = server.letters()
    assert letter.get_content() == "one\n.\nRCPT TO:<c@d.example>\n"


def test_the_end_is_heard_between_two_letters(app: Flask, server: smtp.Server) -> None:
    put("one")
    put("two")
    result = mail.deliver_due(settings(app, server.url), lambda: NOW, stop=lambda: len(server.taken) == 1)

    assert result.sent == 1
    assert sorted(row.tries for row in rows().values()) == [0, 1]


@pytest.mark.parametrize(("public_url", "sender"), [
    ("https://procure.example.fi", "procure@procure.example.fi"), ("http://127.0.0.1:8000", "procure@[127.0.0.1]"),
])  # fmt: skip
def test_letters_come_from_the_address_people_know(app: Flask, public_url: str, sender: str) -> None:
    put()
    letter = mail.compose(rows()["one"], replace(app.config["SETTINGS"], public_url=public_url))

    assert sender in letter["From"]
