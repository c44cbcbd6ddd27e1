"""The fields of a page's form, as a browser would send them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
UNCHECKED = ("checkbox", "radio")
NEVER_SENT = ("submit", "button", "image", "reset", "file")


@dataclass
class Form:
    """`fields`: (name, value) pairs. `texts`: names of the long texts. `ticks`: every checkbox, ticked or not. `names`: all of them."""

    names: set[str] = field(default_factory=set)
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ticks: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((value for known, value in self.fields if known == name), "")

    def sent_with(self, **values: str) -> list[tuple[str, str]]:
        """The fields with these values in place of their own."""
        return [pair for pair in self.fields if pair[0] not in values] + list(values.items())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._text: tuple[str, list[str]] | None = None
        self._select, self._offered = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        name, value = facts.get("name", ""), facts.get("value", "")
        self.form.names.add(name)
        if tag == "textarea":
            self._text = (name, [])
        elif tag == "select":
            self._select, self._offered = name, ""
        elif tag == "option" and ("selected" in facts or not self._offered):
            self._offered = value
        elif tag == "input" and name and facts.get("type") not in NEVER_SENT:
            if facts.get("type") == "checkbox":
                self.form.ticks.append((name, value))
            if facts.get("type") not in UNCHECKED or "checked" in facts:
                self.form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            name, parts = self._text
            self.form.fields.append((name, "".join(parts).removeprefix("\n")))
            self.form.texts.append(name)
            self._text = None
        elif tag == "select":
            self.form.fields.append((self._select, self._offered))


def form_on(page: str, holding: str = "") -> Form:
    """The first posted form of the page that has a field named `holding`. ValueError when there is none."""
    for found in FORM.finditer(page):
        reader = _Reader()
        reader.feed(found[0])
        if not holding or holding in reader.form.names:
            return reader.form
    raise ValueError(f"no form with {holding or 'anything'} on the page")
