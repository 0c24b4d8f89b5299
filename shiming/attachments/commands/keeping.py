"""What is done with a kept attachment: removed, taken back, opened."""

from django.db import transaction
from django.utils import timezone

from shiming.attachments import rules
from shiming.attachments.commands.common import held, note
from shiming.attachments.commands.uploading import require_room
from shiming.attachments.models import Attachment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.events import Event

Status = Attachment.Status


@transaction.atomic
def remove(attachment: Attachment, *, by: Actor) -> Attachment:
    """删除：当天可以撤销；一天以后文件本身删除（commands.tidy_up）。"""
    attachment = held(attachment)
    require(rules.may_keep, by, attachment)
    attachment.become(Status.REMOVED)
    attachment.removed_at = timezone.now()
    attachment.save()
    note(Event.ATTACHMENT_REMOVED, attachment, by=by)
    return attachment


@transaction.atomic
def restore(attachment: Attachment, *, by: Actor) -> Attachment:
    """撤销删除。"""
    attachment = held(attachment)
    require(rules.may_keep, by, attachment)
    attachment.become(Status.KEPT)
    require_room(attachment.company_id, attachment.id_digest, attachment.size)
    attachment.removed_at = None
    attachment.save()
    note(Event.ATTACHMENT_RESTORED, attachment, by=by)
    return attachment


@transaction.atomic
def note_opening(attachment: Attachment, *, by: Actor) -> None:
    """下载之前留痕：社保记录、证书上有完整的证件号。"""
    require(rules.may_open, by, attachment)
    note(Event.ATTACHMENT_OPENED, attachment, by=by)
