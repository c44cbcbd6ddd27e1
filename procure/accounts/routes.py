"""Signing in and out, the own account, people."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from procure.accounts import queries, service
from procure.infra import clock
from procure.web.access import SignedIn, public
from procure.web.extensions import login

blueprint = Blueprint("accounts", __name__)


@login.user_loader
def load_session(token: str) -> SignedIn | None:
    """The person behind the cookie's token, by one query; None once the session has ended."""
    actor = queries.actor_of_session(service.digest(token), clock.now())
    return SignedIn(token, actor) if actor else None


@login.unauthorized_handler
def ask_to_sign_in() -> Response:
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/sign-in")
@public
def sign_in() -> str:
    return "sign in"
