"""The worker's login: phone and a code by SMS; the first time also the last four of the ID number (security.md 25)."""

import secrets
from datetime import timedelta

from shiming.accounts import captcha, throttle
from shiming.accounts.authenticators.proof import Proof, tell_failure
from shiming.accounts.commands.codes import Purpose, check_code, send_code
from shiming.accounts.commands.users import user_of_person
from shiming.core.actor import Door
from shiming.core.errors import Refused
from shiming.core.limits import Limit
from shiming.core.privacy import blind_index, mask
from shiming.outbox import limits
from shiming.people.models import Person
from shiming.web.sealing import seal, unseal

BROWSER = "browser"
REGISTERED = "registered_person"
WITHOUT_PICTURE = Limit(3, timedelta(minutes=10))
ASKED, PROVED = "asked_phone", "verified_phone"  # sealed; registration reads the second


def wants_picture(request) -> bool:
    """From the fourth request of one address within ten minutes a picture code is required as well."""
    asked = limits.asked_from_here(f"code-{Purpose.PERSON}")
    return WITHOUT_PICTURE.is_reached(asked, at="created_at") and not captcha.waived(request.session)


def request_code(request, phone: str, picture_code: str = "") -> None:
    """Send a code to any number: only the holder of the phone learns whether the number is known."""
    if wants_picture(request) and not captcha.matches(request.session, picture_code):
        raise Refused("L-04" if picture_code else "L-10", field="picture_code")
    send_again(request, phone)


def send_again(request, phone: str) -> None:
    """Send a code to the number this browser asked for, within the limits of the outbox."""
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(12))
    send_code(Purpose.PERSON, phone, browser=browser)


def check_phone(request, *, phone: str, code: str) -> None:
    """When the code is right, remember in this session, sealed, that the phone belongs to the user."""
    counter = throttle.counter(request, throttle.account_key("person", phone))
    attempt = throttle.begin(counter)
    if not check_code(Purpose.PERSON, phone, code, browser=request.session.get(BROWSER, "")):
        tell_failure(Door.PERSON, attempt)
        raise Refused("L-01", field="code")
    throttle.succeeded(counter)
    request.session[PROVED] = seal(phone, purpose="phone")


def remember_asked(request, phone: str) -> None:
    request.session[ASKED] = seal(phone, purpose="asked")


def asked_phone(request) -> str | None:
    """The number this browser requested a code for."""
    return unseal(request.session.get(ASKED, ""), purpose="asked")


def proved_phone(request) -> str | None:
    return unseal(request.session.get(PROVED, ""), purpose="phone")


def masked(phone: str) -> str:
    return mask(phone)


def candidates(phone: str) -> list[Person]:
    return list(Person.objects.filter(phone_digest=blind_index("phone", phone)).select_related("user")[:10])


def needs_more(request, people: list[Person]) -> bool:
    """Whether the last four are required: a shared phone, or a first login with a number that may have changed owners.

    A worker who has just registered in this browser (`registered_person`, set by people) has typed the ID number.
    """
    if len(people) != 1:
        return True
    return not hasattr(people[0], "user") and request.session.get(REGISTERED) != str(people[0].pk)


def prove(request, *, door: Door, last_four: str = "") -> Proof:
    """The second step after `check_phone`; raises L-01 when the phone is not proved."""
    phone = proved_phone(request)
    if phone is None:
        raise Refused("L-01")
    people, account = candidates(phone), throttle.account_key("person", phone)
    if not people:
        raise Refused("L-01")
    if needs_more(request, people):
        people = _with_last_four(people, last_four, phone)
    user = user_of_person(people[0])
    if not user.is_active:
        raise Refused("R-01")
    return Proof(user, account, blind_index("phone", phone))


def _with_last_four(people: list[Person], last_four: str, phone: str) -> list[Person]:
    """Four characters are quickly guessed: wrong ones count like passwords, and a right code by SMS keeps the count."""
    account = throttle.account_key("last-four", phone)
    attempt = throttle.begin(account)
    fitting = [person for person in people if person.id_number.plain[-4:] == last_four.strip().upper()]
    if len(fitting) != 1:
        tell_failure(Door.PERSON, attempt)
        raise Refused("L-09", field="last_four")
    throttle.succeeded(account)
    return fitting
