"""Runs in the examining process only: reads the seals of a file that may be hostile. Nothing is fetched from anywhere, so whether a
certificate has been revoked is not known here."""

import asyncio
import io
import sys
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from procure.domain.seals import B_B, B_T, UNREADABLE
from procure.infra import seal_process

MOST: Final = 10
"""Seals of one file that are looked at, the last ones."""
LONGEST: Final = 300
MOMENT: Final = timedelta(seconds=1)
SEALING: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
UNKNOWN: Final = {
    "by": "", "issuer": "", "own": False, "intact": False, "valid": False, "trusted": False, "rooted": False, "whole": False,
    "level": B_B,
    "valid_until": datetime(1970, 1, 1, tzinfo=UTC).isoformat(), "claimed_at": "", "stamped_at": "",
}  # fmt: skip
"""A seal that cannot be read."""


def work(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    own, anchors = b64decode(order["own"]), tuple(b64decode(one) for one in order["anchors"])
    try:
        return {"seals": seals_in(content, own, anchors), "trouble": ""}, b""
    except MemoryError:
        raise
    except Exception:  # a broken file makes the library fail in any way it likes
        return {"seals": [], "trouble": UNREADABLE}, b""


def seals_in(content: bytes, own: bytes, anchors: Sequence[bytes]) -> list[dict[str, Any]]:
    """Each as domain.seals.Seal has it, with moments as ISO texts. `own`, `anchors`: certificates in DER."""
    reader = PdfFileReader(io.BytesIO(content))
    if reader.encrypted:
        raise PdfError("encrypted")
    trusted = [x509.Certificate.load(one) for one in anchors]
    return [_seal(one, content, own, trusted) for one in reader.embedded_regular_signatures[-MOST:]]


def _seal(signature: EmbeddedPdfSignature, content: bytes, own: bytes, anchors: list[x509.Certificate]) -> dict[str, Any]:
    try:
        return _read(signature, content, own, anchors)
    except MemoryError:
        raise
    except Exception:  # as of a whole file
        return dict(UNKNOWN)


def _read(signature: EmbeddedPdfSignature, content: bytes, own: bytes, anchors: list[x509.Certificate]) -> dict[str, Any]:
    status = asyncio.run(_status(signature, anchors, None))
    stamp = status.timestamp_validity
    stamped = bool(stamp and stamp.intact and stamp.valid)
    moment = stamp.timestamp if stamp and stamped and stamp.trusted else None
    trusted = status.trusted
    if moment is not None and not trusted:  # expired since, perhaps: what counts is the moment of the stamp
        trusted = asyncio.run(_status(signature, anchors, moment)).trusted
    certificate = signature.signer_cert
    rooted = trusted or asyncio.run(_status(signature, anchors, certificate.not_valid_after - MOMENT)).trusted
    claimed = status.signer_reported_dt
    return {
        "by": named(certificate.subject), "issuer": named(certificate.issuer), "own": certificate.dump() == own,
        "intact": bool(status.intact), "valid": bool(status.valid), "trusted": bool(trusted), "rooted": bool(rooted),
        "whole": whole(signature, content),
        "level": B_T if stamped else B_B,
        "valid_until": certificate.not_valid_after.isoformat(), "claimed_at": claimed.isoformat() if claimed else "",
        "stamped_at": moment.isoformat() if moment else "",
    }  # fmt: skip


async def _status(signature: EmbeddedPdfSignature, anchors: list[x509.Certificate], at: datetime | None) -> PdfSignatureStatus:
    signer, stamper = (ValidationContext(trust_roots=anchors, allow_fetching=False, moment=moment) for moment in (at, None))
    return await async_validate_pdf_signature(signature, signer, stamper, key_usage_settings=SEALING, skip_diff=True)


def whole(signature: EmbeddedPdfSignature, content: bytes) -> bool:
    """Whether every byte of the file is covered but the signature's own, and nothing else stands in its place."""
    ranges = [int(one) for one in signature.byte_range]
    if len(ranges) != 4:
        return False
    first, before, second, after = ranges
    gap = b"<" + signature.pkcs7_content.hex().encode() + b">"
    ends = (first, second, second + after) == (0, before + len(gap), len(content))
    return ends and content[before:second].lower() == gap


def named(name: x509.Name) -> str:
    """The name as people read it: its common name, or all of it, and the organisation."""
    found = name.native
    parts = [found.get("common_name"), found.get("organization_name")]
    words = list(dict.fromkeys(str(part) for part in parts if isinstance(part, str) and part.strip()))
    text = ", ".join(words) or name.human_friendly
    return "".join(one if one.isprintable() else " " for one in text)[:LONGEST]


if __name__ == "__main__":
    seal_process.serve(work, int(sys.argv[1]), float(sys.argv[2]))
