"""Somebody named by ID number, name and phone, as a contract or a grant names him."""

from shiming.core.actor import Actor
from shiming.core.errors import DomainError
from shiming.people import commands as people
from shiming.people.models import Person


def person_named(number: str, name: str, phone: str, *, by: Actor, prefix: str = "") -> tuple[Person, str]:
    """The person found or registered, and the phone as digits. Errors point at the inputs `prefix` + number/name/phone.

    The phone goes into the contract or the grant, never into the person's own record: that one opens 个人端.
    """
    try:
        digits = people.checked_phone(phone)
        return people.person_typed(number, name, by), digits
    except DomainError as error:
        error.field = f"{prefix}{error.field}" if error.field else None
        raise
