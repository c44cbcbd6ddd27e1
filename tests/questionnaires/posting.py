"""What a browser would send of a page: every field of its main form as it stands, no button."""

from typing import Any
from xml.etree.ElementTree import Element

from tests.pages import parse_exactly


def fields_of(html: str) -> dict[str, Any]:
    """Name -> value, or list of values for a group of checkboxes."""
    main = parse_exactly(html).find(".//main")
    assert main is not None
    form = main.find(".//form")
    assert form is not None, "the page has no form"
    found: dict[str, Any] = {}
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag not in ("input", "textarea", "select"):
            continue
        kind = element.get("type", "text")
        if kind == "submit" or (kind in ("checkbox", "radio") and element.get("checked") is None):
            continue
        value = _value(element)
        if kind == "checkbox" and not name.endswith("-unknown"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _value(element: Element) -> str:
    if element.tag == "textarea":
        return (element.text or "").replace("\n", "\r\n")
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return chosen[0].get("value", "") if chosen else ""
    return element.get("value", "")
