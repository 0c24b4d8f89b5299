"""Photos for the browser (security.md 38): permission is checked per object, nothing is cached.

A photo of the ID card shows the whole number, so its address alone is not enough: opening it is recorded, and the link
is sealed for one user, one photo and one minute.
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
    """The portrait of the card, else the person's own, as a data URL; empty without one."""
    stored = person.card_portrait or person.portrait
    return data_of(stored) if stored else ""


def data_of(stored: StoredFile) -> str:
    return data(files.read(stored))


def data(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"


def ticket(user_id: UUID, photo_id: UUID) -> str:
    return seal([str(user_id), str(photo_id), int(time.time())], purpose="photo")


def admits(given: str, user_id: UUID, photo_id: UUID) -> bool:
    found = unseal(given, purpose="photo")
    return bool(found) and found[:2] == [str(user_id), str(photo_id)] and time.time() - found[2] <= SECONDS
