"""Signing in and out, the own account, people."""

from flask import Blueprint, Response, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as Answer

from procure.accounts import pages, queries, service
from procure.accounts.forms import (
    ChangePasswordForm,
    LanguageForm,
    NewPasswordForm,
    PersonForm,
    RoleForm,
    SignInForm,
    role_hints,
)
from procure.accounts.models import Person
from procure.catalogue import organisations
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.web import kept, wording
from procure.web.access import SignedIn, actor, found, public, requires
from procure.web.extensions import login
from procure.web.language import COOKIE, local_path, remember

blueprint = Blueprint("accounts", __name__)


@login.user_loader
def load_session(token: str) -> SignedIn | None:
    """The person behind the cookie's token, by one query; None once the session has ended."""
    actor = queries.actor_of_session(service.digest(token), clock.now())
    return SignedIn(token, actor) if actor else None


@login.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """The sign-in page, on the way to the page that was asked for; what was being sent stays with it."""
    if request.method in ("GET", "HEAD"):
        path = kept.here()
        return redirect(url_for("accounts.sign_in", next=None if path == "/" else path))
    return _sign_in_again()


@blueprint.app_errorhandler(CSRFError)
def without_token(error: CSRFError) -> Response:
    """A form from before the session ended, or one that another site sends: nothing is done, and nothing typed is lost."""
    if request.endpoint == "accounts.sign_in":
        return _sign_in_once_more()
    view = current_app.view_functions.get(request.endpoint or "")
    if current_user.is_authenticated or getattr(view, "access", "public") == "public":
        return _typed_texts()
    return _sign_in_again()


def _sign_in_again() -> Response:
    """The session has ended: the sign-in page with status 401, carrying what was posted."""
    typed = kept.of_request()
    readable = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    target = kept.here() if readable else "/"
    texts = typed.texts if typed and not typed.small_enough else []
    return _sign_in_page(SignInForm(formdata=None), target, 401, kept.sealed(typed), texts)


def _sign_in_once_more() -> Response:
    """The sign-in form itself was too old, or went off twice: a second try for whoever is still out."""
    typed = kept.opened(request.form.get(kept.FIELD, ""))
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return make_response(_kept_page(typed) if typed else redirect(target))
    form = SignInForm(formdata=None)
    form.form_errors.append(_("The page had been open for too long. Sign in once more"))
    return _sign_in_page(form, target, 400, request.form.get(kept.FIELD, "") if typed else "")


def _typed_texts() -> Response:
    typed = kept.of_request()
    texts = typed.texts if typed else []
    return make_response(render_template("errors/typed_texts.html", texts=texts, path=kept.here()), 400)


def _sign_in_page(
    form: SignInForm, target: str, status: int, carried: str = "", texts: list[tuple[str, str]] | None = None
) -> Response:
    form.kept.data = carried
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        carried=carried,
        texts=texts or [],
        action=url_for("accounts.sign_in", next=None if target == "/" else target),
    )
    return make_response(page, status)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    target = local_path(request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(target)
    form = SignInForm()
    typed = kept.opened(form.kept.data or "")
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            token = service.sign_in(form.email.data, form.password.data, request.remote_addr or "", clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            status = 429 if refusal.reasons[0].code == "too_many_attempts" else 422
        else:
            return _welcome(token, target, typed)
    return _sign_in_page(form, target, status, (form.kept.data or "") if typed else "")


def _welcome(token: str, target: str, typed: kept.Kept | None) -> Response:
    """The session begins anew: nothing that was in the browser's cookie before goes on."""
    signed_in = load_session(token)
    assert signed_in is not None
    _leave()
    login_user(signed_in)
    for left_by_library in ("_fresh", "_id"):
        session.pop(left_by_library, None)
    refresh()  # from here on the page speaks the person's language
    response = make_response(_kept_page(typed) if typed else redirect(target))
    if COOKIE not in request.cookies:
        remember(response, signed_in.actor.language, bool(current_app.config["SESSION_COOKIE_SECURE"]))
    return response


def _kept_page(typed: kept.Kept) -> str:
    return render_template(
        "accounts/kept.html", typed=typed, hidden=list(kept.hidden_fields(typed)), path=typed.path, discard=_readable(typed.path)
    )


def _readable(path: str) -> str:
    """The path when a page can be read there, else the first page."""
    adapter = current_app.create_url_adapter(request)
    return path if adapter is not None and adapter.test(path.partition("?")[0], method="GET") else "/"


def _leave() -> None:
    """End the session of this browser, if there is one, and forget all that its cookie carried."""
    if current_user.is_authenticated:
        service.sign_out(current_user.token)
        logout_user()
    session.clear()
    for made_before in ("csrf_token", "surroundings"):
        g.pop(made_before, None)


@blueprint.route("/sign-out", methods=["GET", "POST"])
@public
def sign_out() -> str | Answer:
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in"))
    if request.method != "POST":
        return render_template("accounts/sign_out.html")
    _leave()
    flash(_("You have signed out."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account", methods=["GET", "POST"])
@requires("account.own")
def account() -> str | Answer | tuple[str, int]:
    """The own language and password."""
    language_form, password_form = LanguageForm(language=actor().language), ChangePasswordForm()
    sent: LanguageForm | ChangePasswordForm | None = None
    if language_form.save_language.data:
        sent = language_form
        if language_form.validate():
            return _save_language(language_form.language.data)
    elif password_form.is_submitted():
        sent = password_form
        if password_form.validate():
            try:
                service.change_own_password(
                    actor(), password_form.current_password.data, password_form.password.data, clock.now()
                )
            except Refusal as refusal:
                wording.put_into(password_form, refusal)
            else:
                _leave()
                flash(_("The password has been changed and you have been signed out everywhere. Sign in with it."), "success")
                return redirect(url_for("accounts.sign_in"))
    page = render_template(
        "accounts/account.html",
        form=sent,
        language_form=language_form,
        password_form=password_form,
        me=actor(),
        role=pages.ROLE_NAMES[actor().role],
    )
    return page, 422 if sent else 200


def _save_language(code: str) -> Answer:
    service.choose_language(actor(), code, clock.now())
    response = make_response(redirect(url_for("accounts.account")))
    remember(response, code, bool(current_app.config["SESSION_COOKIE_SECURE"]))
    return response


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@public
def password(token: str) -> str | Answer | tuple[str, int]:
    """A password by a link that works once."""
    person = queries.person_of_link(service.digest(token), clock.now())
    if person is None:
        return render_template("accounts/link_expired.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            service.use_password_link(token, form.password.data, clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            _leave()
            flash(_("The password has been saved. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/password.html", form=form, email=person.email), 422 if form.is_submitted() else 200


@blueprint.get("/people")
@requires("people.list")
def people() -> str:
    return render_template("accounts/people.html", people=queries.people_for(actor()), role_names=pages.ROLE_NAMES)


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires("people.manage")
def person_new() -> str | tuple[str, int]:
    """A new person; the answer shows the link that sets the password, once."""
    own = organisations.catalogue().get(actor().organisation_code)
    form = PersonForm(language=own.language)
    form.offer(pages.roles_to_give(actor()), pages.organisations_to_choose(actor(), queries.organisations()))
    if form.validate_on_submit():
        code = form.organisation.data if form.organisation else own.code
        organisation = found(queries.organisation_by_code(code))
        try:
            person, token = service.invite(
                form.email.data, form.name.data, form.role.data, organisation, form.language.data, actor(), clock.now()
            )
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _link_page(person, token)
    hints = role_hints(form)
    return render_template("accounts/person_new.html", form=form, hints=hints), 422 if form.is_submitted() else 200


def _link_page(person: Person, token: str) -> str:
    settings = current_app.config["SETTINGS"]
    link = settings.public_url + url_for("accounts.password", token=token)
    return render_template("accounts/link.html", shown=person, link=link, mailed=bool(settings.mail_url))


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@requires("people.manage")
def person(person_id: int) -> str | Answer | tuple[str, int]:
    """One person: role, link, closing and opening the account. `act` says which of the page's forms was sent."""
    shown: Person = found(queries.person_for(actor(), person_id))
    form = RoleForm(role=shown.role)
    form.role.choices = pages.roles_to_give(actor())
    if request.method == "POST":
        try:
            answer = _act_on(shown, form, actor())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            if answer is not None:
                return answer
    page = render_template(
        "accounts/person.html",
        form=form,
        shown=shown,
        role=pages.ROLE_NAMES[shown.role],
        hints=role_hints(form),
        own=shown.id == actor().id,
    )
    return page, 422 if request.method == "POST" else 200


def _act_on(shown: Person, form: RoleForm, by: Actor) -> str | Answer | None:
    """Do what the sent form asks; None when there is something wrong with it. Raises Refusal."""
    act = request.form.get("act", "")
    if act == "link":
        return _link_page(shown, service.send_password_link(shown, by, clock.now()))
    if act in ("close", "open"):
        service.set_active(shown, act == "open", by, clock.now())
        flash(_("The account is open.") if act == "open" else _("The account is closed."), "success")
    elif act == "role" and form.validate():
        service.change_role(shown, form.role.data, by, clock.now())
        flash(_("The role has been changed. The person signs in again."), "success")
    else:
        return None
    return redirect(url_for("accounts.person", person_id=shown.id))
