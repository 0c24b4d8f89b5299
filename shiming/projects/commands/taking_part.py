"""项目人员绑定 [004]: a company adds and removes its own projects by 报建编号 (domain.md §11.3)."""

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.access import require
from shiming.core.actor import KEEPERS, Actor
from shiming.core.audit import record, trail_of
from shiming.core.errors import Conflict, Invalid, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects import rules
from shiming.projects.commands.participations import PARENTS
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project
from shiming.projects.queries import following

Kind = Company.Kind
# Their places give sight of the whole project, or the audit: only the administrator registers them.
REGISTERED_ONLY = (Kind.GENERAL, Kind.IMPLEMENTING)
WAITING_OR_BOUND = ("pending", "accepted")


def project_to_add(code: str, *, by: Actor) -> Project:
    """The project of this flow with this number, if the company may add it: R-29, R-48, or a sentence of its own."""
    require(rules.may_take_part, by)
    project = following(implementer_audits).filter(filing_code=code.strip()).first()
    if project is None:
        raise Refused("R-29", field="code")
    if _place_of(project, by) or _given_up(project, by):
        return project
    if project.status != Project.Status.OPEN:
        raise Refused("R-48", field="code")
    kind = Kind(Company.objects.get(pk=by.company_id).kind)
    if kind in REGISTERED_ONLY:
        raise Invalid(
            f"{kind.label}参建的项目由系统管理员登记",
            next_step="请系统管理员登记参建关系，项目随即出现在列表中",
            field="code",
        )
    if Kind.GENERAL in PARENTS[kind] and _general_contractor(project) is None:
        raise Invalid("本项目还没有登记施工总包", next_step="请系统管理员先登记总包的参建关系", field="code")
    return project


@transaction.atomic
def take_part(code: str, *, by: Actor) -> Participation:
    """新增项目: the company's place on the project, under the general contractor; one that is listed already is
    returned, and one that the company itself gave up comes back with its contracts."""
    project = lock(project_to_add(code, by=by))
    if listed := _place_of(project, by):
        return listed
    if given_up := _given_up(project, by):
        return restore_place(given_up, by=by)
    company = Company.objects.get(pk=by.company_id)
    kind = Kind(company.kind)
    parent = _general_contractor(project) if Kind.GENERAL in PARENTS[kind] else None
    place = Participation(project=project, company=company, kind=kind, parent=parent)
    place.full_clean()
    place.save()
    _record(Event.PARTICIPATION_ADDED, place, by, kind=place.get_kind_display())
    return place


@transaction.atomic
def give_up_place(place: Participation, *, by: Actor) -> Participation:
    """删除项目: only without bound or waiting people of the company. Drafts go with it, the history stays."""
    place = lock(place)
    require(rules.may_give_up, by, place)
    if place.left_on is not None:
        raise Conflict("项目已经删除")
    if place.assignments.filter(status__in=WAITING_OR_BOUND).exists():
        raise Invalid("有人员已绑定或待审核，不能删除项目", next_step="待审核的先移除，已绑定的先退场")
    if place.children.filter(left_on=None).exists():
        raise Refused("R-66", what="下级参建单位")

    place.left_on = timezone.localdate()
    place.save()
    _record(Event.PARTICIPATION_REMOVED, place, by)
    return place


@transaction.atomic
def restore_place(place: Participation, *, by: Actor) -> Participation:
    """撤销删除: the place as it was; only one that the company itself gave up."""
    place = lock(place)
    require(rules.may_give_up, by, place)
    if place.left_on is None:
        return place
    if not _by_the_company(place):
        raise Conflict("该项目由系统管理员撤销参建，不能自行恢复")
    if place.project.status == Project.Status.FINISHED:
        raise Refused("R-48")
    place.left_on = None
    place.full_clean()
    place.save()
    _record(Event.PARTICIPATION_RESTORED, place, by)
    return place


def _place_of(project: Project, by: Actor) -> Participation | None:
    return project.participations.filter(company=by.company_id, left_on=None).first()


def _given_up(project: Project, by: Actor) -> Participation | None:
    last = (
        project.participations.filter(company=by.company_id).exclude(left_on=None).order_by("-left_on", "-pk").first()
    )
    return last if last and _by_the_company(last) else None


def _by_the_company(place: Participation) -> bool:
    last = trail_of(place).filter(event=Event.PARTICIPATION_REMOVED).first()
    return last is not None and last.role in KEEPERS


def _general_contractor(project: Project) -> Participation | None:
    return project.participations.filter(kind=Kind.GENERAL, left_on=None).first()


def _record(event: Event, place: Participation, by: Actor, **more) -> None:
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    record(event, place, by=by, **scope, company=place.company, project=place.project, **more)
