"""Operations on 管理人员登记: list and register. 离职迁出, attachments and photos are handled on pages."""

from ninja import Router, Status

from shiming.api import finding
from shiming.api.register import Manager, manager_given
from shiming.api.schemas import EmploymentOut, Listed, answers
from shiming.core.actor import KEEPERS
from shiming.core.doors import api
from shiming.employment import commands, queries
from shiming.employment.models import Employment

router = Router(tags=["管理人员登记"])


@router.get("/managers", response=answers(Listed[EmploymentOut]), summary="本单位登记的管理人员")
@api(*KEEPERS)
def index(request, name: str = "", cursor: str = "", size: int = 20):
    """在职的；姓名可只写一部分。"""
    rows = queries.employments(request.actor, name=name)
    return finding.listed(rows.filter(kind=Employment.Kind.MANAGER, status__in=Employment.EMPLOYED), request)


@router.post("/managers", response=answers(EmploymentOut, 201), summary="登记一名管理人员")
@api(*KEEPERS)
def register(request, body: Manager):
    """登记即在职。必填：姓名、身份证号、职务、职称、民族、户口所在地、现居住地址、详细地址、籍贯、最高学历、联系电话；缺的一次说全。"""
    given = manager_given(body)
    return Status(201, commands.register_manager(body.number, by=request.actor, **given))
