"""Transfer: a new company asks for it, and the worker's consent requests to leave the present one (N3).

Once the employment has ended, the invitation is sent. Every line that the new company sees is signed by the system: it
names neither the present company nor its users nor what they wrote.
"""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor, system
from shiming.core.audit import after
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands import hiring, leaving
from shiming.employment.commands.common import current_of, held, open_here, person_named, tell
from shiming.employment.models import Employment, Transfer
from shiming.people.commands import limited
from shiming.projects.policies import EmploymentMode

Status = Transfer.Status
REASON = "个人原因，申请离职"
NOT_AGREED, CANCELLED, STOPPED = "离职申请未获同意", "本人取消离职申请", "本单位终止转出"


@limited
@transaction.atomic
def request_transfer(*, name: str, number: str, by: Actor) -> Transfer:
    """Ask a person who is employed elsewhere to transfer here.

    Raise Conflict when the person is employed by no company or already asked, R-04 when employed here.
    """
    require(rules.may_hire, by)
    person = person_named(number, name)
    current = current_of(person.pk)
    if current is None:
        raise Conflict("该人员已不在其他单位在职，可以直接新建聘用关系")
    if current.company_id == by.company_id:
        raise Refused("R-04", field="number")
    transfer = Transfer(person=person, company_id=by.company_id, requested_by_id=by.user_id)
    if Transfer.objects.filter(person=person, company=by.company_id, status__in=Transfer.OPEN).exists():
        raise Conflict("已发起转出，等待答复")
    transfer.full_clean()
    transfer.save()

    tell(Event.TRANSFER_REQUESTED, transfer, by=by)
    return transfer


@transaction.atomic
def answer_transfer(transfer: Transfer, *, agree: bool, reason: str = REASON, by: Actor) -> Transfer:
    """The worker agrees, which sends a prepared request to leave, or declines, which ends the transfer."""
    transfer = held(transfer)
    require(rules.may_answer, by, transfer)
    transfer.become(Status.LEAVING if agree else Status.DECLINED)
    transfer.save()
    if not agree:
        tell(Event.TRANSFER_DECLINED, transfer, by=by)
        return transfer

    tell(Event.TRANSFER_ACCEPTED, transfer, by=by)
    return _leave(transfer, reason, by)


@transaction.atomic
def stop_transfer(transfer: Transfer, *, by: Actor) -> Transfer:
    """The new company stops the transfer; the worker decides whether a sent request to leave is cancelled."""
    transfer = held(transfer)
    require(rules.may_manage, by, transfer)
    return _stop(transfer, STOPPED, by)


def _leave(transfer: Transfer, reason: str, by: Actor) -> Transfer:
    current = current_of(transfer.person_id)
    if current is None:
        return _complete(transfer)
    if current.status == Employment.Status.DISMISSAL_PENDING:
        raise Conflict("现单位已提出解聘，请先在待办中答复")
    if current.status == Employment.Status.ACTIVE:
        current = leaving.request_leave(current, reason=reason, by=by)
    transfer.due_on = current.leave_due_on
    transfer.overdue = current.leave_overdue
    transfer.save()
    return transfer


def _complete(transfer: Transfer) -> Transfer:
    """Complete the transfer and send the invitation, which the worker still has to confirm."""
    transfer.become(Status.COMPLETED)
    transfer.save()
    tell(Event.TRANSFER_COMPLETED, transfer, by=system())
    if not open_here(transfer.person_id, transfer.company_id):
        hiring.send(transfer.person, transfer.company_id, by=system(), invited_by=transfer.requested_by_id)
    return transfer


def _stop(transfer: Transfer, note: str, by: Actor) -> Transfer:
    transfer.become(Status.STOPPED)
    transfer.note = note
    transfer.save()
    tell(Event.TRANSFER_STOPPED, transfer, by=by, reason=note)
    return transfer


@after(Event.EMPLOYMENT_ENDED)
def complete_those_who_left(employment: Employment, *, by: Actor, entry) -> None:
    """When an employment ends in any way, complete the open transfers of the person."""
    if employment.mode == EmploymentMode.IMPLICIT:  # a stay at a gate is no employment by a firm
        return
    for transfer in _open(employment, Transfer.OPEN):
        _complete(transfer)


@after(Event.LEAVE_REFUSED, Event.LEAVE_CANCELLED)
def stop_those_who_stay(employment: Employment, *, by: Actor, entry) -> None:
    for transfer in _open(employment, [Status.LEAVING]):
        _stop(transfer, NOT_AGREED if entry.event == Event.LEAVE_REFUSED else CANCELLED, system())


def _open(employment: Employment, statuses):
    """Open transfers to other firms; the calling command has locked the person."""
    rows = Transfer.objects.filter(person=employment.person_id, status__in=statuses).order_by("pk")
    return rows.exclude(company=employment.company_id)
