"""Extensions, created here and bound to the application in `app.py`."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

login = LoginManager()
login.session_protection = None  # the session is kept on the server; an address that changes on a train ends nothing
csrf = CSRFProtect()
babel = Babel()
migrate = Migrate()
