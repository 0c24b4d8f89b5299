"""What the commands of this module share."""

from uuid import UUID

from shiming.attachments.models import Attachment
from shiming.core import files
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.people.models import Person


def held(attachment: Attachment) -> Attachment:
    """The row afresh and locked; Conflict when it was deleted meanwhile."""
    found = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment.pk).first()
    if found is None:
        raise Conflict("这个文件已经删除或过期，请重新上传")
    return found


def discard(attachment: Attachment) -> None:
    """The row with its pieces and their files."""
    drop_pieces(attachment)
    attachment.delete()


def drop_pieces(attachment: Attachment) -> None:
    for piece in attachment.pieces.select_related("stored"):
        piece.delete()
        files.remove(piece.stored)


def note(event: Event, attachment: Attachment, *, by: Actor) -> None:
    """A line in the trail, of the person as well once the person is registered."""
    details = {"person": attachment.person, "kind": attachment.kind_label}
    record(event, attachment, by=by, person_id=_person_id(attachment), **details)


def _person_id(attachment: Attachment) -> UUID | None:
    return Person.objects.filter(id_digest=attachment.id_digest).values_list("pk", flat=True).first()
