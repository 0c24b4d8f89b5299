"""Operations of the 实施单位 on bindings: the four counts of a project, the lists, approval and rejection."""

from typing import Literal
from uuid import UUID

from ninja import Router

from shiming.api import finding
from shiming.api.bodies import Assignments, Rejection
from shiming.api.schemas import AuditProjectOut, Batch, BindingOut, Listed, answers
from shiming.assignment import commands
from shiming.assignment.answerers import AUDITORS
from shiming.assignment.queries import ever_asked
from shiming.binding import audits
from shiming.core.doors import api

router = Router(tags=["项目人员登记绑定审核"])
Rows = answers(Batch[BindingOut])
# A draft is counted, but its papers are not the auditor's (domain.md §11.9).
Opened = Literal["pending", "rejected", "accepted", "ended"]


@router.get("/audits/projects", response=answers(Listed[AuditProjectOut]), summary="由本单位审核的项目与四个人数")
@api(*AUDITORS)
def projects(request, code: str = "", name: str = "", status: str = "", cursor: str = "", size: int = 20):
    rows = audits.projects(request.actor, code, name, status)
    found = finding.listed(rows, request, order=("filing_code", "pk"))
    return found | {"items": audits.counted(found["items"])}


@router.get("/audits/projects/{uuid:pk}/people", response=answers(Listed[BindingOut]), summary="一个项目待审核的人员")
@api(*AUDITORS)
def people(
    request,
    pk: UUID,
    status: Opened = "pending",
    kind: Literal["", "manager", "worker"] = "",
    name: str = "",
    cursor: str = "",
    size: int = 20,
):
    """先提交的在前；`status` 换成 rejected、accepted、ended，看不通过、通过与已结束的。"""
    project = finding.one(audits.projects(request.actor), pk)
    rows = audits.people(request.actor, project, status, name=name, kind=kind)
    return finding.listed(rows, request, order=("submitted_at", "pk"))


@router.post("/audits/acceptance", response=Rows, summary="审核通过：绑定并当天进场")
@api(*AUDITORS)
def accept(request, body: Assignments):
    """每人单独决定；自己提交的不能自己审核（R-81）。"""
    rows = finding.several(ever_asked(request.actor), body.assignment_ids)
    return finding.batch(commands.accept(rows, by=request.actor))


@router.post("/audits/rejection", response=Rows, summary="审核不通过，写明原因")
@api(*AUDITORS)
def reject(request, body: Rejection):
    """原因必填（R-40），本人和单位都会看到；单位改正后可以再次提交。"""
    rows = finding.several(ever_asked(request.actor), body.assignment_ids)
    return finding.batch(commands.reject(rows, note=body.note, by=request.actor))
