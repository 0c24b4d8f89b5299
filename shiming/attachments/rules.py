"""Who keeps and who opens papers. They belong to one company; another company of the same person has its own."""

from collections.abc import Callable

from django.db.models import Q

from shiming.attachments.holders import Holder
from shiming.attachments.models import Attachment
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.employment.models import Employment, ManagerDraft

NONE = Q(pk__in=[])
# After a refused or expired invitation the company may keep no papers of the person.
KEPT_FOR = (*Employment.OPEN, Employment.Status.ENDED)
_readers: list[Callable[[Actor, Attachment], bool]] = []


def visible_to(actor: Actor) -> Q:
    """The papers of the actor's own company, for those who keep its people."""
    return Q(company=actor.company_id) if actor.role in KEEPERS else NONE


def may_keep(actor: Actor, row: Holder | Attachment | ManagerDraft) -> bool:
    """本企业法人、人事聘用管理员或经办"""
    return actor.role in KEEPERS and actor.company_id == row.company_id


def may_discard_papers_of(actor: Actor, draft: ManagerDraft) -> bool:
    """本企业法人、人事聘用管理员或经办，以及到期删除的系统"""
    return actor.role is Role.SYSTEM or may_keep(actor, draft)


def may_continue(actor: Actor, upload: Attachment) -> bool:
    """开始上传的人"""
    return may_keep(actor, upload) and actor.user_id == upload.uploaded_by_id


def may_open(actor: Actor, attachment: Attachment) -> bool:
    """本企业法人、人事聘用管理员或经办，以及审核该人员的实施单位"""
    return may_keep(actor, attachment) or any(reads(actor, attachment) for reads in _readers)


def also_opens(reads: Callable[[Actor, Attachment], bool]) -> Callable[[Actor, Attachment], bool]:
    """Register a rule of a later module that lets further actors open an attachment, e.g. the auditor of a binding."""
    _readers.append(reads)
    return reads
