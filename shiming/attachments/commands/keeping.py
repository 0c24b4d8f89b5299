"""What is done with a kept attachment: removed, taken back, opened."""

from django.db import transaction
from django.utils import timezone

from shiming.attachments import rules
from shiming.attachments.commands.common import discard, held, note
from shiming.attachments.commands.uploading import require_room
from shiming.attachments.models import Attachment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.limits import one_at_a_time
from shiming.employment.models import Employment, ManagerDraft

Status = Attachment.Status


@transaction.atomic
def remove(attachment: Attachment, *, by: Actor) -> Attachment:
    """Remove an attachment; it can be restored for a day, then its file is deleted (commands.tidy_up)."""
    attachment = held(attachment)
    require(rules.may_keep, by, attachment)
    attachment.become(Status.REMOVED)
    attachment.removed_at = timezone.now()
    attachment.save()
    note(Event.ATTACHMENT_REMOVED, attachment, by=by)
    return attachment


@transaction.atomic
def restore(attachment: Attachment, *, by: Actor) -> Attachment:
    """Undo a removal, if the quota has room."""
    attachment = held(attachment)
    require(rules.may_keep, by, attachment)
    attachment.become(Status.KEPT)
    require_room(attachment.company_id, attachment.id_digest, attachment.size)
    attachment.removed_at = None
    attachment.save()
    note(Event.ATTACHMENT_RESTORED, attachment, by=by)
    return attachment


@transaction.atomic
def discard_papers_of(draft: ManagerDraft, *, by: Actor) -> int:
    """A registration that was given up takes the papers uploaded for it along; how many.

    Papers of a person whom the company employs or has employed are the employment's, and stay.
    """
    require(rules.may_discard_papers_of, by, draft)
    holder = {"company": draft.company_id, "person__id_digest": draft.id_digest}
    if Employment.objects.filter(**holder, status__in=rules.KEPT_FOR).exists():
        return 0
    one_at_a_time(f"attachments:{draft.company_id}:{draft.id_digest}")
    papers = Attachment.objects.filter(company=draft.company_id, id_digest=draft.id_digest)
    rows = list(papers.select_for_update(of=("self",)))
    for row in rows:
        if row.status == Status.KEPT:
            note(Event.ATTACHMENT_REMOVED, row, by=by)
        discard(row)
    return len(rows)


@transaction.atomic
def note_opening(attachment: Attachment, *, by: Actor) -> None:
    """Record the opening before a download: social security papers and certificates show whole ID numbers."""
    require(rules.may_open, by, attachment)
    note(Event.ATTACHMENT_OPENED, attachment, by=by)
