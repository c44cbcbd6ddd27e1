"""Forms of signing in, the own account and people: shape and input checks only.

Every password field has "password" in its name: that is how `web.kept` knows what must never be kept.
"""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Regexp

from procure.domain import passwords
from procure.web import widgets
from procure.web.language import NAMES

LONGEST_TYPED = 1000
"""Above this nothing is a password; the rule itself is in the domain."""

ROLE_TASKS: Final[dict[str, Any]] = {
    "officer": _l("Prepares cases, asks for expert advice and makes documents"),
    "manager": _l("Does what an officer does, and follows all cases of the city"),
    "city_admin": _l("Looks after the people of the city and reads its cases"),
    "expert": _l("Answers the cities’ requests for advice"),
    "coordinator": _l("Looks after the experts and sees to it that every request is answered"),
    "system_admin": _l("Looks after administrators; sees no cases"),
}

NEW_PASSWORD_HINT = _l(
    "At least %(least)s characters. Several words in a row are easy to remember. Leave out your own name and the name of your city.",
    least=passwords.SHORTEST,
)


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail address"),
        widget=widgets.Text(input_type="email"),
        validators=[InputRequired(message=_l("Enter your e-mail address")), Length(max=254)],
    )
    password = PasswordField(
        _l("Password"),
        widget=widgets.Password(),
        validators=[InputRequired(message=_l("Enter your password")), Length(max=LONGEST_TYPED)],
    )
    kept = HiddenField()
    save = SubmitField(_l("Sign in"), widget=widgets.Submit())


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _l("New password"),
        widget=widgets.Password(),
        description=NEW_PASSWORD_HINT,
        validators=[InputRequired(message=_l("Enter a new password")), Length(max=LONGEST_TYPED)],
    )
    save = SubmitField(_l("Save the password"), widget=widgets.Submit())


class ChangePasswordForm(FlaskForm):
    current_password = PasswordField(
        _l("Present password"),
        widget=widgets.Password(),
        validators=[InputRequired(message=_l("Enter your present password")), Length(max=LONGEST_TYPED)],
    )
    password = PasswordField(
        _l("New password"),
        widget=widgets.Password(),
        description=NEW_PASSWORD_HINT,
        validators=[InputRequired(message=_l("Enter a new password")), Length(max=LONGEST_TYPED)],
    )
    save_password = SubmitField(_l("Change the password"), widget=widgets.Submit())


class LanguageForm(FlaskForm):
    language = RadioField(_l("Language"), widget=widgets.Radios(), validators=[InputRequired(message=_l("Choose a language"))])
    save_language = SubmitField(_l("Save the language"), widget=widgets.Submit())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = list(NAMES.items())


class PersonForm(FlaskForm):
    email = EmailField(
        _l("E-mail address"),
        widget=widgets.Text(input_type="email"),
        validators=[InputRequired(message=_l("Enter the person’s e-mail address")), Length(max=254)],
    )
    name = StringField(
        _l("Name"),
        widget=widgets.Text(),
        description=_l("As it is to stand in documents and in the history of cases"),
        validators=[
            InputRequired(message=_l("Enter the person’s name")),
            Length(max=200),
            Regexp(r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$", message=_l("Enter the name on one line")),
        ],
    )
    organisation = SelectField(
        _l("Organisation"), widget=widgets.Select(), validators=[InputRequired(message=_l("Choose the organisation"))]
    )
    role = RadioField(_l("Role"), widget=widgets.Radios(), validators=[InputRequired(message=_l("Choose the role"))])
    language = RadioField(
        _l("Language of pages and letters"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose a language"))],
    )
    save = SubmitField(_l("Add the person"), widget=widgets.Submit())

    def offer(self, roles: list[tuple[str, Any]], organisations: list[tuple[str, str]]) -> None:
        """The choices that this administrator has; a single organisation is not asked."""
        self.role.choices = roles
        self.language.choices = list(NAMES.items())
        self.organisation.choices = organisations
        if len(organisations) == 1:
            del self.organisation


class RoleForm(FlaskForm):
    role = RadioField(_l("Role"), widget=widgets.Radios(), validators=[InputRequired(message=_l("Choose the role"))])
    save = SubmitField(_l("Change the role"), widget=widgets.Submit())


def role_hints(form: PersonForm | RoleForm) -> dict[str, Any]:
    """What each offered role does, under its radio button; as parameters of the field's macro."""
    return {"items": [{"hint": {"text": str(ROLE_TASKS[role])}} for role, _name in form.role.choices]}
