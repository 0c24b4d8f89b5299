"""What an 实施单位 sees of a person it audits: the papers of the company that submitted the binding, the work history."""

from django.db.models import QuerySet

from shiming.assignment.answerers import AUDITORS
from shiming.assignment.models import Assignment
from shiming.attachments import queries as attachments
from shiming.attachments.models import Attachment
from shiming.attachments.rules import also_opens
from shiming.binding import audits
from shiming.core.actor import Actor
from shiming.people.models import Person
from shiming.people.work_history import also_sees_history


@also_opens
def auditor_opens(actor: Actor, attachment: Attachment) -> bool:
    """Whether the actor audits a submitted binding of this person and company; a draft shows no papers."""
    if actor.role not in AUDITORS or attachment.status != Attachment.Status.KEPT:
        return False
    rows = audits.submitted(actor).filter(participation__company=attachment.company_id)
    return rows.filter(person__id_digest=attachment.id_digest).exists()


@also_sees_history
def auditor_sees_history(actor: Actor, person: Person) -> bool:
    """Whether the actor audits a submitted binding of this person (domain.md §11.11)."""
    return actor.role in AUDITORS and audits.submitted(actor).filter(person=person).exists()


def papers_of(binding: Assignment) -> QuerySet[Attachment]:
    return attachments.kept(binding.participation.company_id, binding.person.id_digest)


def proof_age(binding: Assignment) -> int | None:
    """Age in days of the newest 社保缴费证明; None without one. Shown at the audit, never refused (domain.md §11.6)."""
    proof = attachments.social_proof(binding.participation.company_id, binding.person.id_digest)
    return attachments.age(proof) if proof else None
