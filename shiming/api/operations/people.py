"""Operations on people: find by ID number (in the body), register and read."""

from calendar import monthrange
from datetime import date
from uuid import UUID

from ninja import Router, Status

from shiming.api import finding
from shiming.api.bodies import NewPerson, Search
from shiming.api.problems import NotFound
from shiming.api.schemas import DayOut, Listed, PersonOut, Registered, WorkHistoryOut, answers
from shiming.attendance import queries as attendance
from shiming.attendance.days import checked_day
from shiming.core.actor import COMPANY_ROLES, KEEPERS, Role
from shiming.core.doors import api
from shiming.people import commands, queries
from shiming.people.models import Person
from shiming.people.work_history import work_history

router = Router(tags=["人员"])
BOTH = (*COMPANY_ROLES, Role.SITE_OPERATOR)


@router.get("/people", response=answers(Listed[PersonOut]), summary="看得见的人员")
@api(*BOTH)
def index(request, status: str = "", cursor: str = "", size: int = 20):
    return finding.listed(queries.people(request.actor, status=status), request, order=("-pk",))


@router.post("/people/search", response=answers(PersonOut), summary="按身份证号找一个看得见的人")
@api(*BOTH)
def search(request, body: Search):
    number = commands.checked_number(body.number)
    person = Person.by_id_number(number.number)
    if person is None:
        raise NotFound()
    return finding.one(queries.people(request.actor), person.pk)


@router.post("/people", response=answers(Registered, 201), summary="录入身份证号与姓名，进入待核验")
@api(*BOTH)
def register(request, body: NewPerson):
    about = {"birth_date": body.birth_date, "sex": body.sex, "kind": body.document_kind}
    number = commands.checked_number(body.number, **about)
    return Status(201, commands.register_typed(number=number, name=body.name, by=request.actor))


@router.get("/people/{uuid:pk}", response=answers(PersonOut), summary="一个人")
@api(*BOTH)
def show(request, pk: UUID):
    return finding.one(queries.people(request.actor), pk)


@router.get("/people/{uuid:pk}/work-history", response=answers(list[WorkHistoryOut]), summary="一个人的工作经历")
@api(*KEEPERS, Role.IMPLEMENTER)
def history(request, pk: UUID):
    """给用人单位与审核该人员的实施单位；近的在前。"""
    return work_history(finding.one(queries.people(request.actor), pk), request.actor)


@router.get(
    "/people/{uuid:pk}/attendance/{int:year}/{int:month}",
    response=answers(list[DayOut]),
    summary="一个月的考勤日",
)
@api(*BOTH)
def month(request, pk: UUID, year: int, month: int):
    """只有看得见的在场时段所在的项目。"""
    person = finding.one(queries.people(request.actor), pk)
    first = _first_day(year, month)
    last = first.replace(day=monthrange(year, month)[1])
    return attendance.days_of_person(person.pk, first, last, attendance.stays_during(request.actor, first, last))


def _first_day(year: int, month: int) -> date:
    try:
        return checked_day(date(year, month, 1))
    except ValueError as wrong:
        raise NotFound() from wrong
