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
from shiming.core.changes import apply
from shiming.core.errors import Conflict, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import Secret
from shiming.people.commands.checks import checked_phone


@transaction.atomic
def register(*, name: str, credit_code: str, kind: str, by: Actor, **fields) -> Company:
    """登记企业。"""
    require(rules.may_administer, by)
    company = Company(name=name.strip(), credit_code=_code(credit_code), kind=kind, **_with_phone(fields))
    company.full_clean()
    company.save()
    record(Event.COMPANY_CREATED, company, by=by, company_id=company.pk, company=company)
    return company


@transaction.atomic
def change(company: Company, *, by: Actor, seen: int | None = None, **fields) -> Company:
    """修改企业资料；没有变化就不留痕。"""
    company = lock(company, seen=seen)
    require(rules.may_administer, by)
    if "credit_code" in fields:
        fields["credit_code"] = _code(fields["credit_code"])
    return _apply(company, _with_phone(fields), by)


@transaction.atomic
def correct(company: Company, *, address: str, contact: str, phone: str, by: Actor, seen: int | None = None) -> Company:
    """企业更正自己的联系资料；名称、代码与证书由系统管理员改。"""
    company = lock(company, seen=seen)
    require(rules.may_correct, by, company)
    return _apply(company, {"address": address, "contact": contact, "phone": phone}, by)


@transaction.atomic
def close(company: Company, *, reason: str, by: Actor) -> Company:
    """停用企业：不再能登录、聘用与分配；历史照旧可查。在建项目上的企业须先退出参建。"""
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
    """任命企业账号：法人任命人事聘用管理员等，法人本身由系统管理员任命。"""
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
    """撤销企业账号的身份；账号本身还在。"""
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
    """一行导入：按统一社会信用代码登记或更新；空着的格不改原有的内容。"""
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
    """持有人手机是个人的号码：11 位，加密保存。"""
    phone = fields.get("certificate_phone")
    return fields | {"certificate_phone": Secret(checked_phone(phone, "certificate_phone"))} if phone else fields


def _code(text: str) -> str:
    """The normalised code; raises ValidationError at its field."""
    try:
        return credit_codes.parse(text)
    except credit_codes.InvalidCreditCode as error:
        raise ValidationError({"credit_code": str(error)}) from error
