"""Who may enrol whom, and who may look, check and withdraw (domain.md §11.5)."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.companies.models import Staff
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.employment.models import Employment
from shiming.faces.models import FaceComparison, FaceSession, HandCheck
from shiming.people.models import Person
from shiming.projects.queries import policy_of

Status = Assignment.Status
# A binding of one of these states still needs a face or a check by hand: a draft is enough.
BOUND = (Status.DRAFT, Status.PENDING, Status.ACCEPTED, Status.REJECTED)
# For how long the own face, shown once, lets a manager enrol others.
PROOF = timedelta(minutes=30)
NONE = Q(pk__in=[])


def places_managed(actor: Actor) -> list:
    """Where the actor is a manager, drafted or bound, and the flow asks for faces: ids of participations."""
    if actor.role is not Role.PERSON:
        return []
    rows = Assignment.objects.filter(person=actor.person_id, status__in=BOUND).exclude(role=Assignment.WORKER)
    rows = rows.filter(participation__left_on=None).select_related("project").prefetch_related("project__policies")
    return [row.participation_id for row in rows if policy_of(row.project).face_before_submit]


def enrolled_by(actor: Actor) -> Q:
    """The people whom this manager may enrol: themselves and the people of their company on the same project."""
    places = places_managed(actor)
    return Q(assignments__participation__in=places, assignments__status__in=BOUND) if places else NONE


def may_enrol(actor: Actor, person: Person) -> bool:
    """本单位在该项目上的管理人员（待提交或已绑定的）"""
    return Person.objects.filter(enrolled_by(actor), pk=person.pk).exists()


def has_proved(actor: Actor) -> bool:
    """Whether the actor's own face was proved within the last 30 minutes (PROOF)."""
    own = FaceSession.objects.filter(by=actor.user_id, person=actor.person_id, status=FaceSession.Status.PASSED)
    return own.filter(judged_at__gt=timezone.now() - PROOF).exists()


def may_use(actor: Actor, session: FaceSession) -> bool:
    """开始这次拍摄的人"""
    return actor.user_id == session.by_id


def kept_by(actor: Actor) -> Q:
    """People of the company: employed, or on one of its places; drafts of a QR form have no employment yet."""
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM):
        return Q()
    if actor.role not in KEEPERS:
        return NONE
    employed = Employment.objects.filter(company=actor.company_id, status__in=Employment.EMPLOYED)
    placed = Assignment.objects.filter(participation__company=actor.company_id, status__in=BOUND)
    return Q(pk__in=employed.values("person")) | Q(pk__in=placed.values("person"))


def may_keep(actor: Actor, person: Person) -> bool:
    """本单位法人、人事聘用管理员或经办"""
    return Person.objects.filter(kept_by(actor), pk=person.pk).exists()


def may_withdraw(actor: Actor, person: Person) -> bool:
    """本人，或受本人委托的用人单位"""
    if actor.role is Role.PERSON:
        return actor.person_id == person.pk
    return may_keep(actor, person)


def may_check(actor: Actor, person: Person) -> bool:
    """本单位法人、人事聘用管理员或经办"""
    return actor.role in KEEPERS and may_keep(actor, person)


def may_answer_check(actor: Actor, check: HandCheck) -> bool:
    """本单位的另一名法人、人事聘用管理员或经办"""
    return may_check(actor, check.person) and actor.user_id != check.first_id


def may_compare(actor: Actor, comparison: FaceComparison) -> bool:
    """登记人以外的本单位法人、人事聘用管理员、经办，或系统管理员"""
    return actor.user_id != comparison.enrolled_by_id and may_keep(actor, comparison.person)


def may_settle(actor: Actor) -> bool:
    """系统管理员"""
    return actor.role is Role.SYS_ADMIN


def comparisons_visible_to(actor: Actor) -> Q:
    return Q(person__in=Person.objects.filter(kept_by(actor)))


def checks_visible_to(actor: Actor) -> Q:
    """Checks made by the actor's company, and those of people it keeps now."""
    return Q(company_id=actor.company_id) | Q(person__in=Person.objects.filter(kept_by(actor)))


def keepers_of(company_id) -> QuerySet:
    """The users of a company who keep its people: with a single one there is no second to check."""
    return Staff.objects.filter(company=company_id, until=None, role__in=KEEPERS).values("user").distinct()
