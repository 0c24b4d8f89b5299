"""Commands on companies and their staff."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from shiming.companies import credit_code as credit_codes
from shiming.companies import rules
from shiming.companies.models import Company, Staff
from shiming.core.access import require
from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Conflict, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import Secret
from shiming.people.changes import apply
from shiming.people.commands.checks import checked_phone


@transaction.atomic
def register(*, name: str, credit_code: str, kind: str, by: Actor, **fields) -> Company:
    require(rules.may_administer, by)
    company = Company(name=name.strip(), credit_code=_code(credit_code), kind=kind, **_with_phone(fields))
    company.full_clean()
    company.save()
    record(Event.COMPANY_CREATED, company, by=by, company_id=company.pk, company=company)
    return company


@transaction.atomic
def change(company: Company, *, by: Actor, seen: int | None = None, **fields) -> Company:
    """Change the company's data; no trail entry without a change. R-43 when `seen` is not the current version."""
    company = lock(company, seen=seen)
    require(rules.may_administer, by)
    if "credit_code" in fields:
        fields["credit_code"] = _code(fields["credit_code"])
    return _apply(company, _with_phone(fields), by)


@transaction.atomic
def correct(company: Company, *, address: str, contact: str, phone: str, by: Actor, seen: int | None = None) -> Company:
    """Correct the company's own address and contact; name, code and certificate belong to the administrator."""
    company = lock(company, seen=seen)
    require(rules.may_correct, by, company)
    return _apply(company, {"address": address, "contact": contact, "phone": phone}, by)


@transaction.atomic
def close(company: Company, *, reason: str, by: Actor) -> Company:
    """Close the company: no login, employment or allocation any more; its history stays readable.

    Raises Conflict while it takes part in an unfinished project, R-10 without a reason.
    """
    company = lock(company)
    require(rules.may_administer, by)
    if not reason.strip():
        raise missing("停用原因", "reason")
    if company.participations.filter(left_on=None).exclude(project__status="finished").exists():
        raise Conflict("企业仍参建未竣工的项目，请先在项目页退出参建")
    company.become(Company.Status.CLOSED)
    company.save()
    record(Event.COMPANY_CLOSED, company, by=by, company_id=company.pk, company=company, reason=reason.strip())
    return company


@transaction.atomic
def reopen(company: Company, *, by: Actor) -> Company:
    company = lock(company)
    require(rules.may_administer, by)
    company.become(Company.Status.ACTIVE)
    company.save()
    record(Event.COMPANY_REOPENED, company, by=by, company_id=company.pk, company=company)
    return company


@transaction.atomic
def appoint(company: Company, user, role: str, *, by: Actor) -> Staff:
    """Give a user a role in the company; Conflict for a closed one, or an 实施单位审核员 outside an 实施单位."""
    company = lock(company)
    require(rules.may_appoint, by, company, role)
    if company.status == Company.Status.CLOSED:
        raise Conflict("企业已停用，不能任命账号")
    if role == Role.IMPLEMENTER and not rules.implements(company):
        raise Conflict(f"{company}不是实施单位，不能任命实施单位审核员")
    staff = Staff(company=company, user=user, role=role, since=timezone.localdate())
    staff.full_clean()
    staff.save()
    record(Event.STAFF_APPOINTED, staff, by=by, staff=user, role=Role(role).label)
    return staff


@transaction.atomic
def dismiss_staff(staff: Staff, *, by: Actor) -> Staff:
    """End the role of an account; the account itself stays."""
    staff = lock(staff)
    require(rules.may_dismiss, by, staff)
    if staff.until is not None:
        raise Conflict("该身份已经撤销")
    staff.until = timezone.localdate()
    staff.save()
    user = get_user_model().objects.get(pk=staff.user_id)
    record(Event.STAFF_REMOVED, staff, by=by, staff=user, role=Role(staff.role).label)
    return staff


@transaction.atomic
def take_over(values: dict, *, by: Actor) -> str:
    """Register or update the company of one imported row by its 统一社会信用代码; empty cells keep the present value.

    Returns "created", "changed" or "same".
    """
    given = {name: value for name, value in values.items() if value not in ("", None)}
    known = Company.objects.filter(credit_code=given["credit_code"]).first()
    if known is None:
        register(by=by, **given)
        return "created"
    return "changed" if change(known, by=by, **given).version != known.version else "same"


def _apply(company: Company, fields: dict, by: Actor) -> Company:
    if changes := apply(company, fields):
        company.full_clean()
        company.save()
        record(
            Event.COMPANY_CHANGED,
            company,
            by=by,
            company_id=company.pk,
            company=company,
            fields=changes,
            before=changes.before,
            after=changes.after,
        )
    return company


def _with_phone(fields: dict) -> dict:
    """The fields with the certificate holder's phone checked (R-13) and as a Secret."""
    phone = fields.get("certificate_phone")
    return fields | {"certificate_phone": Secret(checked_phone(phone, "certificate_phone"))} if phone else fields


def _code(text: str) -> str:
    """The normalised code; raises ValidationError at its field."""
    try:
        return credit_codes.parse(text)
    except credit_codes.InvalidCreditCode as error:
        raise ValidationError({"credit_code": str(error)}) from error
