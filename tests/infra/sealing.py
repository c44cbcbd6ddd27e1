"""An authority of the tests' own: its certificates, PKCS#12 files, and a time stamp service (RFC 3161) that answers over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

PASSWORD: Final = "a pass phrase for tests only"
CITY: Final = "Sinetti of the tests"
YEAR: Final = timedelta(days=365)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def certify(
        self, name: str, key: Key, begins: datetime, ends: datetime, usage: x509.ObjectIdentifier | None = None
    ) -> x509.Certificate:
        made = _begun(name, key, begins, ends).issuer_name(self.certificate.subject)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(digital_signature=True, content_commitment=usage is None), critical=True)
        if usage is not None:
            made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return made.sign(self.key, hashes.SHA256())

    def archive(
        self, folder: Path, name: str = CITY, *, begins: datetime | None = None, ends: datetime | None = None,
        password: str = PASSWORD, chain: bool = True,
    ) -> Path:  # fmt: skip
        """A PKCS#12 file with a new certificate, and the authority's own where `chain`."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        certificate = self.certify(name, key, begins or now - YEAR, ends or now + YEAR)
        content = pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, [self.certificate] if chain else None,
            serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption(),
        )  # fmt: skip
        path = folder / f"{len(list(folder.glob('*.p12')))}.p12"
        path.write_bytes(content)
        return path


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
        "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


def _begun(name: str, key: Key, begins: datetime, ends: datetime) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def authority(name: str = "Authority of the tests") -> Authority:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    made = _begun(name, key, now - 20 * YEAR, now + 20 * YEAR)
    made = made.issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Authority(made.sign(key, hashes.SHA256()), key)


@cache
def _stamping_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class StampService:
    """`trouble`: what goes wrong from now on: `status`, `garbage`, `hang`; "" when nothing does. `at`: the moment it stamps."""

    url: str = ""
    trouble: str = ""
    at: datetime | None = None
    asked: int = 0


@contextmanager
def stamping(issuer: Authority) -> Iterator[StampService]:
    """A time stamp service, as long as the block runs."""
    service, over, now = StampService(), threading.Event(), datetime.now(UTC)
    key = _stamping_key()
    certificate = issuer.certify("Stamps of the tests", key, now - 20 * YEAR, now + YEAR, ExtendedKeyUsageOID.TIME_STAMPING)
    own = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    pkcs8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    own_key = asn1_keys.PrivateKeyInfo.load(key.private_bytes(*pkcs8))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.asked += 1
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if service.trouble == "hang":
                over.wait(120)
                return
            stamper = DummyTimeStamper(own, own_key, fixed_dt=service.at)
            answer = b"no stamp" if service.trouble == "garbage" else stamper.request_tsa_response(request).dump()
            self.send_response(500 if service.trouble == "status" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/stamp"
    try:
        yield service
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
