"""Every kind of document at its longest and at its barest: archival, accessible, and nothing lost, cut off or left alone on a page.

The long documents are made in one language each, in turn, and the bare ones in the two others; `make proof` makes all in each."""

import io
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfWriter

from procure.accounts.models import Person
from procure.documents import service
from procure.domain.language import LANGUAGES
from procure.infra.pdf import Job, Pool
from tests import factories
from tests.documents import conformance, layout, report_samples, samples

People = dict[str, Person]
EVERYTHING: Final = os.environ.get("PROVE") == "all"
KEPT: Final = os.environ.get("PROOFS", "")
"""A folder for what was proved, to be looked at."""
MOST_PAGES: Final = {"long": 30, "issued": 30, "bare": 6}
ONE_PAGE: Final = "summary"
HANDS: Final = 2
PATIENCE_SECONDS: Final = 600
"""This is no test of speed."""
_printed: dict[str, bytes] = {}
"""By what it was made from: the other database asks for the same documents again."""


@dataclass(frozen=True)
class Proof:
    """One document. `state`: long (every word written, a draft), issued (the same with its number), bare (hardly anything known)."""

    kind: str
    state: str
    job: Job

    @property
    def name(self) -> str:
        return f"{self.kind} {self.state} {self.job.language}"


@pytest.fixture
def proofs(app: Flask, people: People) -> list[Proof]:
    long, bare = samples.long_case(people["officer"], people["expert"]), samples.bare_case(people["officer"])
    found = []
    for place, kind in enumerate(samples.every_kind()):
        written = samples.material_of(kind, long, people["officer"], full=True)
        for language in _chosen(place, 1):
            if kind != service.OPINION:
                found.append(Proof(kind, "issued", samples.issued(kind, written, language, people)))
            if EVERYTHING or kind == service.OPINION:
                found.append(Proof(kind, "long", samples.draft(kind, written, language)))
        if kind != service.OPINION:
            hardly = samples.material_of(kind, bare, people["officer"], full=False)
            found += [Proof(kind, "bare", samples.draft(kind, hardly, language)) for language in _chosen(place + 1, 2)]
    return found


def _chosen(place: int, how_many: int) -> tuple[str, ...]:
    return LANGUAGES if EVERYTHING else tuple(LANGUAGES[(place + more) % 3] for more in range(how_many))


def printed(proofs: list[Proof]) -> Mapping[str, bytes]:
    wanted = {proof.job.digest: proof.job for proof in proofs if proof.job.digest not in _printed}
    pool = Pool(HANDS, seconds=PATIENCE_SECONDS)
    try:
        with ThreadPoolExecutor(HANDS) as hands:
            _printed.update(zip(wanted, hands.map(pool.make, wanted.values()), strict=True))
    finally:
        pool.close()
    return {proof.name: _printed[proof.job.digest] for proof in proofs}


def test_every_kind_of_document_is_in_order_at_its_longest_and_at_its_barest(proofs: list[Proof], tmp_path: Path) -> None:
    assert {proof.kind for proof in proofs} == set(service.kinds())
    _hold(proofs, {}, tmp_path)


def test_reports_and_dossiers_are_in_order_with_much_in_them_and_with_hardly_anything(
    people: People, client_for: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proofs, wholes = list[Proof](), dict[str, tuple[str, bytes]]()
    for place, state in enumerate(("bare", "long")):
        if state == "bare":
            case = samples.bare_case(people["officer"])
        else:
            case = samples.long_case(people["officer"], people["expert"])
            report_samples.add_papers(case, people["officer"], client_for(people["officer"]))
            report_samples.busy()
        report_samples.counted()
        manager, coordinator = client_for(people["manager"]), client_for(people["coordinator"])
        for language in _chosen(place, 1):
            jobs = report_samples.reports(manager, coordinator, language, monkeypatch)
            jobs.append(report_samples.board_report(factories.actor_of(people["manager"]), language))
            parts, whole = report_samples.dossier(case, language, people["officer"], monkeypatch)
            wholes[f"dossier {state} {language}"] = language, whole
            proofs += [Proof(f"{number}: {job.title}", state, job) for number, job in enumerate(jobs + parts)]
    _hold(proofs, wholes, tmp_path)


def _hold(proofs: list[Proof], wholes: Mapping[str, tuple[str, bytes]], folder: Path) -> None:
    """Each is looked at by itself; `wholes`, of which parts are bound into one, for what holds of any (language, PDF)."""
    files = printed(proofs)
    everything = {**files, **{name: content for name, (_language, content) in wholes.items()}}
    faults = [f"{proof.name}: {fault}" for proof in proofs for fault in _faults(proof, files[proof.name])]
    faults += [
        f"{name}: {fault}" for name, (language, content) in wholes.items() for fault in conformance.faults(content, language)
    ]
    if not layout.reader():
        faults += [
            f"{proof.name}: {fault}"
            for proof in proofs
            for fault in layout.layout_faults(proof.job.html, files[proof.name], proof.kind == ONE_PAGE)
        ]
    if not conformance.verifier():
        faults += conformance.verdicts(everything, folder)
    if KEPT:
        for name, content in everything.items():
            (Path(KEPT) / f"{name.replace('/', '-')}.pdf").write_bytes(content)

    assert not faults, "\n".join(faults)
    if reason := layout.reader() or conformance.verifier():
        pytest.skip(f"plain checks passed; not all could be asked: {reason}")


def _faults(proof: Proof, content: bytes) -> list[str]:
    found = conformance.faults(content, proof.job.language) + layout.structure_faults(content)
    found += [f"lost: {text}" for text in layout.lost_words(proof.job.html, content)]
    pages = conformance.pages_of(content)
    if pages > (1 if proof.kind == ONE_PAGE else MOST_PAGES[proof.state]):
        found.append(f"{pages} pages")
    if set(conformance.attachments_of(content)) != {attachment.name for attachment in proof.job.attachments}:
        found.append("not the files inside that belong there")
    return found + [f"the head stands once: {head}" for head in layout.unheaded(proof.job.html, content, samples.ROWS)]


def _page(body: str, style: str = "") -> bytes:
    """A document with that body, in the house's own style but for what `style` spoils."""
    job = Job(f'<html lang="en"><head><title>T</title><style>{style}</style></head><body>{body}</body></html>', "en", "T", ())
    pool = Pool(1, seconds=PATIENCE_SECONDS)
    try:
        return pool.make(job)
    finally:
        pool.close()


TEXT: Final = "<h1>Title</h1><p>Some words of a text that goes on for a line or two, so that the page is not nearly empty.</p>"
FOOT: Final = "@page { @bottom-left { content: none } }"


@pytest.mark.parametrize(
    ("spoilt", "style", "fault"),
    [
        (TEXT + "<p>Wordthatstandsoutside</p>", FOOT + "p + p { margin-left: 165mm; white-space: nowrap }", "out of the page's margins"),
        (TEXT + "<p>Words</p><p>Other</p>", FOOT + "p + p { margin-top: -9mm }", "over each other"),
        (TEXT + "<h2>Alone</h2>", FOOT + "h2 { break-after: auto }", "alone at its bottom"),
        (TEXT + "<p>End</p>", FOOT + "p + p { break-before: page }", "nearly empty"),
        (TEXT + "<p>One line of nine words on its own page.</p>", FOOT + "p + p { break-before: page }", "nearly empty"),
    ],
)  # fmt: skip
def test_the_checks_of_layout_see_what_is_wrong(spoilt: str, style: str, fault: str) -> None:
    if reason := layout.reader():
        pytest.skip(reason)
    assert fault in " ".join(layout.layout_faults(spoilt, _page(spoilt, style)))
    assert layout.layout_faults(TEXT, _page(TEXT, FOOT)) == []


def _relabelled(content: bytes) -> bytes:
    """The same document that says it is accessible by a standard which does not exist."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    metadata: Any = writer.root_object["/Metadata"].get_object()
    metadata.set_data(metadata.get_data().replace(b"<pdfuaid:part>1<", b"<pdfuaid:part>9<"))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("last", "alone"),
    [("<table><thead><tr><th>Name of it</th><th>Day</th></tr></thead></table>", "NameofitDay"), ("<p>Day</p>", ""), ("<h2>A b</h2>", "Ab")],
)  # fmt: skip
def test_only_a_whole_heading_is_one_alone(last: str, alone: str) -> None:
    if reason := layout.reader():
        pytest.skip(reason)
    before = "<h2>A Day</h2>" + TEXT
    found = layout.layout_faults(before + last, _page(before + last, FOOT + "h2 { break-after: auto }"))
    assert found == ([f"page 1: alone at its bottom: {alone}"] if alone else [])


def test_the_checks_of_structure_see_what_is_wrong(tmp_path: Path) -> None:
    assert layout.structure_faults(_page("<h1>A</h1><h3>B</h3>")) == ["no level left out"]
    assert layout.structure_faults(_page("<h2>A</h2>")) == ["one heading of the first level", "no level left out"]
    good = _page(TEXT)
    assert layout.structure_faults(good) == conformance.faults(good, "en") == []
    assert layout.lost_words(f"<body>{TEXT}<p>Never printed</p></body>", good) == ["Never printed"]
    spoilt = _relabelled(good)
    assert conformance.faults(spoilt, "en") == ["says PDF/UA-1"]
    if not conformance.verifier():
        assert any("ua1" in verdict for verdict in conformance.verdicts({"spoilt": spoilt}, tmp_path))
