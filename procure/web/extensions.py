"""Extensions, created here and bound to the application in `app.py`."""

from functools import lru_cache
from typing import Final

from flask import Flask, g, session
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

FIELD: Final = "csrf_token"
"""In the session, in `g` and in forms: as the library calls it."""

login = LoginManager()
login.session_protection = None  # the session is kept on the server; an address that changes on a train ends nothing
csrf = CSRFProtect()
babel = Babel()


def sign_tokens_once(app: Flask) -> None:
    """The templates' `csrf_token`. The library signs a session's token anew for each page; as tokens end with their session and not
    by the clock, one signature will do."""

    @lru_cache(4096)
    def signed(raw: str) -> str:
        return str(generate_csrf())

    def token() -> str:
        if FIELD not in session:
            return str(generate_csrf())
        if FIELD not in g:
            g.csrf_token = signed(session[FIELD])
        return str(g.csrf_token)

    app.context_processor(lambda: {FIELD: token})  # after the library's own, which it stands for
