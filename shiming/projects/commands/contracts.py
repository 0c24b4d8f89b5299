"""合同信息报送: the contract number identifies the site, and the contract names the 项目负责人."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import blind_index
from shiming.people.changes import Changes, apply
from shiming.people.commands import limited
from shiming.projects import rules
from shiming.projects.commands.named import person_named
from shiming.projects.models import ContractFiling, Participation

Status = ContractFiling.Status


@limited
@transaction.atomic
def file_contract(
    participation: Participation,
    *,
    number: str,
    name: str,
    pm_number: str,
    pm_name: str,
    pm_phone: str,
    by: Actor,
    filed_on: date | None = None,
    **fields,
) -> ContractFiling:
    """File a contract: from now on its 项目负责人 can log in, and the company can allocate people."""
    filing = _new(participation, number, name, pm_number, pm_name, pm_phone, by, fields)
    return _file(filing, filed_on, by)


@limited
@transaction.atomic
def save_draft_contract(
    participation: Participation,
    *,
    number: str,
    name: str,
    pm_number: str,
    pm_name: str,
    pm_phone: str,
    by: Actor,
    **fields,
) -> ContractFiling:
    """Save a contract without filing it: no allocation yet (R-17), and no login of its 项目负责人."""
    return _new(participation, number, name, pm_number, pm_name, pm_phone, by, fields)


@limited
@transaction.atomic
def change_contract(
    filing: ContractFiling,
    *,
    by: Actor,
    seen: int | None = None,
    pm_number: str = "",
    pm_name: str = "",
    pm_phone: str = "",
    file: bool = False,
    **fields,
) -> ContractFiling:
    """Change a contract; three empty fields of the 项目负责人 keep the present one, a new one needs all three.

    `file` also files a draft. Conflict for a closed contract; R-43 when `seen` is not the current version.
    """
    filing = lock(filing, seen=seen)
    require(rules.may_administer, by)
    if filing.status == Status.CLOSED:
        raise Conflict("合同已终止，不能修改")
    changes = apply(filing, fields)
    if pm_number or pm_name or pm_phone:
        _change_pm(filing, pm_number, pm_name, pm_phone, by, changes)
    if changes:
        filing.full_clean()
        filing.save()
        details = {"fields": changes, "before": changes.before, "after": changes.after}
        record(Event.CONTRACT_CHANGED, filing, by=by, **_scope(filing), number=filing.number, **details)
    return _file(filing, None, by) if file and filing.status == Status.DRAFT else filing


@transaction.atomic
def close_contract(filing: ContractFiling, *, by: Actor) -> ContractFiling:
    """Close the contract; its 项目负责人 can no longer log in through it."""
    filing = lock(filing)
    require(rules.may_administer, by)
    filing.become(Status.CLOSED)
    filing.save()
    record(Event.CONTRACT_CLOSED, filing, by=by, **_scope(filing), number=filing.number)
    return filing


def _new(participation, number, name, pm_number, pm_name, pm_phone, by, fields) -> ContractFiling:
    require(rules.may_administer, by)
    if participation.left_on is not None:
        raise Refused("R-67", field="participation", subject=participation.company.name)
    pm, phone = person_named(pm_number, pm_name, pm_phone, by=by, prefix="pm_")
    filing = ContractFiling(participation=participation, number=number.strip(), name=name.strip(), pm=pm, **fields)
    _set_phone(filing, phone)
    filing.full_clean()
    filing.save()
    return filing


def _file(filing, filed_on, by) -> ContractFiling:
    filing.become(Status.FILED)
    filing.filed_on = filed_on or timezone.localdate()
    filing.save()
    record(Event.CONTRACT_FILED, filing, by=by, **_scope(filing), number=filing.number, pm=filing.pm)
    return filing


def _change_pm(filing, number, name, phone, by, changes: Changes) -> None:
    pm, digits = person_named(number, name, phone, by=by, prefix="pm_")
    if pm.pk != filing.pm_id:
        changes.note("pm", "项目负责人", filing.pm, pm)
        filing.pm = pm
    if filing.pm_phone_digest != blind_index("phone", digits):
        before = str(filing.pm_phone)
        _set_phone(filing, digits)
        changes.note("pm_phone", "项目负责人手机号", before, filing.pm_phone)


def _set_phone(filing, phone) -> None:
    filing.pm_phone, filing.pm_phone_digest = phone, blind_index("phone", phone)


def _scope(filing) -> dict:
    place = filing.participation
    return {"company_id": place.company_id, "project_id": place.project_id, "person_id": filing.pm_id}
