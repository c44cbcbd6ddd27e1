"""A file is what its name says, or it is not taken: names that lie, and files that are two things at once."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.attachments.content import kind_of
from procure.domain.attachments import FILE_KINDS, ending_of
from procure.domain.outcomes import Refusal
from tests.attachments.files import GOOD, OPEN_XML, PNG, open_document, open_xml, pdf, zipped, zipped_as

EXE = b"MZ\x90\0" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ARCHIVE = zipped(hidden_dot_exe="MZ")
WORD = f"{OPEN_XML}.wordprocessingml.document.main+xml"


def code_of(name: str, content: bytes) -> str:
    """Why the file is not taken; "" when it is."""
    stream, code = io.BytesIO(content), ""
    try:
        kind_of(name, stream)
    except Refusal as refusal:
        code = refusal.reasons[0].code
    assert stream.tell() == 0, "what comes next reads from the beginning"
    return code


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_it_says_is_taken(name: str) -> None:
    assert code_of(name, GOOD[name]) == ""


@pytest.mark.parametrize("said", FILE_KINDS)
@pytest.mark.parametrize("name", GOOD)
def test_no_kind_passes_for_another(name: str, said: str) -> None:
    was, wanted = FILE_KINDS[ending_of(name)], FILE_KINDS[said]
    texts = {said, was.ending} <= {"txt", "csv", "eml"}  # a table is a text, and some letters are too
    container = said == "zip" and was.family in ("open_xml", "open_document")  # which those are indeed
    if wanted.media_type != was.media_type and not texts and not container:
        assert code_of(f"file.{said}", GOOD[name]) == "attachment_differs"


@pytest.mark.parametrize("ending", FILE_KINDS)
def test_no_ending_makes_a_program_or_a_page_acceptable(ending: str) -> None:
    for content in (EXE, HTML, SVG, b"\xef\xbb\xbf  " + HTML, HTML.decode().encode("utf-16"), b"\x7fELF\2\1\1" + bytes(60)):
        if ending == "eml" and content == SVG:
            continue
        assert code_of(f"offer.{ending}", content) == "attachment_differs"


@pytest.mark.parametrize(("name", "content"), [
    ("offer.exe", EXE), ("page.html", HTML), ("page.htm", HTML), ("plan.svg", SVG), ("offer.pdf.exe", EXE), ("letter.doc", b"x"),
    ("letter.docm", open_xml("macroEnabled")), ("offer", pdf()), ("offer.js", b"alert(1)"), ("offer.pdf ", pdf()),
])  # fmt: skip
def test_kinds_that_are_not_in_the_list_are_refused_by_name(name: str, content: bytes) -> None:
    assert code_of(name, content) == "attachment_kind"


@pytest.mark.parametrize("ending", FILE_KINDS)
def test_an_empty_file_is_said_to_be_empty(ending: str) -> None:
    assert code_of(f"file.{ending}", b"") == "attachment_empty"


@pytest.mark.parametrize(("name", "content"), [
    ("plan.png", PNG + ARCHIVE), ("photo.jpg", GOOD["photo.jpg"] + ARCHIVE), ("mark.gif", GOOD["mark.gif"] + ARCHIVE),
    ("offer.pdf", pdf() + ARCHIVE), ("all.zip", EXE + ARCHIVE), ("letter.docx", EXE + open_xml(WORD)),
    ("offer.pdf", EXE + pdf()), ("offer.pdf", HTML + pdf()), ("plan.png", HTML + PNG), ("notes.txt", b"a note\n" + ARCHIVE),
])  # fmt: skip
def test_a_file_that_is_two_things_at_once_is_refused(name: str, content: bytes) -> None:
    assert code_of(name, content) == "attachment_differs"


@pytest.mark.parametrize(("name", "content"), [
    ("offer.pdf", b"%PDF-1.7\n"), ("plan.png", b"\x89PNG\r\n\x1a\n"[:6]), ("all.zip", ARCHIVE[:-10]), ("all.zip", ARCHIVE[5:]),
    ("letter.docx", open_xml(WORD)[:-30]), ("letter.odt", open_document("text")[:-30]), ("notice.xml", b"<notice><id>1</notice>"),
    ("notice.xml", b"<notice>"), ("notice.xml", b'<?xml version="1.0" encoding="nothing"?><a/>'),
])  # fmt: skip
def test_a_file_that_was_cut_short_is_refused(name: str, content: bytes) -> None:
    assert code_of(name, content) == "attachment_differs"


@pytest.mark.parametrize(("name", "content"), [
    ("letter.docx", open_xml(WORD, **{"word/vbaProject.bin": "x"})),
    ("letter.docx", open_xml("application/vnd.ms-word.document.macroEnabled.main+xml")),
    ("letter.odt", open_document("text", **{"Basic/Standard/Module1.xml": "x"})),
    ("prices.ods", open_document("spreadsheet", **{"Scripts/python/x.py": "x"})),
])  # fmt: skip
def test_macros_are_refused_with_a_word_of_their_own(name: str, content: bytes) -> None:
    assert code_of(name, content) == "attachment_macros"


@pytest.mark.parametrize("content", [
    b'<a xmlns="http://www.w3.org/1999/xhtml"/>', b"<html/>", b"<a><b><svg:svg xmlns:svg='http://www.w3.org/2000/svg'/></b></a>",
    b'<?xml-stylesheet href="x.xsl" type="text/xsl"?><a/>', b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    b'<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>',
])  # fmt: skip
def test_xml_that_a_browser_would_show_or_run_is_refused(content: bytes) -> None:
    assert code_of("notice.xml", content) == "attachment_differs"


def test_xml_of_a_notice_with_namespaces_is_taken() -> None:
    notice = b'<?xml version="1.0"?><n:Notice xmlns:n="urn:notice" xmlns="urn:x"><n:ID>1</n:ID><Table/></n:Notice>'
    assert code_of("notice.xml", notice) == ""


@pytest.mark.parametrize("content", [b"a\0b", b"#!/bin/sh\nrm -r x", b"@echo off\r\n", b"a\x1bb\x07", bytes(range(1, 32))])
def test_a_text_without_letters_or_with_orders_is_no_text(content: bytes) -> None:
    assert code_of("notes.txt", content) == "attachment_differs"


@pytest.mark.parametrize(
    "words", ["a < b and c > d", "<mikko@example.fi> wrote:", "hinta;1 000,50 €\n", "GIF and PDF, PK", "x" * 300_000 + "ä"]
)
def test_a_text_may_speak_of_anything(words: str) -> None:
    assert code_of("notes.txt", words.encode()) == ""
    assert code_of("notes.csv", words.encode("utf-16")) == ""


@pytest.mark.parametrize("edge", [64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])
def test_a_control_character_far_inside_is_found(edge: int) -> None:
    assert code_of("notes.txt", b"x" * edge + b"\0" + b"x" * 10) == "attachment_differs"
    assert code_of("notes.txt", b"x" * edge + "ä€".encode() + b"x" * 10) == ""


def test_an_archive_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types>" + bytes(50 * 1024 * 1024) + WORD.encode())
    assert code_of("letter.docx", bomb.getvalue()) == "attachment_differs"


def test_an_open_document_says_first_what_it_is() -> None:
    late = zipped_as({"content.xml": "<x/>", "mimetype": "application/vnd.oasis.opendocument.text"})
    assert code_of("letter.odt", late) == "attachment_differs"


@given(
    ending=st.sampled_from(sorted(FILE_KINDS)),
    content=st.binary(max_size=400),
    start=st.sampled_from(sorted(GOOD)),
    keep=st.integers(0, 200),
)
def test_nothing_that_is_sent_breaks_the_look(ending: str, content: bytes, start: str, keep: int) -> None:
    assert code_of(f"file.{ending}", GOOD[start][:keep] + content) in (
        "",
        "attachment_differs",
        "attachment_empty",
        "attachment_macros",
    )
