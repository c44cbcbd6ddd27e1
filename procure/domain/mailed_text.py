"""What somebody has written in an answer by mail: without the letter it answers, without a signature, and HTML as plain text.

Mail programs mark what they quote in no common way: what is known here are `>` lines, the lines that programs write above a quotation
in Finnish, Swedish and English, and the separators of Outlook. When in doubt, text is kept.
"""

import re
from html.parser import HTMLParser
from typing import Final

SEPARATORS: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:alkuperäinen viesti|alkuperäinen sähköposti|välitetty viesti|ursprungligt meddelande|ursprungligt e-postmeddelande|"
    r"vidarebefordrat meddelande|original message|original appointment|forwarded message)\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)
"""A line of its own between the answer and the letter."""

INTRODUCTION: Final = re.compile(
    r"^\s*(?:"
    r"on\b.{4,200}\bwrote\s*:"
    r"|(?:den|on|mån|tis|ons|tors|fre|lör|sön|må|ti|to|fr|lö|sö)\b.{4,200}\b(?:skrev|skrev följande)\b.{0,120}:"
    r"|.{0,200}\b(?:kirjoitti)\b.{0,120}:"
    r"|.{4,200}<[^<>\s]+@[^<>\s]+>\s*:"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.{0,160}<[^<>\s]+@[^<>\s]+>.{0,40}:?"
    r")\s*$",
    re.IGNORECASE | re.DOTALL,
)
"""The line, or two or three lines, above a quotation: who wrote it and when."""
LONGEST_INTRODUCTION: Final = 3
"""Lines."""

SENDER: Final = re.compile(r"^\s*\*?(?:lähettäjä|från|from|avsändare)\s*:\*?\s*\S", re.IGNORECASE)
HEADER: Final = re.compile(
    r"^\s*\*?(?:lähetetty|päivä|päiväys|vastaanottaja|kopio|aihe|skickat|datum|till|kopia|ämne|sent|date|to|cc|subject)\s*:\*?",
    re.IGNORECASE,
)
"""The block of headers that Outlook puts above a quotation: a sender, and at least one more within the next lines."""
HEADER_LINES: Final = 5

SIGNATURE: Final = re.compile(r"^-- ?$")
SENT_FROM: Final = re.compile(
    r"^\s*(?:lähetetty (?:\S+ ){0,3}(?:iphone|ipad|android|samsung|outlook|laitteesta|puhelimesta|sovelluksesta)\S*.{0,60}"
    r"|skickat från (?:min|mitt)? ?.{2,60}|hämta outlook för .{2,30}|hanki outlook .{2,40}"
    r"|sent from (?:my|outlook|mail) ?.{0,60}|get outlook for .{2,30})\s*$",
    re.IGNORECASE,
)
"""What telephones add at the end."""


def reply_text(text: str) -> str:
    """Only what the sender has written above the quoted letter; "" when that is nothing.

    An answer written between quoted lines keeps every line that is not quoted.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")]
    lines = lines[: _end(lines)]
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    kept = _without_signature(kept)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _end(lines: list[str]) -> int:
    """The line at which the quoted letter begins, for quotations that reach to the end; how many lines there are when none does."""
    for number, line in enumerate(lines):
        if SEPARATORS.match(line) or _is_header_block(lines, number):
            return number
        length = _introduction(lines, number)
        if length and not _answers_below(lines, number + length):
            return number
        if length:
            lines[number : number + length] = [">"] * length  # written between quoted lines: only this line is the program's
    return len(lines)


def _is_header_block(lines: list[str], number: int) -> bool:
    following = lines[number + 1 : number + 1 + HEADER_LINES]
    return bool(SENDER.match(lines[number])) and any(HEADER.match(line) for line in following)


def _introduction(lines: list[str], number: int) -> int:
    """How many lines from here introduce a quotation; 0 for none. Programs break such a line after some eighty characters."""
    if not lines[number].strip() or lines[number].lstrip().startswith(">"):
        return 0
    for length in range(1, LONGEST_INTRODUCTION + 1):
        block = lines[number : number + length]
        if len(block) < length or not block[-1].strip() or block[-1].lstrip().startswith(">"):
            return 0
        if INTRODUCTION.match(" ".join(line.strip() for line in block)) and _is_mail_like(" ".join(block)):
            return length
    return 0


def _is_mail_like(text: str) -> bool:
    """A person's own "she wrote:" has neither an address nor a time of day nor a year."""
    return bool(re.search(r"@|\d{1,2}[.:]\d{2}|\b(?:19|20)\d{2}\b", text))


def _answers_below(lines: list[str], start: int) -> bool:
    """Whether quoted lines follow, and after them own ones: then the answer stands between them or below."""
    rest = [line for line in lines[start:] if line.strip()]
    if not rest or not rest[0].lstrip().startswith(">"):
        return False
    own = _without_signature([line for line in rest if not line.lstrip().startswith(">")])
    return any(line.strip() for line in own)


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if SIGNATURE.match(line):
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or SENT_FROM.match(lines[-1])):
        lines = lines[:-1]
    return lines


BLOCKS: Final = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section"}
)
UNSEEN: Final = frozenset({"style", "script", "head", "title", "template"})
QUOTED: Final = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
OUTLOOK_QUOTED: Final = ("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container")
VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr", "source"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []
        self.ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self.hidden:
            if tag not in VOID:
                self.hidden.append(tag)
            return
        quoted = tag == "blockquote" or any(mark in values.get("class", "") for mark in QUOTED)
        if values.get("id") in OUTLOOK_QUOTED and not quoted:
            self.ended = True  # what follows is the letter, to the end
        if tag in UNSEEN or quoted:
            if tag not in VOID:
                self.hidden.append(tag)
        elif tag in BLOCKS:
            self.parts.append("\n• " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:  # an end that was left out ends with what is around it
            while self.hidden.pop() != tag:
                pass
        elif not self.hidden and tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden and not self.ended:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def text_of_html(html: str) -> str:
    """The words of a mail that is only HTML, a line for each block; what the mark-up says is quoted is left out."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = [line.strip() for line in "".join(words.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
