"""The application: a table of contents."""

import logging
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from procure.accounts import routes as accounts
from procure.advice import routes as advice
from procure.advice import service as advice_service
from procure.approvals import queries as approval_queries
from procure.approvals import routes as approvals
from procure.approvals import service as approval_service
from procure.approvals import verifying as approval_verifying
from procure.attachments import queries as attachment_queries
from procure.attachments import routes as attachments
from procure.attachments import shared_queries as shared_attachments
from procure.attachments import shared_routes  # noqa: F401  (its pages stand in the blueprint of attachments)
from procure.attachments import thread_routes as attachment_threads  # noqa: F401  (its pages belong to the blueprint)
from procure.cases import advised, gating
from procure.cases import list_routes as cases
from procure.cases import queries as case_queries
from procure.cases import service as case_service
from procure.cases import texts as case_texts
from procure.cases import verifying as case_verifying
from procure.catalogue import (
    advice_texts,
    cancelling,
    citations,
    coach,
    compositions,
    material,
    organisations,
    procedures,
    products,
    publicity,
    questions,
    rulebook,
    topics,
    triage,
    wording,
)
from procure.catalogue import approvals as approval_rules
from procure.catalogue import clauses as clause_catalogue
from procure.catalogue import documents as document_catalogue
from procure.catalogue import network as network_catalogue
from procure.catalogue import results as result_catalogue
from procure.clauses import routes as clauses
from procure.communications import expert_routes as communications
from procure.communications import queries as communication_queries
from procure.communications import service as communication_service
from procure.config import ROOT, Settings, from_environment
from procure.declarations import routes as declarations
from procure.declarations import verifying as declaration_verifying
from procure.desk import routes as desk
from procure.documents import dossier_routes as documents
from procure.documents import (  # noqa: F401  (the sample stands in the blueprint of documents)
    dossier_verifying,
    issuing_job,
    issuing_pages,
    sample_routes,
)
from procure.documents import making as document_making
from procure.documents import verifying as document_verifying
from procure.figures import articles as figure_articles
from procure.figures import routes as figures
from procure.figures import service as figure_service
from procure.figures import words as figure_words
from procure.gates import city_routes as city_gates
from procure.gates import routes as gates
from procure.gates import service as gate_service
from procure.gates import verifying as gate_verifying
from procure.infra import pdf, seal
from procure.infra.db import db
from procure.knowledge import routes as knowledge
from procure.letterheads import routes as letterheads
from procure.network import people_routes as network
from procure.notifications import queries as notification_queries
from procure.notifications import routes as notifications
from procure.planning import city_routes
from procure.planning import queries as planning_queries
from procure.portfolio import routes as portfolio
from procure.printing import routes as printing
from procure.printing import service as printing_service
from procure.questionnaires import routes as questionnaires
from procure.reports import routes as reports
from procure.results import routes as results
from procure.results import service as result_service
from procure.results import verifying as result_verifying
from procure.shared_figures import routes as shared_figures
from procure.support import (  # noqa: F401  (the pages of those not named below stand in the blueprint of support)
    article_routes,
    asking_routes,
    opinion_pages,
    opinion_press,
    opinion_routes,
    product_names,
    product_routes,
    talk_files,
    talk_routes,
    triage_routes,
)
from procure.support import files as support_files
from procure.support import routes as support
from procure.support import targets as support_targets
from procure.support import verifying as support_verifying
from procure.teams import routes as teams
from procure.timetables import feed_routes
from procure.timetables import routes as timetables
from procure.timetables import service as timetable_service
from procure.verification import routes as verification
from procure.web import assets, errors, filters, headers, navigation, sentences, transactions, uploads
from procure.web import routes as web
from procure.web.extensions import babel, csrf, login, sign_tokens_once
from procure.web.language import select_locale
from procure.web.navigation import Entry

BLUEPRINTS = (
    web.blueprint, accounts.blueprint, desk.blueprint, cases.blueprint, questionnaires.blueprint, advice.blueprint,
    support.blueprint, city_routes.blueprint, timetables.blueprint, feed_routes.blueprint, attachments.blueprint,
    documents.blueprint, teams.blueprint, declarations.blueprint, approvals.blueprint, gates.blueprint, city_gates.blueprint,
    results.blueprint,
    notifications.blueprint, network.blueprint, communications.blueprint, knowledge.blueprint, figures.blueprint,
    portfolio.blueprint, printing.blueprint, verification.blueprint, letterheads.blueprint, clauses.blueprint, reports.blueprint,
    shared_figures.blueprint,
)  # fmt: skip

MENU: tuple[Entry, ...] = (
    Entry(_l("My work"), "desk.home", "desk.read"),
    Entry(_l("Cases"), "cases.index", "case.list"),
    Entry(_l("Expert support"), "support.index", "support.list"),
    Entry(_l("Network"), "network.index", "network.read"),
    Entry(_l("Knowledge"), "knowledge.index", "knowledge.read"),
    Entry(_l("Figures"), "figures.index", "figures.read"),
    Entry(_l("Portfolio"), "portfolio.index", "portfolio.read"),
    Entry(_l("City’s calendar"), "planning.city_calendar", "city.calendar.read"),
    Entry(_l("City’s own points"), "city_gates.city_gates", "city.gates.edit"),
    Entry(_l("City’s letterhead"), "letterheads.index", "city.papers.edit"),
    Entry(_l("People"), "accounts.people", "people.list"),
)

PRINT_PATIENCE_SECONDS = 0.9
"""How long a request waits for a document before it shows the page of its progress. None: the request prints it itself."""
LARGEST_REQUEST = 6 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The service, ready to serve. Raises SettingMissing or CatalogueError: unsafe settings and faulty data do not start."""
    settings = settings or from_environment()
    app = Flask("procure", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "procure" / "static"))
    _configure(app, settings)
    pdf.use_workers(settings.pdf_workers)
    seal.use(seal.means_of(settings))
    _load_catalogue()
    uploads.register(app)
    _bind_extensions(app)
    headers.register(app, settings.secure)
    transactions.register(app)  # after the headers, so that they are also on the page that says that it could not be committed
    errors.register(app)
    assets.register(app)
    filters.register(app)
    sentences.register(app)
    navigation.register(app, MENU)
    _introduce()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.secure:  # one proxy in front ends HTTPS and says who is calling
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def _introduce() -> None:
    """Tell the features that stand below of those above, which they never import: who follows a case, who knows what else there is."""
    case_service.follow("advice", advice_service.follow)
    case_service.follow("approvals", approval_service.follow)
    approval_service.add_delegates("absences", notification_queries.away_in)
    case_service.follow("gates", gate_service.follow)
    gating.add_gate_reviser("gates", 10, gate_service.revise)
    gating.add_gate_reviser("approvals", 50, approval_service.revise_gate)
    gating.guard_completion("approvals", approval_service.check_four_eyes)
    gating.guard_completion("results", result_service.check_contract)
    case_queries.WAITING["approvals"] = approval_queries.WAITING_IN_CASE
    case_queries.WAITING["communications"] = communication_queries.WAITING_IN_CASE
    communication_service.expect("timetable", timetable_service.first_days)
    advised.SOURCES["support"] = opinion_pages.notes
    opinion_press.PRINTERS["documents"] = document_making.opinion
    printing_service.WORKS[issuing_job.WORK] = issuing_job.ISSUING
    printing_service.WORKS[opinion_routes.ISSUING] = printing_service.WORKS[printing_service.FILE]
    printing.TELLERS[opinion_routes.ISSUING] = opinion_routes.ready_to_issue
    printing.TELLERS[issuing_job.WORK] = issuing_pages.told
    case_texts.SOURCES["attachments"] = attachment_queries.words_of
    support_files.SOURCES["attachments"] = shared_attachments.files_of
    support_targets.CLOSED["planning"] = planning_queries.closed_in
    figure_service.SOURCES["article"] = figure_articles.SOURCE
    figure_words.PRODUCT_NAMES[:] = [product_names.name_of]
    talk_files.RECEIVERS["attachments"] = attachments.received
    case_verifying.DERIVED.update(
        gates=gate_verifying.CHECK,
        approvals=approval_verifying.CHECK,
        declarations=declaration_verifying.CHECK,
        support=support_verifying.CHECK,
        documents=document_verifying.CHECK,
        dossiers=dossier_verifying.CHECK,
        results=result_verifying.CHECK,
    )


def _configure(app: Flask, settings: Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={} if settings.embedded else {"pool_size": 4},
        TRUSTED_HOSTS=None if settings.embedded else [urlsplit(settings.public_url).hostname or ""],
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PRINT_PATIENCE_SECONDS=PRINT_PATIENCE_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,  # a form that stood open overnight still saves; the token ends with the session
        BABEL_DEFAULT_LOCALE="fi",
        BABEL_DEFAULT_TIMEZONE="Europe/Helsinki",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "procure" / "translations"),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(ROOT / "templates")),
            PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
        ]
    )
    logging.getLogger("procure").setLevel(logging.INFO)


def _load_catalogue() -> None:
    """Read all data once: a fault stops the start with file and line."""
    for catalogue in (
        procedures,
        document_catalogue,
        compositions,
        material,
        questions,
        organisations,
        topics,
        products,
        wording,
        coach,
        cancelling,
        publicity,
    ):
        catalogue.catalogue()
    citations.catalogue()
    clause_catalogue.catalogue()
    rulebook.rulebook()
    approval_rules.catalogue()
    network_catalogue.catalogue()
    result_catalogue.catalogue()
    triage.catalogue()
    advice_texts.texts()


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    login.init_app(app)
    csrf.init_app(app)
    sign_tokens_once(app)
    babel.init_app(app, locale_selector=select_locale)
    WTFormsHelpers(app)
