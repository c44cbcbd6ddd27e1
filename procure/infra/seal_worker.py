"""Runs in the sealing process only: puts a PAdES seal after a finished PDF, which stays as it is to its last byte.

The seal's field is invisible and lies outside the page, where neither PDF/A-3 (which forbids hidden ones) nor PDF/UA-1 (which wants
visible ones tagged) objects to it.
"""

import asyncio
import io
import sys
from base64 import b64decode
from typing import Any, Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pypdf import PdfWriter

from procure.domain.seals import B_B, B_T
from procure.infra import seal_process
from procure.infra.seal_reader import seals_in

FIELD: Final = "Seal"
FOR_SIGNATURE: Final = 4 * 1024
FOR_STAMP: Final = 12 * 1024
"""Bytes of room beside the certificates: asking the service once for the size alone would be paid for."""


class Failed(Exception):
    """`reason` and message as of seal.SealFailed."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class StampService(HTTPTimeStamper):
    """A time stamp service (RFC 3161), of which every failure is one."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except Exception as error:  # the network, the protocol, or an answer that cannot be read
            raise Failed("timestamp", f"the time stamp service does not answer as it should: {type(error).__name__}") from error


class Appending(IncrementalPdfFileWriter):
    """Adds the seal and nothing else: the library would write the metadata anew, and with them what they say of PDF/A and PDF/UA."""

    def _update_meta(self) -> None:
        """The metadata stay."""


def work(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return sealed(order, content)
    except Failed as failure:
        return {"failed": failure.reason, "message": str(failure)}, b""
    except Exception as error:  # of libraries that read a whole document: their texts may repeat what stands in it
        return {"failed": "broken", "message": f"the document cannot be sealed: {type(error).__name__}"}, b""


def sealed(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What was done, and the document with its seal. Raises Failed."""
    content = content or tiny()
    signer = signers.SimpleSigner.load_pkcs12_data(b64decode(order["archive"]), [], order["password"].encode() or None)
    stamper = StampService(order["timestamp_url"], timeout=order["timestamp_seconds"]) if order["timestamp_url"] else None
    certificates = sum(len(one.dump()) for one in signer.cert_registry)
    pen = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=order["reason"],
            location=order["location"], embed_validation_info=False,
        ),
        signer=signer,
        timestamper=stamper,
        new_field_spec=fields.SigFieldSpec(FIELD, invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True)),
    )  # fmt: skip
    room = certificates + FOR_SIGNATURE + (FOR_STAMP if stamper else 0)
    made = io.BytesIO()
    asyncio.run(pen.async_sign_pdf(Appending(io.BytesIO(content)), output=made, bytes_reserved=2 * room))
    return _read_back(content, made.getvalue(), B_T if stamper else B_B), made.getvalue()


def _read_back(content: bytes, made: bytes, level: str) -> dict[str, Any]:
    """What the seal says, read from the file that is going to be kept. Raises Failed when it is not the seal that was wanted."""
    last = seals_in(made, b"", ())[-1]
    if not (made.startswith(content) and last["intact"] and last["valid"] and last["whole"] and last["level"] == level):
        raise Failed("timestamp" if last["level"] != level else "broken", "the seal does not hold when it is read back")
    return {"level": level, "by": last["by"], "at": last["claimed_at"]}


def tiny() -> bytes:
    """One empty page, for a try."""
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(72, 72)
    writer.write(stream)
    return stream.getvalue()


if __name__ == "__main__":
    seal_process.serve(work, int(sys.argv[1]), float(sys.argv[2]))
