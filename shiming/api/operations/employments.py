"""Operations on 聘用: invite, withdraw, complete, answer a resignation, dismiss.

The person's own answers are refused here (consent.py).
"""

from uuid import UUID

from ninja import Router, Status

from shiming.api import finding
from shiming.api.bodies import Answer, Identity, Profile, Reason
from shiming.api.schemas import EmploymentOut, Listed, answers
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.doors import api
from shiming.core.refusals import refusal
from shiming.dictionaries.working_days import waited
from shiming.employment import commands, queries
from shiming.employment.commands.profile import FIELDS
from shiming.employment.models import Employment
from shiming.projects import queries as projects

router = Router(tags=["聘用"])
Out = answers(EmploymentOut)


@router.get("/employments", response=answers(Listed[EmploymentOut]), summary="聘用管理")
@api(*COMPANY_ROLES, Role.SITE_OPERATOR)
def index(request, status: str = "", person: UUID | None = None, cursor: str = "", size: int = 20):
    rows = queries.employments(request.actor, status=status)
    return finding.listed(rows.filter(person=person) if person else rows, request)


@router.post("/employments", response=answers(EmploymentOut, 201), summary="新建聘用关系：邀请本人")
@api(*COMPANY_ROLES)
def invite(request, body: Identity):
    """身份还在核验的，状态为待建档，`waits` 是 M-01；核验通过后邀请自动发出。"""
    return Status(201, _with_wait(commands.invite(name=body.name, number=body.number, by=request.actor)))


@router.get("/employments/{uuid:pk}", response=Out, summary="一份聘用")
@api(*COMPANY_ROLES, Role.SITE_OPERATOR)
def show(request, pk: UUID):
    return _with_wait(_find(request.actor, pk))


@router.post("/employments/{uuid:pk}/withdrawal", response=Out, summary="撤回邀请")
@api(*COMPANY_ROLES)
def withdraw(request, pk: UUID):
    return commands.withdraw(_find(request.actor, pk), by=request.actor)


@router.put("/employments/{uuid:pk}/profile", response=Out, summary="完善信息")
@api(*COMPANY_ROLES, methods=("PUT",))
def complete(request, pk: UUID, body: Profile):
    """`bank_card`、`contact_phone` 留空表示不改。"""
    employment = _find(request.actor, pk)
    given = body.dict(include=set(FIELDS[body.kind])) | _team(request.actor, body)
    return commands.complete_profile(employment, kind=body.kind, seen=body.version, by=request.actor, **given)


@router.post("/employments/{uuid:pk}/leave/answer", response=Out, summary="答复离职申请")
@api(*COMPANY_ROLES)
def answer_leave(request, pk: UUID, body: Answer):
    return commands.answer_leave(_find(request.actor, pk), agree=body.agree, note=body.note, by=request.actor)


@router.post("/employments/{uuid:pk}/dismissal", response=Out, summary="提出解聘，等本人答复")
@api(*COMPANY_ROLES)
def dismiss(request, pk: UUID, body: Reason):
    return commands.propose_dismissal(_find(request.actor, pk), reason=body.reason, by=request.actor)


@router.post("/employments/{uuid:pk}/dismissal/cancellation", response=Out, summary="取消解聘")
@api(*COMPANY_ROLES)
def cancel_dismissal(request, pk: UUID):
    return commands.cancel_dismissal(_find(request.actor, pk), by=request.actor)


def _find(actor: Actor, pk: UUID) -> Employment:
    return finding.one(queries.visible(actor), pk)


def _team(actor: Actor, body: Profile) -> dict:
    if body.kind != Employment.Kind.WORKER:
        return {}
    return {"team": finding.one(projects.teams(actor), body.team_id) if body.team_id else None}


def _with_wait(employment: Employment) -> Employment:
    """M-01 is no refusal: the employment waits, with the date since when."""
    if employment.status == Employment.Status.AWAITING_IDENTITY:
        employment.waits = refusal("M-01", day=waited(queries.waits_since(employment)).day).sentence
    return employment
