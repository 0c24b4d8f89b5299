"""A portrait inside a page, for whoever may see it this once: a person just found by his number has no address yet."""

from base64 import b64encode

from shiming.core import files
from shiming.people.models import Person


def as_data(person: Person) -> str:
    """The portrait of the card, or the person's own; empty for whoever has none."""
    stored = person.card_portrait or person.portrait
    return f"data:image/jpeg;base64,{b64encode(files.read(stored)).decode()}" if stored else ""
