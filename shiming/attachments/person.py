"""What this module adds to a person: the panel on the page of the own company, and the papers in the own data."""

from uuid import UUID

from django.utils import timezone

from shiming.attachments import rules
from shiming.attachments.holders import Holder, register
from shiming.attachments.models import Attachment
from shiming.core.actor import KEEPERS, Actor
from shiming.employment.models import Employment, ManagerDraft
from shiming.people.models import Person
from shiming.people.sections import Section, in_own_data, on_person_page
from shiming.projects.flows import asks_social_proof, works_under


@register("employments")
def employment(actor: Actor, pk: UUID) -> Holder | None:
    """A present or former employee of the actor's company."""
    if actor.role not in KEEPERS:
        return None
    rows = Employment.objects.filter(pk=pk, company=actor.company_id, status__in=rules.KEPT_FOR).select_related(
        "person"
    )
    found = rows.first()
    return Holder(found.company_id, found.person.id_digest, found.person.name) if found else None


@register("drafts")
def draft(actor: Actor, pk: UUID) -> Holder | None:
    """A manager whose registration is being typed: the papers are there before the person is."""
    if actor.role not in KEEPERS:
        return None
    found = ManagerDraft.objects.filter(pk=pk, company=actor.company_id, place=None).first()
    return Holder(found.company_id, found.id_digest) if found else None


@on_person_page(order=30)
def papers(person: Person, actor: Actor) -> Section | None:
    if actor.role not in KEEPERS or not works_under(actor, asks_social_proof):
        return None
    rows = Employment.objects.filter(person=person, company=actor.company_id, status__in=Employment.EMPLOYED)
    key = rows.values_list("pk", flat=True).first()
    context = {"holder": "employments", "pk": key}
    return Section("附件", "attachments/parts/embedded.html", context, icon="paperclip") if key else None


@in_own_data("附件")
def own_data(person: Person) -> list[dict[str, str]]:
    rows = Attachment.objects.filter(id_digest=person.id_digest, status=Attachment.Status.KEPT)
    return [
        {
            "单位": row.company.name,
            "类型": row.kind_label,
            "文件名": row.name,
            "开具日期": str(row.issued_on or ""),
            "上传时间": f"{timezone.localtime(row.uploaded_at):%Y-%m-%d %H:%M:%S}",
        }
        for row in rows.select_related("company").order_by("uploaded_at")
    ]
