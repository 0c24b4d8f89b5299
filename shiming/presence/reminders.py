"""Reminders: which role resolves which reason; each is sent at most once a day."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Invalid
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.refusals import Refusal
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.presence.eligibility import eligibility
from shiming.projects.models import Project

PERSON, COMPANY, PROJECT = "person", "company", "project"
# Reason → who is reminded. Reasons that only time resolves (a birthday, a date) are absent.
WHOM = {
    "R-48": PROJECT,
    "R-19": COMPANY,
    "R-06": PERSON,
    "R-33": PROJECT,
    "R-34": PROJECT,
    "R-26": PERSON,
    "R-21": PROJECT,
}
LABELS = {PERSON: "本人", COMPANY: "用人单位", PROJECT: "工地"}


def may_remind(actor: Actor, person: Person, project: Project) -> bool:
    """本人、其用人单位或该工地"""
    if actor.role is Role.PERSON:
        return actor.person_id == person.pk
    if actor.role in COMPANY_ROLES:
        return Employment.objects.filter(person=person, company=actor.company_id, status__in=Employment.OPEN).exists()
    return actor.on_site and actor.project_id == project.pk


@transaction.atomic
def remind(person: Person, project: Project, code: str, *, by: Actor) -> bool:
    """Remind the responsible side; return False when it was reminded today already."""
    require(may_remind, by, person, project)
    reason = next((item for item in eligibility(person, project) if item.code == code), None)
    whom = reason and addressee(reason, person, project)
    if not whom:
        raise Invalid("这一项已经办好，或不需要提醒", next_step="刷新本页查看")
    if reminded_today(person, project, code):
        return False

    employer = _employer(person, project)
    if whom == COMPANY and employer is None:
        raise Invalid("目前没有用人单位可以提醒", next_step="请先由企业发出聘用邀请")
    record(
        Event.REMINDER_SENT,
        person,
        by=by,
        person_id=person.pk,
        company_id=employer if whom == COMPANY else None,
        project_id=project.pk,
        to=LABELS[whom],
        what=f"{person.name}在{project.name}：{reason.sentence}，{reason.next_step}",
        owner=whom,
        code=code,
    )
    return True


def addressee(reason: Refusal, person: Person, project: Project) -> str | None:
    """R-20 is addressed to the site while the allocation waits there, else to the employer."""
    if reason.code != "R-20":
        return WHOM.get(reason.code)
    waiting = Assignment.objects.filter(person=person, project=project, status=Assignment.Status.PENDING)
    return PROJECT if waiting.exists() else COMPANY


def reminded_today(person: Person, project: Project, code: str) -> bool:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    sent = AuditEntry.objects.filter(event=Event.REMINDER_SENT, person_id=person.pk, project_id=project.pk)
    return sent.filter(at__gte=midnight, params__code=code).exists()


def _employer(person: Person, project: Project):
    rows = Employment.objects.filter(person=person, status__in=Employment.EMPLOYED)
    return rows.values_list("company_id", flat=True).first()
