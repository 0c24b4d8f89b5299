"""Operations on 考勤: punches, one or many, the list of a day, and decisions on corrections."""

from datetime import date
from uuid import UUID

from ninja import Router, Schema

from shiming.api import finding
from shiming.api.bodies import CorrectionRequest, Decision, Punch, Punches, Scan
from shiming.api.problems import NotFound
from shiming.api.schemas import (
    CorrectionOut,
    DayOut,
    Listed,
    PersonRef,
    Problem,
    PunchOut,
    PunchRows,
    VerdictOut,
    answers,
)
from shiming.attendance import commands, queries
from shiming.attendance.days import checked_day
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.doors import api
from shiming.core.errors import DomainError, NotAllowed
from shiming.people import queries as people
from shiming.projects import queries as projects

router = Router(tags=["考勤"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)


class PresentOut(Schema):
    """在场的一人与这一天；没有打卡的，`day` 为空。"""

    person: PersonRef
    day: DayOut | None


@router.post("/attendance/punches", response=answers(PunchOut), summary="打卡")
@api(Role.SITE_OPERATOR)
def punch(request, body: Punch):
    """同一 `event_id` 再来，答复不变，不多一条；同一编号内容不同则 409。"""
    result = _punch(request.actor, body)
    found = PunchOut.from_orm(result.event)
    found.repeated, found.direction = result.repeated, result.direction or result.event.direction
    found.refusals = [item.as_dict() for item in result.blocks]
    return found


@router.post("/attendance/scan", response=answers(VerdictOut), summary="扫个人码打卡")
@api(Role.SITE_OPERATOR)
def scan(request, body: Scan):
    """与闸口一样：拒绝也是 200，`tone` 为 stop，`refusals` 写明原因。"""
    return commands.punch_by_worker_code(
        body.code,
        event_id=body.event_id,
        at=body.at,
        portrait_confirmed=body.portrait_confirmed,
        by=request.actor,
    ).as_dict()


@router.post("/attendance/punches/batch", response=answers(PunchRows), summary="批量打卡")
@api(Role.SITE_OPERATOR)
def punches(request, body: Punches):
    """每行单独保存、单独答复；没有记下的行由调用方留着，改正后再发。"""
    return {"rows": [_row(request.actor, item) for item in body.punches]}


@router.get("/attendance/days/{day}", response=answers(Listed[PresentOut]), summary="某天在场的人与打卡")
@api(*BOTH)
def days(request, day: date, cursor: str = "", size: int = 20):
    day = _day(day)
    among = queries.stays_during(request.actor, day, day)
    found = finding.listed(queries.one_row_each(among), request, order=("person__name", "pk"))
    stays = queries.with_days(found["items"], day, day, among)
    return found | {"items": [{"person": stay.person, "day": stay.days.get(day)} for stay in stays]}


@router.get("/attendance/corrections", response=answers(Listed[CorrectionOut]), summary="考勤更正")
@api(*BOTH)
def corrections(request, status: str = "", cursor: str = "", size: int = 20):
    rows = queries.corrections(request.actor)
    return finding.listed(rows.filter(status=status) if status else rows, request)


@router.post("/attendance/corrections", response=answers(Problem), summary="申请考勤更正（只由本人或班组长）")
@api(*BOTH)
def ask(request, body: CorrectionRequest):
    """只由本人或班组长在手机上申请；接口一律答 R-42。"""
    finding.one(people.people(request.actor), body.person_id)
    finding.one(projects.projects(request.actor), body.project_id)
    raise NotAllowed(contact="本人或其班组长")


@router.post("/attendance/corrections/{uuid:pk}/decision", response=answers(CorrectionOut), summary="同意或驳回更正")
@api(Role.SITE_OPERATOR)
def decide(request, pk: UUID, body: Decision):
    correction = finding.one(queries.corrections(request.actor), pk)
    return commands.decide_correction(correction, approve=body.approve, note=body.note, by=request.actor)


def _day(day: date) -> date:
    try:
        return checked_day(day)
    except ValueError as wrong:
        raise NotFound() from wrong


def _punch(actor: Actor, body: Punch) -> commands.PunchResult:
    return commands.punch(body.person_id, actor.project_id, by=actor, **body.dict(exclude={"person_id"}))


def _row(actor: Actor, body: Punch) -> dict:
    try:
        result = _punch(actor, body)
    except DomainError as error:
        return {"event_id": body.event_id, "kept": False, "refusals": [item.as_dict() for item in error.refusals]}
    return {
        "event_id": body.event_id,
        "kept": True,
        "repeated": result.repeated,
        "direction": result.direction or result.event.direction,
        "refusals": [item.as_dict() for item in result.blocks],
    }
