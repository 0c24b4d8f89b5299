"""法人一证通: a client certificate that a configured proxy has verified and forwarded (security.md 32).

`Doorstep` removes these headers unless they come from that proxy together with its secret, so the values here are
trusted. The holder of a company's certificate is its legal representative [000][001].
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.db.models import Q
from django.utils import timezone

from shiming.accounts import throttle
from shiming.accounts.authenticators.proof import Proof
from shiming.accounts.commands.users import user_of_certificate
from shiming.companies.models import Company
from shiming.core.actor import Door
from shiming.core.errors import Refused

# Unified identifier: organizationIdentifier (ETSI EN 319 412) where the CA writes it, else the subject's serialNumber.
UNIQUE = (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER)


@dataclass(frozen=True)
class Certificate:
    """The fields that the entrance shows [000]."""

    company: str
    unique_id: str
    serial: str
    valid_until: date
    holder: str


def presented(request) -> Certificate | None:
    """The certificate of this request if the proxy has verified it, else None."""
    if request.META.get("HTTP_X_CLIENT_VERIFY") != "SUCCESS":
        return None
    try:
        found = x509.load_pem_x509_certificate(unquote(request.META.get("HTTP_X_CLIENT_CERT", "")).encode())
    except ValueError:
        return None
    return Certificate(
        company=_name(found, NameOID.ORGANIZATION_NAME),
        unique_id=next((text for oid in UNIQUE if (text := _name(found, oid))), ""),
        serial=f"{found.serial_number:X}",
        valid_until=timezone.localdate(found.not_valid_after_utc),
        holder=_name(found, NameOID.COMMON_NAME),
    )


def prove(request, *, door: Door) -> Proof:
    certificate = presented(request)
    if certificate is None:
        raise Refused("R-02")
    if certificate.valid_until < timezone.localdate():
        raise Refused("L-08")
    company = company_of(certificate)
    if company is None:
        raise Refused("L-07")
    user = user_of_certificate(company, certificate.holder)
    if not user.is_active:
        raise Refused("R-01")
    return Proof(user, throttle.account_key("certificate", certificate.serial))


def company_of(certificate: Certificate) -> Company | None:
    """The one active company with this 唯一标识码, or with this serial number where no mark is filed, else None."""
    same_serial = Q(certificate_serial__iexact=certificate.serial) & ~Q(certificate_serial="")
    same_mark = Q(certificate_id=certificate.unique_id) & ~Q(certificate_id="")
    marked = same_mark & (Q(certificate_serial="") | same_serial)
    found = Company.objects.filter(marked | (Q(certificate_id="") & same_serial), status=Company.Status.ACTIVE)
    companies = list(found[:2])
    return companies[0] if len(companies) == 1 else None


def _name(certificate: x509.Certificate, oid) -> str:
    return next((str(each.value) for each in certificate.subject.get_attributes_for_oid(oid)), "")
