"""A certification authority for tests: it issues certificates like 法人一证通 to invented companies."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    def __init__(self, folder: Path, name: str = "测试证书中心"):
        self.folder, self.name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign(self.name, self.key.public_key(), is_authority=True)
        self.file = self._write(f"{name}.pem", self.certificate.public_bytes(serialization.Encoding.PEM))

    def company(self, company: str, unique_id: str, holder: str, *, days: int = 365) -> tuple[Path, Path, str]:
        """Certificate file, key file, serial number."""
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, company),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, unique_id),
                x509.NameAttribute(NameOID.COMMON_NAME, holder),
            ]
        )
        return self._issue(subject, ExtendedKeyUsageOID.CLIENT_AUTH, days)

    def server(self) -> tuple[Path, Path, str]:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        return self._issue(subject, ExtendedKeyUsageOID.SERVER_AUTH, 365)

    def _issue(self, subject, usage, days) -> tuple[Path, Path, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._sign(subject, key.public_key(), usage=usage, days=days)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        serial = f"{made.serial_number:X}"
        return (
            self._write(f"{serial}.pem", made.public_bytes(serialization.Encoding.PEM)),
            self._write(f"{serial}.key", pem),
            serial,
        )

    def _sign(self, subject, public_key, *, is_authority=False, usage=None, days=365) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if usage:
            names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path
