"""The door to DOCX: what the package holds, that the same parts give the same bytes, and that no text breaks out of its element."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from procure.infra import word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PROPERTIES = word.Properties("Tarjouspyyntö & <liitteet>", "Tampere", "fi-FI", date(2026, 11, 28))


def body(text: str = "Teksti", **more: list[str]) -> word.Body:
    paragraph = f"<w:p><w:r><w:t>{word.said(text)}</w:t></w:r></w:p>"
    return word.Body(paragraph, paragraph, paragraph, **more)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_parts_give_the_same_bytes_dated_on_the_day_of_the_document() -> None:
    first = word.packed(body(), PROPERTIES)
    assert word.packed(body(), PROPERTIES) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 28, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {(entry.create_system, entry.extra, entry.comment) for entry in archive.infolist()} == {(0, b"", b"")}


def test_every_part_is_named_by_the_package_and_is_xml() -> None:
    parts = parts_of(word.packed(body(), PROPERTIES))
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    named = {entry.attrib["PartName"].lstrip("/") for entry in types if "PartName" in entry.attrib}
    assert named == {name for name in parts if not name.endswith(".rels") and name != "[Content_Types].xml"}
    for content in parts.values():
        ElementTree.fromstring(content)


def test_the_file_says_whose_it_is_and_in_which_language() -> None:
    document = Document(io.BytesIO(word.packed(body(), PROPERTIES)))
    core = document.core_properties
    assert (core.title, core.author, core.last_modified_by, core.language) == (
        "Tarjouspyyntö & <liitteet>", "Tampere", "Tampere", "fi-FI",
    )  # fmt: skip
    assert core.created is not None
    assert core.modified is not None
    assert core.created.isoformat() == core.modified.isoformat() == "2026-11-28T00:00:00+00:00"
    language = document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert language is not None
    assert language.get(f"{W}val") == "fi-FI"


def test_every_numbered_list_begins_at_one_with_its_own_sign() -> None:
    numbering = ElementTree.fromstring(parts_of(word.packed(body(numbers=[".", ")", "."]), PROPERTIES))["word/numbering.xml"])
    shapes = {
        shape.get(f"{W}abstractNumId"): [text.get(f"{W}val") for text in shape.iter(f"{W}lvlText")]
        for shape in numbering.findall(f"{W}abstractNum")
    }
    lists = {}
    for one in numbering.findall(f"{W}num")[1:]:
        shape = one.find(f"{W}abstractNumId")
        assert shape is not None
        assert [start.get(f"{W}val") for start in one.iter(f"{W}startOverride")] == ["1", "1"]
        lists[one.get(f"{W}numId")] = shapes[shape.get(f"{W}val")][0]
    assert lists == {"2": "%1.", "3": "%1)", "4": "%1."}


def test_a_link_leads_where_it_says() -> None:
    content = word.packed(body(links=["https://x.fi/?a=b&c=\"d'"]), PROPERTIES)
    relations = ElementTree.fromstring(parts_of(content)["word/_rels/document.xml.rels"])
    outside = [entry.attrib for entry in relations if entry.get("TargetMode") == "External"]
    assert [(entry["Id"], entry["Target"]) for entry in outside] == [(word.link_id(0), "https://x.fi/?a=b&c=\"d'")]


@given(st.text(alphabet=st.characters(categories=None)))
def test_any_text_stays_text(text: str) -> None:
    content = ElementTree.fromstring(f"<a b={word.attribute(text)}>{word.said(text)}</a>")
    held = "".join(
        one if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff") else "\ufffd"
        for one in text
    )
    assert (content.text or "") == held.replace("\r\n", "\n").replace("\r", "\n")
    assert not list(content)
