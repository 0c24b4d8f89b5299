"""Repeated proof of identity, by a method that the door of the session offers."""

from shiming.accounts import throttle
from shiming.accounts.authenticators import certificate
from shiming.accounts.authenticators.proof import tell_failure
from shiming.accounts.commands.codes import Purpose, check_code, send_code
from shiming.core.actor import Door
from shiming.core.errors import Refused

PHONE_DOORS = (Door.SITE, Door.PERSON)


def way_for(request) -> str:
    """One of "code", "certificate", "factor"."""
    if request.session.get("door") in PHONE_DOORS:
        return "code"
    return "certificate" if request.session.get("method") == "certificate" else "factor"


def request_code(request) -> None:
    if phone := _phone(request):
        send_code(Purpose.AGAIN, phone, also=str(request.user.pk))


def check(request, code: str) -> None:
    account = throttle.account_key("again", str(request.user.pk))
    attempt = throttle.begin(account)
    if not check_code(Purpose.AGAIN, _phone(request), code, also=str(request.user.pk)):
        tell_failure(Door(request.session["door"]), attempt, request.user)
        raise Refused("L-01", field="code")
    throttle.succeeded(account)


def certificate_still_there(request) -> None:
    found = certificate.presented(request)
    company = certificate.company_of(found) if found else None
    if company is None or request.actor is None or company.pk != request.actor.company_id:
        raise Refused("R-02")


def masked_phone(request) -> str:
    person = request.user.person
    return str(person.phone) if person and person.phone else ""


def _phone(request) -> str:
    person = request.user.person
    return person.phone.plain if person and person.phone else ""
