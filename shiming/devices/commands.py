"""Registration by card: store a card that the page has read, once the operator confirms it."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict
from shiming.core.limits import one_at_a_time
from shiming.core.models import StoredFile
from shiming.core.privacy import blind_index
from shiming.devices import rules
from shiming.devices.models import CardReading
from shiming.devices.reader import photo
from shiming.people.commands import CardContent, take_card


@dataclass(frozen=True, slots=True)
class Read:
    """One reading sent by the page: the content of the card, and the way it was read."""

    event_id: str
    kind: str
    way: str
    content: CardContent
    reader: str = ""
    wlt: bytes = b""

    def digest(self, by: Actor) -> str:
        """The key of a repeated reading: operator, way and content without the portrait, whose encoding may differ."""
        plain = replace(self.content, portrait=b"")
        return blind_index("card_reading", repr((by.user_id, self.kind, self.way, self.reader, plain)))


@transaction.atomic
def record_reading(read: Read, *, by: Actor, renaming: str = "") -> CardReading:
    """Store a reading with reader and operator; the person is verified by it.

    Idempotent by `event_id`, also for concurrent requests. `renaming` is the reason to take over another name.
    """
    require(rules.may_read_card, by)
    one_at_a_time(f"card_reading:{read.event_id}")
    if known := CardReading.objects.filter(event_id=read.event_id).first():
        return _repeated(known, read, by)

    reader = f"{CardReading.Way(read.way).label} {read.reader}".strip()
    taken = take_card(_with_portrait(read), reader=reader, by=by, renaming=renaming)
    return CardReading.objects.create(
        person=taken.person,
        newly_verified=taken.newly_verified,
        event_id=read.event_id,
        digest=read.digest(by),
        way=read.way,
        reader=read.reader,
        kind=read.kind,
        expired=_expired(read.content.valid_to),
        operator=by.name,
        role=by.role,
        user_id=by.user_id,
        company_id=by.company_id,
        project_id=by.project_id,
        wlt=_kept(read.wlt),
    )


def portrait_of(wlt: bytes) -> bytes | None:
    """The portrait as JPEG from the chip's 1024 bytes, or None without a decoder."""
    return photo.decode(wlt, settings.WLT_DECODER)


def _repeated(known: CardReading, read: Read, by: Actor) -> CardReading:
    if known.digest != read.digest(by):
        raise Conflict("同一次读卡的内容不同，请再读一次")
    return known


def _with_portrait(read: Read) -> CardContent:
    return replace(read.content, portrait=read.content.portrait or portrait_of(read.wlt) or b"")


def _kept(wlt: bytes) -> StoredFile | None:
    return files.store(wlt, kind="card_wlt", media_type="application/octet-stream") if photo.is_wlt(wlt) else None


def _expired(valid_to: date | None) -> bool:
    return valid_to is not None and valid_to < timezone.localdate()
