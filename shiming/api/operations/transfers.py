"""Operations on 转出: ask an employed person to change companies; the present employer is never named."""

from uuid import UUID

from ninja import Router, Status

from shiming.api import finding
from shiming.api.bodies import Identity
from shiming.api.schemas import Listed, TransferOut, answers
from shiming.core.actor import COMPANY_ROLES
from shiming.core.doors import api
from shiming.employment import commands, queries

router = Router(tags=["转出"])


@router.get("/transfers", response=answers(Listed[TransferOut]), summary="本企业发起的转出")
@api(*COMPANY_ROLES)
def index(request, status: str = "", cursor: str = "", size: int = 20):
    return finding.listed(queries.transfers(request.actor, status=status), request)


@router.post("/transfers", response=answers(TransferOut, 201), summary="发起转出，等本人同意")
@api(*COMPANY_ROLES)
def ask(request, body: Identity):
    return Status(201, commands.request_transfer(name=body.name, number=body.number, by=request.actor))


@router.get("/transfers/{uuid:pk}", response=answers(TransferOut), summary="一份转出")
@api(*COMPANY_ROLES)
def show(request, pk: UUID):
    return finding.one(queries.transfers(request.actor), pk)


@router.post("/transfers/{uuid:pk}/stop", response=answers(TransferOut), summary="终止转出")
@api(*COMPANY_ROLES)
def stop(request, pk: UUID):
    return commands.stop_transfer(finding.one(queries.transfers(request.actor), pk), by=request.actor)
