"""Small files of every kind that is taken, made here; and how a form sends one."""

import io
import zipfile
from typing import Any, Final

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"


def zipped(**parts: str) -> bytes:
    """A ZIP of these parts; `__` in a name stands for a slash, `_dot_` for a dot."""
    return zipped_as({name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()})


def zipped_as(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def open_xml(main: str, **more: str) -> bytes:
    contents = f'<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="{main}"/></Types>'
    return zipped_as({"[Content_Types].xml": contents, "x.xml": "<x/>"} | more)


def open_document(kind: str, **more: str) -> bytes:
    return zipped_as({"mimetype": f"{OPEN_DOCUMENT}.{kind}", "content.xml": "<x/>"} | more)


def pdf(words: str = "offer") -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n(" + words.encode() + b")\nendobj\n%%EOF\n"


PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)

GOOD: Final[dict[str, bytes]] = {
    "offer.pdf": pdf(),
    "plan.png": PNG,
    "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40) + b"\xff\xd9",
    "phone.JPEG": b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + bytes(40) + b"\xff\xd9",
    "mark.gif": b"GIF89a\1\0\1\0\0\0\0;",
    "plan.webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40),
    "letter.docx": open_xml(f"{OPEN_XML}.wordprocessingml.document.main+xml"),
    "prices.xlsx": open_xml(f"{OPEN_XML}.spreadsheetml.sheet.main+xml"),
    "slides.pptx": open_xml(f"{OPEN_XML}.presentationml.presentation.main+xml"),
    "letter.odt": open_document("text"),
    "prices.ods": open_document("spreadsheet"),
    "slides.odp": open_document("presentation"),
    "all.zip": zipped(offer_dot_pdf="x"),
    "notes.txt": "Hyvää päivää – kokous 24.11.\r\n".encode(),
    "old notes.txt": "Hyvää päivää".encode("cp1252"),
    "windows.txt": "\ufeffHyvää päivää".encode("utf-16"),
    "bom.csv": b"\xef\xbb\xbfnimi;hinta\r\nA;1\r\n",
    "prices.csv": b"nimi;hinta\nA;1\n",
    "notice.xml": b'<?xml version="1.0" encoding="UTF-8"?><notice><id>1</id></notice>',
    "question.eml": b"From: a@example.fi\r\nTo: b@example.fi\r\nSubject: Kysymys\r\n\r\nHei\r\n",
    "question.msg": bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1000) + "__substg1.0_0037001F".encode("utf-16-le") + bytes(600),
}


def sent(name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """What the browser sends: the other fields, and the file under its name."""
    return fields | {"file": (io.BytesIO(content), name)}


def whole(name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """The same as the client takes it when it is large: it would leave a file of its own open."""
    boundary, body = encode_multipart(fields | {"file": FileStorage(io.BytesIO(content), name)})
    return {"data": body, "content_type": f'multipart/form-data; boundary="{boundary}"'}
