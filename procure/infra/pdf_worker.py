"""Runs in the PDF worker process only: WeasyPrint with our style sheet, a fetcher that fetches nothing, and the two finishers
that make its PDF/A-3a conform to PDF/UA-1 as well (ISO 14289-1, clause 5; header cells of tables, clause 7.5)."""

import gc
import logging
import os
import resource
import signal
import sys
import unicodedata
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from weasyprint import CSS, HTML
from weasyprint import Attachment as EmbeddedFile
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from procure.config import ROOT
from procure.infra.hyphenation import teach_finnish
from procure.infra.memory import with_room_below
from procure.infra.pdf import Job, Picture
from procure.infra.pdf_bytes import settle

STATIC: Final = ROOT / "procure" / "static"
ADDRESS: Final = "https://procure.invalid/static/"
"""Not an address of anything (RFC 2606): only our own files are known by it."""
SERVED: Final = ("fonts/*.woff2", "print.css", "icon.svg")
UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Attachments carry a date of their own; one that never changes keeps the same facts the same bytes."""
MOST_TRIES: Final = 3
COLLECTED_AFTER: Final = 200_000
"""Objects made and not yet dropped: about a document of two pages."""
KEPT_CONTROLS: Final = frozenset("\n\t\N{SOFT HYPHEN}")
UNPRINTABLE: Final = {"Cc": " ", "Cf": "", "Co": "?", "Cs": "?", "Cn": "?"}
"""By Unicode category: controls, invisible marks of direction and joining, private use, halves of pairs, unassigned."""

UA_IDENTIFICATION: Final = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>\n'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
    b"</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class OwnFiles(URLFetcher):
    """Gives our static files by name, and the pictures of the document in hand; refuses every other address without a look at it."""

    def __init__(self, folder: Path = STATIC) -> None:
        super().__init__(allowed_protocols=())
        self.given: dict[str, Picture] = {}
        self._files = {ADDRESS + str(path.relative_to(folder)): path for kind in SERVED for path in sorted(folder.glob(kind))}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url in self.given:
            picture = self.given[url]
            return URLFetcherResponse(url, picture.content, {"Content-Type": picture.media_type})
        path = self._files.get(url)
        if path is None:
            raise ValueError("refused")  # without the address: it may hold what somebody typed
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2" if path.suffix == ".woff2" else ""})


class Press:
    """Fonts and the style sheet, read once."""

    def __init__(self) -> None:
        self._fetcher, self._fonts, self._counters = OwnFiles(), FontConfiguration(), CounterStyle()
        self._style = CSS(
            string=(STATIC / "print.css").read_text(encoding="utf-8"),
            base_url=ADDRESS, font_config=self._fonts, counter_style=self._counters, url_fetcher=self._fetcher,
        )  # fmt: skip

    def print(self, job: Job) -> bytes:
        """The PDF. Characters that no font can show stand as question marks: an archival file may not hold an unknown glyph."""
        self._fetcher.given = {picture.address: picture for picture in job.pictures}
        html, content, unknown = printable(job.html), b"", set[int]()
        for _ in range(MOST_TRIES):
            document = self._laid_out(html, job)
            content = bytes(document.write_pdf(pdf_variant="pdf/a-3a", finisher=finish))
            unknown = {code for font in document.fonts.values() for code in font.missing}
            if not unknown:
                return content
            html = html.translate(dict.fromkeys(unknown, "?"))
        raise ValueError(f"{len(unknown)} characters cannot be shown")

    def _laid_out(self, html: str, job: Job) -> Any:
        document = HTML(string=html, base_url=ADDRESS, url_fetcher=self._fetcher).render(
            font_config=self._fonts, counter_style=self._counters, stylesheets=[self._style], pdf_variant="pdf/a-3a"
        )
        document.metadata.title, document.metadata.lang = printable(job.title), job.language
        document.metadata.attachments = [
            EmbeddedFile(
                string=attachment.content, name=attachment.name, description=attachment.description, relationship="Data",
                url_fetcher=self._fetcher, created=UNDATED, modified=UNDATED,
            )
            for attachment in job.attachments
        ]  # fmt: skip
        return document


def printable(text: str) -> str:
    """Without control characters, and with a question mark for what is no character: neither may stand in an archival file."""
    odd = {one: UNPRINTABLE.get(unicodedata.category(one)) for one in set(text) - KEPT_CONTROLS}
    replaced = {ord(one): instead for one, instead in odd.items() if instead is not None}
    return text.translate(replaced) if replaced else text


def serve(connection: Connection, limit_bytes: int) -> None:
    """Answer each job with (PDF, None) or (None, (reason, detail)) until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the web process, which ends this one
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # fontTools dates the fonts it cuts down: the same day in every process
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # its warnings repeat what people typed
    teach_finnish()
    make = with_room_below(Press().print)
    collect_seldom()
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection.send("ready")
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        answer: tuple[bytes | None, tuple[str, str] | None]
        try:
            answer = (make(job), None)
        except (Exception, FatalURLFetchingError) as error:
            # libraries turn a lack of memory into errors of their own
            full = isinstance(error, MemoryError) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > 0.7 * limit_bytes
            answer = (None, ("memory" if full else "broken", type(error).__name__))
        connection.send(answer)
        del job, answer
        gc.collect()  # while nobody waits


def collect_seldom() -> None:
    """A layout makes objects by the hundred thousand and drops few of them before it is done: looking for circles among them all the
    time takes a tenth of it. They are looked for when it is done."""
    gc.collect()
    gc.freeze()  # fonts and style sheet stay
    gc.set_threshold(COLLECTED_AFTER, 10, 10)


def finish(document: Any, pdf: Any) -> None:
    """What `write_pdf` calls right before the file is written."""
    identify_as_ua(pdf)
    scope_table_headers(pdf)
    settle(pdf)


def identify_as_ua(pdf: Any) -> None:
    """Put the PDF/UA identifier inside the RDF of the metadata (the xmp_metadata option would put it after the RDF)."""
    for item in pdf.objects:
        extra = getattr(item, "extra", None)
        if extra and extra.get("Type") == "/Metadata" and extra.get("Subtype") == "/XML":
            item.stream[0] = item.stream[0].replace(b"</rdf:RDF>", UA_IDENTIFICATION + b"</rdf:RDF>")
            return
    raise RuntimeError("the PDF has no metadata stream")


def scope_table_headers(pdf: Any) -> None:
    """Say of every header cell whether it heads a column (inside THead) or a row."""
    elements: list[Any] = [item for item in pdf.objects if isinstance(item, dict)]
    by_reference = {item.reference: item for item in elements}
    for item in elements:
        if item.get("S") == "/TH" and isinstance(item.get("A"), dict):
            row = by_reference.get(item.get("P"))
            group = by_reference.get(row["P"]) if row and row.get("S") == "/TR" else None
            if group is not None:
                item["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
