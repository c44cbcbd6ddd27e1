"""Every page that a test fetches is looked over: what a screen reader or a strict browser would stumble on fails the test."""

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import lxml.html
import tinyhtml5
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = ("text", "email", "password", "number", "search", "file", "date", "checkbox", "radio", "tel", "url")


def parse(html: str) -> Element:
    """The page as a tree, without its comments."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)  # one for each page: they cost little and keep no state
    root: Element = lxml.html.document_fromstring(html.strip().encode() or b"<html></html>", parser=parser)
    for area in root.iter("textarea"):
        if (area.text or "").startswith("\n"):
            area.text = (area.text or "").removeprefix("\n")  # as browsers do: the first line end is no part of the text
    return root


def parse_exactly(html: str) -> Element:
    """The same by the rules of HTML to the letter, control characters included, in ten times the time."""
    return tinyhtml5.parse(html, namespace_html_elements=False)


def text_of(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def faults(html: str) -> list[str]:
    """What is wrong with the page; empty when nothing is."""
    root = parse(html)
    found = []
    if root.get("lang") not in ("fi", "sv", "en"):
        found.append(f"language is {root.get('lang')!r}")
    headings = root.findall(".//h1")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1 elements")
    title = text_of(root.find(".//title"))
    if headings and not title.split(": ", 1)[-1].startswith(text_of(headings[0])) and not title.startswith(text_of(headings[0])):
        found.append(f"title {title!r} does not begin with the heading {text_of(headings[0])!r}")
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    found += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    found += _unlabelled(root, set(ids))
    found += [f"{element.tag} has a style attribute" for element in root.iter() if element.get("style")]
    found += [f"{name} on {element.tag}" for element in root.iter() for name in element.attrib if name.startswith("on")]
    for form in root.iter("form"):
        if form.get("method", "get").lower() == "post" and not any(e.get("name") == "csrf_token" for e in form.iter("input")):
            found.append(f"form to {form.get('action', 'itself')!r} has no CSRF token")
    found += [f"image without alt {image.get('src')}" for image in root.iter("img") if image.get("alt") is None]
    found += _broken_references(root, set(ids))
    return found


def _unlabelled(root: Element, ids: set[Any]) -> list[str]:
    labelled = {label.get("for") for label in root.iter("label")}
    found = []
    for element in root.iter():
        wants = element.tag in ("select", "textarea") or (element.tag == "input" and element.get("type", "text") in LABELLED)
        if wants and element.get("id") not in labelled and not element.get("aria-label") and not element.get("aria-labelledby"):
            found.append(f"{element.tag} {element.get('name')!r} has no label")
    return found


def _broken_references(root: Element, ids: set[Any]) -> list[str]:
    found = []
    for element in root.iter():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            found += [f"{name} points to missing {target!r}" for target in (element.get(name) or "").split() if target not in ids]
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] and href[1:] not in ids:
            found.append(f"link to missing {href}")
    return found


class LintedClient(FlaskClient):
    """A client that fails the test when a page it got has a fault."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if (
            has_app_context()
        ):  # a request reuses the test's own context: nothing of the request before, such as the person, may linger
            for name in list(g):
                g.pop(name)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
            wrong = faults(response.get_data(as_text=True))
            assert not wrong, f"{response.request.path}: " + "; ".join(wrong)
        return response
