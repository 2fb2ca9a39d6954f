"""Certificates by which the parts of one server know each other: an own authority, and one certificate of it.

What belongs here: making them. What does not: which server asks for them. The authority's key is dropped at once, so
nobody can add a certificate later; whoever needs another makes all of them again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from signal_pipeline.local.state import write_private

AUTHORITY, CERTIFICATE, KEY = "authority.crt", "node.crt", "node.key"
_VALID = timedelta(days=3650)
# A clock that is set back after the start must not end every connection.
_EARLIER = timedelta(days=30)


def write_certificates(folder: Path, address: str) -> None:
    """New AUTHORITY, CERTIFICATE and KEY (PEM) in `folder`, readable by their owner alone; some milliseconds."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    now = datetime.now(UTC)

    def named(name: str, key: ec.EllipticCurvePrivateKey, issuer: str) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(now + _VALID)
        )

    authority_key, node_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = (
        named("signal_pipeline authority", authority_key, "signal_pipeline authority")
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    node = (
        named("signal_pipeline node", node_key, "signal_pipeline authority")
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = node_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, content in (
        (AUTHORITY, authority.public_bytes(pem)),
        (CERTIFICATE, node.public_bytes(pem)),
        (KEY, secret),
    ):
        write_private(folder / name, content.decode("ascii"))
