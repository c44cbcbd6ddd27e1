"""Letters about requests: the number, what happened and a link. Nothing of the case stands in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procure.accounts.models import Person
from procure.catalogue import topics
from procure.domain.support import shown_number
from procure.infra import outbox
from procure.infra.mail import render
from procure.support.models import SupportMessage, SupportRequest


def asked(request: SupportRequest, people: Sequence[Person], now: datetime) -> None:
    """To the network: a city asks."""
    for person in people:
        _put("asked", "support_asked", request, person, now)


def taken(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: an expert has taken the request."""
    _put(f"taken:{message.id}", "support_taken", request, _city_person(request), now, expert=message.author)


def asked_back(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: the expert needs to know more."""
    _put(f"question:{message.id}", "support_question", request, _city_person(request), now, expert=message.author)


def replied(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the expert who has taken it, if there is one: the city has written."""
    if request.expert is not None:
        _put(f"reply:{message.id}", "support_reply", request, request.expert, now)


def answered(request: SupportRequest, now: datetime) -> None:
    """To the city: the opinion has been issued."""
    expert = request.expert.name if request.expert else ""
    _put("answered", "support_answered", request, _city_person(request), now, expert=expert)


def returned(request: SupportRequest, message: SupportMessage, people: Sequence[Person], now: datetime) -> None:
    """To the network, except the one who let it go: the request is open again."""
    for person in people:
        if person.id != message.author_id:
            _put(f"returned:{message.id}", "support_returned", request, person, now)


def released(request: SupportRequest, message: SupportMessage, expert: Person, now: datetime) -> None:
    """To the expert who had it: the coordinator has opened it to others."""
    _put(f"released:{message.id}", "support_released", request, expert, now)


def withdrawn(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the expert who had it: the city no longer needs the advice."""
    if request.expert is not None:
        _put(f"withdrawn:{message.id}", "support_withdrawn", request, request.expert, now)


def _city_person(request: SupportRequest) -> Person:
    """Who asked; when they have left, whoever is responsible for the case now."""
    return request.asked_by if request.asked_by.active else request.case.responsible


def _put(act: str, template: str, request: SupportRequest, person: Person, now: datetime, **values: Any) -> None:
    if not person.active:
        return
    letter = render(
        template, person.language, number=shown_number(request.id), path=f"/support/{request.id}",
        topic=topics.catalogue().get(request.topic).name[person.language], city=request.organisation.names[person.language],
        urgency=request.urgency, answer_by=request.answer_by, **values,
    )  # fmt: skip
    outbox.put(f"support:{request.id}:{act}:{person.id}", person.email, letter.subject, letter.body, person.language, now)
