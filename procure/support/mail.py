"""Letters about requests: the number, what happened and a link. Nothing of the case stands in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from procure.accounts.models import Person
from procure.catalogue import topics
from procure.domain.support import RUNNING, shown_number
from procure.notifications.mail import News
from procure.notifications.service import tell_all
from procure.support import asking_queries, talk_tokens
from procure.support.models import SupportMessage, SupportRequest


def asked(request: SupportRequest, people: Sequence[Person], now: datetime) -> None:
    """To the network: a city asks."""
    _put("asked", "support_asked", request, people, now)


def taken(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: an expert has taken the request."""
    _put(f"taken:{message.id}", "support_taken", request, [_city_person(request)], now, expert=message.author)


def asked_back(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: the expert needs to know more."""
    _put(f"question:{message.id}", "support_question", request, [_city_person(request)], now, expert=message.author)


def written(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: an expert has written, and nothing waits for an answer."""
    _put(f"message:{message.id}", "support_message", request, [_city_person(request)], now, expert=message.author)


def dropped(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: a question needs no answer any more."""
    _put(f"dropped:{message.id}", "support_question_dropped", request, [_city_person(request)], now, expert=message.author)


def met(
    request: SupportRequest, message: SupportMessage, template: str, people: Sequence[Person], now: datetime, calendar: str,
    **values: Any,
) -> None:  # fmt: skip
    """To those invited: a meeting, what has changed in it, or that there will be none. `calendar`: what their calendars take."""
    _put(f"meeting:{message.id}", template, request, people, now, calendar, **values)


def replied(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the expert who has taken it, if there is one: the city has written."""
    if request.expert is not None:
        _put(f"reply:{message.id}", "support_reply", request, [request.expert], now)


def answered(request: SupportRequest, now: datetime) -> None:
    """To the city: the opinion has been issued."""
    expert = request.expert.name if request.expert else ""
    _put("answered", "support_answered", request, [_city_person(request)], now, expert=expert)


def corrected(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the city: a new version of the opinion has been issued."""
    _put(f"corrected:{message.id}", "support_corrected", request, [_city_person(request)], now, expert=message.author)


def reader_asked(request: SupportRequest, reading: int, reader: Person, now: datetime) -> None:
    """To the second reader: an expert asks to read a draft, by way of declaring interests."""
    expert = request.expert.name if request.expert else ""
    _put(f"reader:{reading}", "support_reader_asked", request, [reader], now, below="/reading", expert=expert)


def reader_said(request: SupportRequest, reading: int, act: str, reader: str, now: datetime) -> None:
    """To the expert: the second reader has agreed, returned the draft or declared a conflict of interest."""
    if request.expert is not None:
        told: dict[str, Any] = {"reader": reader, "agreed": act == "agreed", "returned": act == "returned"}
        _put(f"reading:{reading}", "support_reader_said", request, [request.expert], now, below="/opinion", **told)


def reviewed(request: SupportRequest, review: int, now: datetime) -> None:
    """To the expert: the city has said what it made of the opinion."""
    if request.expert is not None:
        _put(f"reviewed:{review}", "support_reviewed", request, [request.expert], now)


def returned(request: SupportRequest, message: SupportMessage, people: Sequence[Person], now: datetime) -> None:
    """To the network, except the one who let it go: the request is open again."""
    others = [person for person in people if person.id != message.author_id]
    _put(f"returned:{message.id}", "support_returned", request, others, now)


def released(request: SupportRequest, message: SupportMessage, expert: Person, now: datetime) -> None:
    """To the expert who had it: the coordinator has opened it to others."""
    _put(f"released:{message.id}", "support_released", request, [expert], now)


def shared(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the expert who has taken it, if there is one: the city has changed what it shares."""
    if request.expert is not None:
        _put(f"shared:{message.id}", "support_shared", request, [request.expert], now)


def withdrawn(request: SupportRequest, message: SupportMessage, now: datetime) -> None:
    """To the expert who had it: the city no longer needs the advice."""
    if request.expert is not None:
        _put(f"withdrawn:{message.id}", "support_withdrawn", request, [request.expert], now)


def to_city(request: SupportRequest, message: SupportMessage, template: str, now: datetime, **values: Any) -> None:
    """To the city: something that the coordinator has decided, or that an expert has written."""
    _put(f"{message.act}:{message.id}", template, request, [_city_person(request)], now, **values)


def to_experts(request: SupportRequest, message: SupportMessage, template: str, people: Sequence[Person], now: datetime) -> None:
    """To the experts whom the act concerns, or to who asked them."""
    _put(f"{message.act}:{message.id}:{template}", template, request, people, now, by=message.author)


def _city_person(request: SupportRequest) -> Person:
    """Who asked; when they have left, whoever is responsible for the case now, or a manager of the city where there is no case."""
    if request.asked_by.active:
        return request.asked_by
    return request.case.responsible if request.case else asking_queries.somebody_of_city(request) or request.asked_by


def _put(
    act: str, template: str, request: SupportRequest, people: Sequence[Person], now: datetime, calendar: str = "", below: str = "",
    **values: Any,
) -> None:  # fmt: skip
    told = {
        "number": shown_number(request.id), "topic": topics.catalogue().get(request.topic).name, "city": request.organisation.names,
        "urgency": request.urgency, "answer_by": request.answer_by, **values,
    }  # fmt: skip
    key, path = f"support:{request.id}:{act}", f"/support/{request.id}{below}"
    tell_all(
        [
            News("support", person, key, template, path, told, reply_to=_reply_to(request, person), calendar=calendar)
            for person in people
        ],
        now,
    )


def _reply_to(request: SupportRequest, person: Person) -> str:
    """Where the person may answer by mail; "" for somebody who cannot write in this request now."""
    if request.state not in RUNNING:
        return ""
    theirs = person.organisation_id == request.organisation_id or person.id in (request.expert_id, request.second_expert_id)
    return talk_tokens.address(current_app.config["SETTINGS"], person.id, request.id) if theirs else ""
