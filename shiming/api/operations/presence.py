"""Operations on 进退场: scan, enter rows, leave, and the reasons why a person may not enter."""

from datetime import date
from uuid import UUID

from ninja import Router

from shiming.api import finding
from shiming.api.bodies import Entry, Exit, Scan
from shiming.api.schemas import Batch, EligibilityOut, Listed, StayOut, VerdictOut, answers
from shiming.assignment import queries as assignments
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.doors import api
from shiming.people import queries as people
from shiming.presence import commands, rules
from shiming.presence.eligibility import eligibility
from shiming.presence.models import Stay
from shiming.projects import queries as projects

router = Router(tags=["进退场"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)


@router.get("/eligibility", response=answers(EligibilityOut), summary="能否进场，列出全部原因")
@api(*BOTH)
def may_enter(request, person: UUID, project: UUID, on: date | None = None):
    actor = request.actor
    who = finding.one(people.people(actor), person)
    where = finding.one(projects.projects(actor), project)
    reasons = eligibility(who, where, on, scanner=actor if actor.on_site else None, asked_by=actor)
    return {"may_enter": not reasons, "refusals": [item.as_dict() for item in reasons]}


@router.post("/entries/scan", response=answers(VerdictOut), summary="扫个人码进场")
@api(Role.SITE_OPERATOR)
def scan(request, body: Scan):
    """拒绝也是闸口的一种答复：200，`tone` 为 stop，`refusals` 列出全部原因。同一 `event_id` 再来，答复不变。"""
    verdict = commands.enter_by_code(
        body.code,
        event_id=body.event_id,
        at=body.at,
        portrait_confirmed=body.portrait_confirmed,
        by=request.actor,
    )
    return verdict.as_dict()


@router.post("/entries", response=answers(Batch[StayOut]), summary="批量处理进场")
@api(Role.SITE_OPERATOR)
def enter(request, body: Entry):
    rows = finding.several(assignments.assignments(request.actor), body.assignment_ids)
    return finding.batch(commands.enter(rows, method=Stay.Method.BATCH, on=body.on, by=request.actor))


@router.get("/stays", response=answers(Listed[StayOut]), summary="在场时段")
@api(*BOTH)
def stays(request, on_site: bool | None = None, project: UUID | None = None, cursor: str = "", size: int = 20):
    rows = _stays(request.actor)
    rows = rows if on_site is None else rows.filter(exited_on__isnull=on_site)
    return finding.listed(rows.filter(project=project) if project else rows, request)


@router.get("/stays/{uuid:pk}", response=answers(StayOut), summary="一个在场时段")
@api(*BOTH)
def stay(request, pk: UUID):
    return finding.one(_stays(request.actor), pk)


@router.post("/stays/exit", response=answers(Batch[StayOut]), summary="退场")
@api(Role.SITE_OPERATOR)
def leave(request, body: Exit):
    """勾选的人里有已退场的，一个也不保存，先指出是谁（R-23）。"""
    rows = finding.several(_stays(request.actor), body.stay_ids)
    more = {"rating": body.rating, "rating_note": body.rating_note}
    return finding.batch(commands.leave_site(rows, on=body.on, by=request.actor, **more))


def _stays(actor: Actor):
    return Stay.objects.filter(rules.visible_to(actor)).select_related("person", "project")
