"""Answers by mail, by a real SMTP client to the real receiver: what becomes a message, and what is refused without a trace of its words."""

import os
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from procure.accounts.models import Person
from procure.config import ROOT
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.outbox import OutboxMessage
from procure.support import queries, receiving, talk_queries, talk_tokens
from procure.support.models import MailRefusal, SupportFile, SupportMessage, SupportRequest
from procure.support.receiving_commands import receive_mail
from procure.support.receiving_server import Receiver
from tests import factories
from tests.attachments.files import pdf
from tests.infra.smtp import free_port
from tests.support.builders import CANARY, act, secret_case, taken

DOMAIN = "reply.procure.example"
Send = Callable[..., tuple[int, str]]
People = dict[str, Person]


def reading(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], reply_domain=DOMAIN)


@contextmanager
def receiver(app: Flask, lmtp: bool = False) -> Iterator[int]:
    port = free_port()
    running = Receiver(app, app.config["SETTINGS"], "127.0.0.1", port, lmtp)
    running.start()
    try:
        yield port
    finally:
        running.stop()


def letter(sender: str, recipient: str, text: str = "Yes, they are.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in (
        {"From": sender, "To": recipient, "Subject": "Re: T-1", "Message-ID": "<one@city.example>"} | headers
    ).items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def sent(
    port: int, mail: EmailMessage, sender: str, recipient: str, client: type[smtplib.SMTP] = smtplib.SMTP
) -> tuple[int, str]:
    """What the receiver answers."""
    with client("127.0.0.1", port) as server:
        try:
            server.send_message(mail, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            return code, text.decode()
        except smtplib.SMTPResponseException as refusal:
            return refusal.smtp_code, str(refusal.smtp_error)
    return 250, ""


@pytest.fixture
def request_(own_app: Flask) -> Iterator[SupportRequest]:
    """A request that an expert has taken, who waits for an answer; commits are real."""
    reading(own_app)
    with own_app.app_context():
        with writing():
            people = factories.people()
            request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
            act(request, people["expert"], "ask_back", "Are options included?")
            db.session.rollback()  # the receiver writes from now on
        yield request


def address(app: Flask, person: Person, request: SupportRequest) -> str:
    return talk_tokens.address(app.config["SETTINGS"], person.id, request.id)


def texts(request: SupportRequest) -> list[str]:
    db.session.rollback()
    return [message.text for message in queries.messages_of(request) if message.kind != "system"]


def refusals() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.why, row.sender_domain) for row in db.session.scalars(select(MailRefusal).order_by(MailRefusal.id))]


def test_an_answer_by_mail_answers_the_question_once_with_its_file(own_app: Flask, request_: SupportRequest) -> None:
    officer = factories.people()["officer"]
    where = address(own_app, officer, request_)
    mail = letter(f"Officer <{officer.email}>", where, "Yes, they are.\n\nProcure kirjoitti 3.12.2026 klo 10.15:\n> T-0001\n")
    mail.add_attachment(pdf(), maintype="application", subtype="pdf", filename="prices.pdf")
    mail.add_attachment(b"MZ program", maintype="application", subtype="octet-stream", filename="setup.exe")
    with receiver(own_app) as port:
        first, again = sent(port, mail, officer.email, where), sent(port, mail, officer.email, where)

    assert (first[0], again[0]) == (250, 250)
    assert texts(request_) == ["Are options included?", "Yes, they are."]
    reply = db.session.scalars(select(SupportMessage).where(SupportMessage.kind == "reply")).one()
    assert (reply.author_id, reply.left_out) == (officer.id, ["setup.exe"])
    assert [file.file_name for file in db.session.scalars(select(SupportFile))] == ["prices.pdf"]
    assert db.session.get_one(SupportRequest, request_.id, populate_existing=True).state == "taken"
    letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{request_.id}:reply%"))).all()
    assert [one.recipient for one in letters] == [factories.people()["expert"].email]


def test_lmtp_takes_it_too(own_app: Flask, request_: SupportRequest) -> None:
    expert = factories.people()["expert"]
    where = address(own_app, expert, request_)
    with receiver(own_app, lmtp=True) as port:
        assert sent(port, letter(expert.email, where, "Take your time."), expert.email, where, smtplib.LMTP)[0] == 250
    assert texts(request_) == ["Are options included?", "Take your time."]
    assert db.session.get_one(SupportRequest, request_.id, populate_existing=True).state == "asked_back"


def test_what_is_too_large_or_for_another_domain_does_not_come_in(own_app: Flask, request_: SupportRequest) -> None:
    officer = factories.people()["officer"]
    where = address(own_app, officer, request_)
    with receiver(own_app) as port, smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        assert server.mail(officer.email, [f"size={receiving.LARGEST_MAIL + 1}"])[0] == 552
        assert server.mail(officer.email)[0] == 250
        assert server.rcpt("reply+x@elsewhere.example")[0] == 550
        assert server.rcpt(f"postmaster@{DOMAIN}")[0] == 550
        assert server.rcpt(where)[0] == 250
        assert server.rcpt(where)[0] == 452
    assert texts(request_) == ["Are options included?"]


def test_a_forged_sender_is_refused_and_only_the_domain_is_kept(own_app: Flask, request_: SupportRequest) -> None:
    people = factories.people()
    where = address(own_app, people["officer"], request_)
    with receiver(own_app) as port:
        stranger = sent(port, letter("mallory@evil.example", where, f"{CANARY} secret"), "mallory@evil.example", where)
        pretending = sent(port, letter(people["officer"].email, where), "mallory@evil.example", where)
        colleague = sent(port, letter(people["manager"].email, where), people["manager"].email, where)

    assert [stranger[0], pretending[0], colleague[0]] == [550, 550, 550]
    assert refusals() == [
        ("sender_unknown", "evil.example"), ("sender_unknown", "evil.example"), ("sender_unknown", "tampere.example"),
    ]  # fmt: skip
    assert texts(request_) == ["Are options included?"]


def test_the_command_serves_until_it_is_ended(own_app: Flask, request_: SupportRequest) -> None:
    officer, settings, port = factories.people()["officer"], own_app.config["SETTINGS"], free_port()
    where = address(own_app, officer, request_)
    environment = os.environ | {
        "DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key, "PUBLIC_URL": settings.public_url,
        "STORAGE_URL": settings.storage_url, "REPLY_DOMAIN": DOMAIN,
    }  # fmt: skip
    command = [sys.executable, "-m", "procure", "receive-mail", "--port", str(port)]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert DOMAIN in process.stderr.readline()
            assert sent(port, letter(officer.email, where), officer.email, where)[0] == 250
        finally:
            process.terminate()
        assert process.wait(20) == 0
    assert texts(request_)[-1] == "Yes, they are."


def test_the_command_says_what_is_missing(own_app: Flask) -> None:
    done = own_app.test_cli_runner().invoke(receive_mail)
    assert done.exit_code == 2
    assert "REPLY_DOMAIN is missing" in done.output


# the same without the wire


@pytest.fixture
def asked(app: Flask, people: People) -> Iterator[SupportRequest]:
    before = app.config["SETTINGS"]
    reading(app)
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    act(request, people["expert"], "ask_back", "Are options included?")
    yield request
    app.config["SETTINGS"] = before


@pytest.fixture
def take(app: Flask, people: People, asked: SupportRequest) -> Send:
    """Give a mail of the officer to the receiver; headers and other things can differ."""

    def given(text: str = "Yes.", recipient: str = "", sender: str = "", now: Any = None, **headers: str) -> tuple[int, str]:
        email = sender or people["officer"].email
        where = recipient or address(app, people["officer"], asked)
        content = letter(email, where, text, **headers).as_bytes()
        answer = receiving.take(content, email, where, app.config["SETTINGS"], now or clock.now())
        return int(answer[:3]), answer

    return given


def test_an_address_is_good_for_sixty_days(take: Send, asked: SupportRequest) -> None:
    assert take(now=clock.now() + timedelta(days=61)) == (550, receiving.REFUSED["token_expired"])
    assert take(now=clock.now() + timedelta(days=59))[0] == 250
    assert refusals() == [("token_expired", "tampere.example")]


@pytest.mark.parametrize("token", ["reply+1-1.abc.def", "reply+", "reply+1-1", "reply+ä"])
def test_an_address_that_was_not_made_here_is_refused(take: Send, asked: SupportRequest, token: str) -> None:
    assert take(recipient=f"{token}@{DOMAIN}")[0] == 550
    assert refusals() == [("token_forged", "tampere.example")]


def test_the_token_of_one_request_opens_no_other(app: Flask, take: Send, people: People, asked: SupportRequest) -> None:
    good = address(app, people["officer"], asked)
    person, _, rest = good.removeprefix("reply+").partition("-")
    other = good.replace(f"{person}-{rest.partition('.')[0]}.", f"{person}-{asked.id + 1}.")
    assert take(recipient=other)[0] == 550
    assert refusals()[0][0] == "token_forged"


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Auto_Submitted": "auto-generated (vacation)"}],
)
def test_automatic_answers_are_dropped_without_a_refusal(take: Send, asked: SupportRequest, headers: dict[str, str]) -> None:
    assert take(**headers) == (250, receiving.AUTOMATIC)
    assert texts(asked) == ["Are options included?"]
    assert refusals() == []


def test_a_report_of_delivery_is_dropped(app: Flask, people: People, asked: SupportRequest) -> None:
    where = address(app, people["officer"], asked)
    content = letter("mailer-daemon@tampere.example", where).as_bytes()
    assert receiving.take(content, "", where, app.config["SETTINGS"], clock.now()) == receiving.AUTOMATIC


def test_a_letter_sent_back_without_a_word_is_refused(take: Send, asked: SupportRequest) -> None:
    assert take("> T-0001: the expert has a question\n")[0] == 550
    assert refusals() == [("nothing_written", "tampere.example")]


def test_a_mail_that_is_only_html_is_taken_as_text(app: Flask, people: People, asked: SupportRequest) -> None:
    officer = people["officer"]
    where = address(app, officer, asked)
    mail = letter(officer.email, where)
    mail.set_content("<p>Yes,<br>they are.</p><blockquote>T-0001</blockquote>", subtype="html")
    assert receiving.take(mail.as_bytes(), officer.email, where, app.config["SETTINGS"], clock.now()) == receiving.TAKEN
    assert texts(asked)[-1] == "Yes,\nthey are."


def test_who_has_left_writes_no_more(take: Send, people: People, asked: SupportRequest) -> None:
    people["officer"].active = False
    db.session.commit()
    assert take()[0] == 550
    assert refusals() == [("person_closed", "tampere.example")]


def test_an_expert_who_has_let_go_writes_no_more(app: Flask, take: Send, people: People, asked: SupportRequest) -> None:
    expert = people["expert"]
    where = address(app, expert, asked)
    act(asked, expert, "hand_back", "No time")
    assert take(recipient=where, sender=expert.email)[0] == 550
    assert refusals() == [("not_yours", "innocities.example")]


def test_nothing_is_written_in_a_request_that_has_ended(take: Send, people: People, asked: SupportRequest) -> None:
    act(asked, people["officer"], "withdraw", "No need")
    assert take()[0] == 550
    assert refusals() == [("not_yours", "tampere.example")]


def test_rubbish_is_refused_and_not_a_fault(app: Flask, people: People, asked: SupportRequest) -> None:
    where = address(app, people["officer"], asked)
    for content in (b"", b"\xff\xfe\x00", b"From: =?x?q?=\r\n\r\n", b"Content-Type: text/plain; charset=nonsense\r\n\r\nx"):
        assert receiving.take(content, people["officer"].email, where, app.config["SETTINGS"], clock.now())[:3] == "550"


def test_letters_name_the_address_of_their_receiver_only(app: Flask, people: People, asked: SupportRequest) -> None:
    question = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{asked.id}:question%"))).one()
    assert talk_tokens.read(app.config["SETTINGS"], question.reply_to, clock.now()) == (people["officer"].id, asked.id)
    assert "replying to this letter" in question.body or "vastaamalla" in question.body
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{asked.id}:asked%"))).all()
    assert [one.reply_to for one in told] == ["", "", ""]


def test_only_coordinators_read_what_was_refused(app: Flask, take: Send, people: People, client_for: Any) -> None:
    take(sender="mallory@evil.example")
    assert talk_queries.refusals(actor_of(people["expert"])) == []
    page = client_for(people["coordinator"]).get("/support/mail-refusals").get_data(as_text=True)
    assert "evil.example" in page
    assert "mallory" not in page


def actor_of(person: Person) -> Actor:
    return factories.actor_of(person)


def test_a_flood_of_refusals_is_not_kept(take: Send, asked: SupportRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_LOGGED_AN_HOUR", 2)
    for _turn in range(4):
        assert take(sender="mallory@evil.example")[0] == 550
    assert len(refusals()) == 2
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        take(sender="mallory@evil.example")
    assert len(refusals()) == 3
