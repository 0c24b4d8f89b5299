"""A person identified by ID number, name and phone, as in a contract or a grant."""

from shiming.core.actor import Actor
from shiming.core.errors import DomainError
from shiming.people import commands as people
from shiming.people.models import Person


def person_named(number: str, name: str, phone: str, *, by: Actor, prefix: str = "") -> tuple[Person, str]:
    """(person found or registered, phone digits). A DomainError names the input `prefix` + number/name/phone.

    The phone is stored in the contract or the grant, never in the person's record: that one opens 个人端.
    """
    try:
        digits = people.checked_phone(phone)
        return people.person_typed(number, name, by), digits
    except DomainError as error:
        error.field = f"{prefix}{error.field}" if error.field else None
        raise
