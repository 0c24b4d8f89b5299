"""Operations on 人员分配: allocate, accept, reject, remove and resubmit, each row decided alone."""

from uuid import UUID

from ninja import Router

from shiming.api import finding
from shiming.api.bodies import Acceptance, Assignments, Proposal, Rejection
from shiming.api.schemas import AssignmentOut, Batch, Listed, answers
from shiming.assignment import commands, queries
from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import api
from shiming.employment import queries as employments
from shiming.projects import queries as projects
from shiming.projects.models import Participation
from shiming.projects.rules import participations_visible_to

router = Router(tags=["人员分配"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)
Rows = answers(Batch[AssignmentOut])


@router.get("/assignments", response=answers(Listed[AssignmentOut]), summary="看得见的分配")
@api(*BOTH)
def index(request, status: str = "", project: UUID | None = None, cursor: str = "", size: int = 20):
    rows = queries.assignments(request.actor)
    rows = rows.filter(status=status) if status else rows
    return finding.listed(rows.filter(project=project) if project else rows, request)


@router.get("/assignments/{uuid:pk}", response=answers(AssignmentOut), summary="一份分配")
@api(*BOTH)
def show(request, pk: UUID):
    return finding.one(queries.assignments(request.actor), pk)


@router.post("/assignments", response=Rows, summary="分配人员到工地，等待确认")
@api(*BOTH)
def propose(request, body: Proposal):
    actor = request.actor
    places = Participation.objects.filter(participations_visible_to(actor)).select_related("project", "company")
    place = finding.one(places, body.participation_id)
    people = finding.several(employments.employments(actor), body.employment_ids)
    team = finding.one(projects.teams(actor), body.team_id) if body.team_id else None
    return finding.batch(commands.propose(people, place, role=body.role, team=team, by=actor))


@router.post("/assignments/acceptance", response=Rows, summary="同意")
@api(*BOTH)
def accept(request, body: Acceptance):
    rows = finding.several(queries.assignments(request.actor), body.assignment_ids)
    return finding.batch(commands.accept(rows, lodges_on_site=body.lodges_on_site, by=request.actor))


@router.post("/assignments/rejection", response=Rows, summary="拒绝，写明原因")
@api(*BOTH)
def reject(request, body: Rejection):
    rows = finding.several(queries.assignments(request.actor), body.assignment_ids)
    return finding.batch(commands.reject(rows, note=body.note, by=request.actor))


@router.post("/assignments/removal", response=Rows, summary="移除尚未确认的分配")
@api(*BOTH)
def remove(request, body: Assignments):
    rows = finding.several(queries.assignments(request.actor), body.assignment_ids)
    return finding.batch(commands.remove(rows, by=request.actor))


@router.post("/assignments/{uuid:pk}/resubmission", response=answers(AssignmentOut), summary="被拒绝的再次提交")
@api(*BOTH)
def resubmit(request, pk: UUID):
    return commands.resubmit(finding.one(queries.assignments(request.actor), pk), by=request.actor)
