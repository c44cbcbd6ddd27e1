"""Who may open a page: every view says it in its decorator, public ones too; a test walks all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import abort, current_app
from flask_login import UserMixin, current_user

from procure.domain.permissions import ACTIONS, Actor, may

P = ParamSpec("P")
R = TypeVar("R")


class SignedIn(UserMixin):
    """What Flask-Login keeps of the person: the session's token is the identity, so that a dead session is nobody."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        return self.token


def actor() -> Actor:
    """The person who is signed in. Only inside a view that `requires` something."""
    signed_in: SignedIn = current_user
    return signed_in.actor


def requires(action: str, hidden: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view is for signed-in people whose role may do `action` (domain.permissions); `hidden`: for others there is no such page."""
    if action not in ACTIONS:
        raise KeyError(action)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if not may(current_user.actor.role, action):
                abort(404 if hidden else 403)
            return current_app.ensure_sync(view)(*args, **kwargs)

        guarded.access, guarded.hidden = action, hidden  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """The view is for everybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def found(thing: Any) -> Any:
    """The thing, or the same 404 whether it does not exist or belongs to somebody else."""
    if thing is None:
        abort(404)
    return thing
