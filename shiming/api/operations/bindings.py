"""Operations on 项目人员绑定: places, people, workers, submission and end.

They exist only on projects audited by the 实施单位.
"""

from typing import Literal
from uuid import UUID

from ninja import Router, Status

from shiming.api import finding
from shiming.api.bodies import Assignments, BindingEnd
from shiming.api.register import Worker, worker_given
from shiming.api.schemas import Batch, BindingOut, BindingPlaceOut, FiledManagerOut, Listed, SyncOut, answers
from shiming.assignment import commands as assignment_commands
from shiming.assignment import queries as assignments
from shiming.assignment.models import Assignment
from shiming.binding import commands, queries
from shiming.binding.words import LIVE
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.core.doors import api
from shiming.core.errors import Invalid
from shiming.presence.commands import unbind
from shiming.projects.approval import Unreachable
from shiming.projects.models import Participation
from shiming.projects.queries import policy_of

router = Router(tags=["项目人员绑定"])
Kind = Literal["", "manager", "worker"]


@router.get("/bindings/places", response=answers(Listed[BindingPlaceOut]), summary="项目人员绑定：本单位的项目")
@api(*KEEPERS)
def places(request, code: str = "", name: str = "", status: str = "", cursor: str = "", size: int = 20):
    """`id` 是本单位在该项目的位置；两个数量与下面名单的行数一致。"""
    rows = queries.places(request.actor, code, name, status)
    found = finding.listed(rows, request, order=("project__filing_code", "pk"))
    return found | {"items": queries.counted(found["items"])}


@router.get("/bindings/places/{uuid:pk}/people", response=answers(Listed[BindingOut]), summary="一个项目上本单位的绑定")
@api(*KEEPERS)
def people(
    request,
    pk: UUID,
    status: Assignment.Status | None = None,
    kind: Kind = "",
    name: str = "",
    cursor: str = "",
    size: int = 20,
):
    """不写 `status` 则不列已结束、已移除的；`lacks` 是提交时会被拒绝的原因。"""
    place = _place(request.actor, pk)
    rows = assignments.assignments(request.actor).filter(participation=place, status__in=[status] if status else LIVE)
    if kind:
        rows = rows.filter(role=Assignment.WORKER) if kind == "worker" else rows.exclude(role=Assignment.WORKER)
    found = finding.listed(assignments.called(rows, name, request.actor), request)
    return found | {"items": _with_lacks(found["items"], place)}


@router.get(
    "/bindings/places/{uuid:pk}/managers",
    response=answers(list[FiledManagerOut]),
    summary="项目管理人员：合同报送的与已绑定的",
)
@api(*KEEPERS)
def managers(request, pk: UUID):
    """`binding_id` 为空的还不能提交，`lacks` 写明缺什么；登记到本单位后，同步一次即列入待提交。"""
    return queries.filed_managers(_place(request.actor, pk))


@router.post("/bindings/places/{uuid:pk}/sync", response=answers(SyncOut), summary="同步合同报送的管理人员")
@api(*KEEPERS)
def sync(request, pk: UUID):
    """每夜自动同步一次；已在本单位登记的报送人员随即列入待提交。"""
    try:
        return {"changed": commands.sync(_place(request.actor, pk), by=request.actor)}
    except Unreachable as error:
        raise Invalid("审批系统暂时连不上，名单是上次同步的", next_step="稍后再试") from error


@router.post(
    "/bindings/places/{uuid:pk}/workers", response=answers(BindingOut, 201), summary="登记一名作业人员，列入待提交"
)
@api(*KEEPERS)
def add_worker(request, pk: UUID, body: Worker):
    """登记即在职。身份还在核验的也可以登记；做过人脸登记或人工核验后才能提交（R-26）。"""
    place, given = _place(request.actor, pk), worker_given(body)
    return Status(201, commands.add_worker(place, body.number, by=request.actor, **given))


@router.post("/bindings/submission", response=answers(Batch[BindingOut]), summary="提交，等待实施单位审核")
@api(*KEEPERS)
def submit(request, body: Assignments):
    """待提交的与审核不通过改正后的；每人单独决定，不能提交的写明全部原因。"""
    own = assignments.assignments(request.actor).filter(participation__in=queries.places(request.actor))
    rows = finding.several(own.prefetch_related("project__policies"), body.assignment_ids)
    return finding.batch(assignment_commands.submit(rows, by=request.actor))


@router.post("/bindings/end", response=answers(Batch[BindingOut]), summary="退场：结束绑定，写明原因")
@api(*KEEPERS, Role.IMPLEMENTER)
def end(request, body: BindingEnd):
    """由本单位或实施单位办理；在场时段同日结束。`on` 不写即今天。"""
    rows = assignments.assignments(request.actor).prefetch_related("project__policies")
    rows = finding.several(rows, body.assignment_ids)
    return finding.batch(unbind(rows, reason=body.reason, on=body.on, by=request.actor))


def _place(actor: Actor, pk: UUID) -> Participation:
    return finding.one(queries.places(actor), pk)


def _with_lacks(rows: list[Assignment], place: Participation) -> list[Assignment]:
    policy = policy_of(place.project)
    for row in rows:
        row.lacks = [item.as_dict() for item in queries.lacks_of(row, policy)]
    return rows
