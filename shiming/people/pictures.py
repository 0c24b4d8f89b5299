"""Photos on their way to the browser (security.md 38): the object is checked, nothing is cached.

A photo of the ID card shows the whole number, so it is not served by its address alone: a link is sealed for one user,
one photo and one minute by whoever recorded that he opened it.
"""

import time
from base64 import b64encode
from uuid import UUID

from django.http import HttpResponse

from shiming.core import files
from shiming.core.models import StoredFile
from shiming.people.models import Person
from shiming.web.sealing import seal, unseal

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECONDS = 60


def as_response(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="image/jpeg", headers=HEADERS)


def portrait_data(person: Person) -> str:
    """The portrait of the card, or the person's own; empty for whoever has none."""
    stored = person.card_portrait or person.portrait
    return data_of(stored) if stored else ""


def data_of(stored: StoredFile) -> str:
    return f"data:image/jpeg;base64,{b64encode(files.read(stored)).decode()}"


def ticket(user_id: UUID, photo_id: UUID) -> str:
    return seal([str(user_id), str(photo_id), int(time.time())], purpose="photo")


def admits(given: str, user_id: UUID, photo_id: UUID) -> bool:
    found = unseal(given, purpose="photo")
    return bool(found) and found[:2] == [str(user_id), str(photo_id)] and time.time() - found[2] <= SECONDS
