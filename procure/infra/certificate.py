"""The certificate with which documents are sealed: a PKCS#12 file with the key and, in good files, the issuers' certificates."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class CertificateUnusable(Exception):
    """The message says what is wrong, without the password. `reason`: `file`, `password`, `key`, `early`, `expired` or `trust`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Certificate:
    """What may be known of it: nothing of its key. Certificates in DER."""

    subject: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    own: bytes
    issuers: tuple[bytes, ...]

    def check(self, now: datetime) -> None:
        """Raises CertificateUnusable outside the time for which it was given."""
        if now < self.valid_from:
            raise CertificateUnusable("early", f"the certificate is valid only from {self.valid_from:%Y-%m-%d}")
        if now > self.valid_until:
            raise CertificateUnusable("expired", f"the certificate expired on {self.valid_until:%Y-%m-%d}")


def content_of(path: Path) -> bytes:
    """The file as it is. Raises CertificateUnusable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateUnusable("file", f"{path} cannot be read: {error.strerror or type(error).__name__}") from error


def read(content: bytes, password: str) -> Certificate:
    """The certificate of a PKCS#12 file. Raises CertificateUnusable."""
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12  # a house that seals nothing does without

    if not content.startswith(b"\x30"):
        raise CertificateUnusable("file", "the certificate file is no PKCS#12 file (.p12, .pfx)")
    try:
        found = pkcs12.load_pkcs12(content, password.encode() or None)
    except (ValueError, TypeError) as error:
        raise CertificateUnusable("password", "SEAL_PASSWORD does not open the certificate file, or it is damaged") from error
    if found.key is None or found.cert is None:
        raise CertificateUnusable("key", "the certificate file holds no private key with its certificate")
    own = found.cert.certificate
    return Certificate(
        own.subject.rfc4514_string(), own.issuer.rfc4514_string(), own.not_valid_before_utc, own.not_valid_after_utc,
        own.public_bytes(Encoding.DER), tuple(other.certificate.public_bytes(Encoding.DER) for other in found.additional_certs),
    )  # fmt: skip


def roots(path: Path) -> tuple[bytes, ...]:
    """The certificates of a PEM file, in DER. Raises CertificateUnusable."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        found = x509.load_pem_x509_certificates(content_of(path))
    except ValueError as error:
        raise CertificateUnusable("trust", f"{path} holds no certificates in PEM") from error
    return tuple(one.public_bytes(Encoding.DER) for one in found)
