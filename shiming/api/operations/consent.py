"""Operations reserved to the person on the phone; they exist here so that a caller gets R-42.

Each operation calls the command of the page, whose rule refuses a key because it is not the person.
"""

from uuid import UUID

from ninja import Router

from shiming.api import finding
from shiming.api.bodies import Answer, Reason, SitePunch
from shiming.api.schemas import Problem, answers
from shiming.attendance import commands as attendance
from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.doors import api
from shiming.employment import commands, queries
from shiming.employment.models import Employment
from shiming.presence import codes

router = Router(tags=["只由本人办理"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)
Refused = answers(Problem)


@router.post("/employments/{uuid:pk}/answer", response=Refused, summary="聘用确认（只由本人）")
@api(*BOTH)
def answer_invitation(request, pk: UUID, body: Answer):
    act = commands.confirm if body.agree else commands.decline
    return act(_find(request.actor, pk), by=request.actor)


@router.post("/employments/{uuid:pk}/leave", response=Refused, summary="离职申请（只由本人）")
@api(*BOTH)
def leave(request, pk: UUID, body: Reason):
    return commands.request_leave(_find(request.actor, pk), reason=body.reason, by=request.actor)


@router.post("/employments/{uuid:pk}/dismissal/answer", response=Refused, summary="答复解聘（只由本人）")
@api(*BOTH)
def answer_dismissal(request, pk: UUID, body: Answer):
    return commands.answer_dismissal(_find(request.actor, pk), agree=body.agree, by=request.actor)


@router.post("/transfers/{uuid:pk}/answer", response=Refused, summary="答复转出（只由本人）")
@api(*BOTH)
def answer_transfer(request, pk: UUID, body: Answer):
    found = finding.one(queries.transfers(request.actor), pk)
    return commands.answer_transfer(found, agree=body.agree, by=request.actor)


@router.post("/attendance/site-punches", response=Refused, summary="扫工地码打卡（只由本人）")
@api(*BOTH)
def punch_himself(request, body: SitePunch):
    project = codes.read_site_code(body.code)
    method = AttendanceEvent.Method.SITE_CODE
    return attendance.punch(request.actor.person_id, project, event_id=body.event_id, method=method, by=request.actor)


def _find(actor: Actor, pk: UUID) -> Employment:
    return finding.one(queries.employments(actor), pk)
