"""The layouts and components: no faults, no script of their own, the form's state in the title."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, flash, get_template_attribute, render_template
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired

from procure.web import widgets
from procure.web.headers import TEMPLATE_SCRIPT
from tests.pages import faults, parse, text_of
from tests.web import small_app

PAGE = """{% extends "layouts/base.html" %}{% block title %}Sensors{% endblock %}
{% block content %}<h1>{{ self.title() }}</h1>{% endblock %}"""
FORM = """{% extends "layouts/form.html" %}{% block title %}Name{% endblock %}{% block fields %}{{ form.name }}{% endblock %}"""


class Form(FlaskForm):
    name = StringField("Name", widget=widgets.Text(), validators=[InputRequired("Enter the name")])
    save = SubmitField("Save", widget=widgets.Submit())


@pytest.fixture(scope="module")
def app() -> Flask:
    return small_app.make()


@pytest.fixture
def drawn(app: Flask) -> Callable[..., str]:
    """A template's text made into a page."""

    def draw(source: str, address: str = "/?language=fi", **values: Any) -> str:
        with app.test_request_context(address):
            return app.jinja_env.from_string(source).render(app.jinja_env.globals | _context(app) | values)

    return draw


def _context(app: Flask) -> dict[str, Any]:
    context: dict[str, Any] = {}
    app.update_template_context(context)
    return context


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_has_no_faults_in_any_language(drawn: Callable[..., str], language: str) -> None:
    html = drawn(PAGE, f"/?language={language}")

    assert faults(html) == []
    assert parse(html).get("lang") == language


def test_the_title_begins_with_the_heading_and_ends_with_the_service(drawn: Callable[..., str]) -> None:
    assert text_of(parse(drawn(PAGE)).find(".//title")) == "Sensors – Procure"


def test_the_only_inline_script_is_the_one_that_the_policy_allows(drawn: Callable[..., str]) -> None:
    inline = re.findall(r"<script>(.*?)</script>", drawn(PAGE), re.S)

    digest = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    assert [f"sha256-{one}" for one in digest] == [TEMPLATE_SCRIPT]


def test_languages_are_links_that_lead_back_to_the_same_page(drawn: Callable[..., str]) -> None:
    links = [link for link in parse(drawn(PAGE, "/cases?after=a%26b&language=en")).iter("a") if link.get("hreflang")]

    assert [text_of(link) for link in links] == ["Suomi", "Svenska", "English"]
    assert links[0].get("href") == "/language/fi?next=%2Fcases%3Fafter%3Da%2526b%26language%3Den"
    assert [link.get("aria-current") for link in links] == [None, None, "true"]


def test_a_page_is_drawn_without_a_request_too(app: Flask) -> None:
    surroundings = {"html_lang": "fi", "languages": {}, "person": None, "menu": "", "request": None}
    with app.app_context():
        html = (
            app.jinja_env.overlay()
            .from_string(PAGE)
            .render(surroundings | {"asset": lambda name: name, "_": str, "get_flashed_messages": lambda **_: []})
        )

    assert "<h1>Sensors</h1>" in html


def test_notices_are_told_with_what_they_are(app: Flask) -> None:
    with app.test_request_context("/?language=en"):
        flash("Your answers have been saved.", "success")
        flash("Somebody has moved the case on.", "important")
        html = app.jinja_env.from_string(PAGE).render(app.jinja_env.globals | _context(app))

    banners = [element for element in parse(html).iter("div") if element.get("data-module") == "govuk-notification-banner"]
    assert [(banner.get("role"), text_of(banner)) for banner in banners] == [
        ("alert", "Done Your answers have been saved."), ("alert", "Please note Somebody has moved the case on.")]  # fmt: skip
    assert faults(html) == []


def test_a_form_with_errors_says_so_in_the_title_and_above_the_heading(drawn: Callable[..., str], app: Flask) -> None:
    with app.test_request_context("/"):
        form = Form(formdata=MultiDict({"name": ""}))
        form.validate()
        html = app.jinja_env.from_string(FORM).render(app.jinja_env.globals | _context(app) | {"form": form})

    root = parse(html)
    assert text_of(root.find(".//title")) == "Error: Name – Procure"
    assert [text_of(link) for link in root.iter("a") if link.get("href") == "#name"] == ["Enter the name"]
    assert faults(html) == []


@pytest.mark.parametrize(
    "name", ["bad_request", "broken", "conflict", "forbidden", "not_found", "too_large", "too_many", "unavailable"]
)
def test_a_page_of_an_error_has_no_faults_and_says_what_to_do(app: Flask, name: str) -> None:
    with app.test_request_context("/?language=en"):
        html = render_template(f"errors/{name}.html", trace="ab12cd34")

    assert faults(html) == []
    assert len(text_of(parse(html).find(".//main"))) > 40


def component(app: Flask, name: str, *values: Any, **named: Any) -> str:
    return str(get_template_attribute(f"components/{name}.html", name)(*values, **named))


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("status_tag", ("Draft", "grey"), "Draft"),
        ("traffic_light", ("red", "Late"), "Late"),
        ("progress", (4, 9, "4 of 9 done"), "4 of 9 done4 / 9"),
        ("facts", ([("City", "Turku"), ("Expert", None), ("Note", "")],), "CityTurku"),
        ("back_link", ("/cases", "Back to the cases"), "Back to the cases"),
        ("breadcrumbs", ([("Cases", "/cases"), ("TRE-2026-0042", "")],), "CasesTRE-2026-0042"),
        ("empty_state", ("No cases", "Start one.", "/new", "Start"), "No cases Start one. Start"),
        ("pagination", (None, "/cases?after=2"), "Next page"),
        ("pagination", (None, None), ""),
        ("task_row", ("The need", "/need", "done"), "The need Done"),
        ("task_row", ("Send it", "", "waiting"), "Send it Cannot start yet"),
    ],
)
def test_a_component_says_its_words(app: Flask, name: str, values: tuple[Any, ...], words: str) -> None:
    with app.test_request_context("/?language=en"):
        assert text_of(parse(component(app, name, *values))) == words


def test_lights_differ_in_shape_and_not_only_in_colour(app: Flask) -> None:
    with app.test_request_context("/?language=en"):
        shapes = {
            re.sub(r'class="[^"]*"', "", component(app, "traffic_light", state, ""))
            for state in ("red", "yellow", "green", "grey")
        }

    assert len(shapes) == 4


def test_what_a_person_wrote_is_never_markup(app: Flask) -> None:
    hostile = "<script>alert(1)</script>"
    with app.test_request_context("/?language=en"):
        for name, values in [("status_tag", (hostile,)), ("facts", ([(hostile, hostile)],)), ("breadcrumbs", ([(hostile, "")],)),
                             ("task_row", (hostile, "/", "done", hostile)), ("empty_state", (hostile, hostile))]:  # fmt: skip
            assert "<script" not in component(app, name, *values)
