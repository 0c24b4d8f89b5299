"""Queries about employment: lists of the firm and the authority, the worker's own, and the next row to complete."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from shiming.core.actor import Actor, Door
from shiming.core.refusals import Refusal, refusal
from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries.working_days import calendar_for, waited
from shiming.employment import rules
from shiming.employment.models import Employment, ManagerDraft, Transfer
from shiming.idcard.number import InvalidIdNumber, parse
from shiming.people.models import Person
from shiming.people.queries import tokens_match
from shiming.projects.policies import EmploymentMode
from shiming.web.table import Column

Status = Employment.Status
WORKED = (*Employment.EMPLOYED, Status.ENDED)


def visible(actor: Actor) -> QuerySet[Employment]:
    """All employments the actor may open."""
    return _with_names(rules.visible_to(actor))


def employments(actor: Actor, *, name: str = "", number: str = "", status: str = "") -> QuerySet[Employment]:
    """Employments by name, ID number and status in any combination; a company gets its own only."""
    rows = _with_names(rules.of_company(actor)) if actor.door is Door.COMPANY else visible(actor)
    if asked := f"{name} {number}".strip():
        rows = rows.filter(_person_matches(asked, actor))
    return rows.filter(status=status) if status else rows


def hired(actor: Actor, *, name: str = "", kind: str = "", completed: str = "") -> QuerySet[Employment]:
    """Employed people, by name, kind and `completed` (yes, no, or empty for both)."""
    rows = employments(actor, name=name).filter(status__in=Employment.EMPLOYED)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(profile_completed=completed == "yes") if completed else rows


def next_uncompleted(actor: Actor, *, after: Employment) -> Employment | None:
    """The next employed person without a complete profile."""
    return hired(actor, completed="no").exclude(pk=after.pk).order_by("started_at", "pk").first()


def leave_requests(actor: Actor, *, name: str = "") -> QuerySet[Employment]:
    """Requests to leave that wait for an answer."""
    return employments(actor, name=name, status=Status.LEAVE_REQUESTED)


def overdue_leaves(actor: Actor, *, name: str = "", company: str = "") -> QuerySet[Employment]:
    """Requests to leave without an answer by the deadline, for the authority."""
    rows = _escalated(actor, name).filter(status=Status.LEAVE_REQUESTED, leave_overdue=True)
    return rows.filter(company__name__contains=company) if company else rows


def objections(
    actor: Actor,
    *,
    name: str = "",
    company: str = "",
    about: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Employment]:
    """Direct registrations and releases to which the worker objects (E6, E14), for the authority.

    `about` filters by registration or release; `since` and `until` by the day of the objection, both inclusive.
    """
    rows = _escalated(actor, name).exclude(objected_at=None).annotate(about=_objected_to())
    if company:
        rows = rows.filter(company__name__contains=company)
    if since:
        rows = rows.filter(objected_at__date__gte=since)
    if until:
        rows = rows.filter(objected_at__date__lte=until)
    return rows.filter(about=about) if about else rows


def standing_objections(actor: Actor) -> QuerySet[Employment]:
    """Objections to registrations whose employment still goes on."""
    return objections(actor, about="registration").filter(status__in=Employment.EMPLOYED)


def _with_names(which: Q) -> QuerySet[Employment]:
    return Employment.objects.filter(which).select_related("person", "company", "team")


def _escalated(actor: Actor, name: str) -> QuerySet[Employment]:
    """Cases for the authority, annotated with `opens`: whether the actor may open the employment itself."""
    seen = visible(actor).filter(pk=OuterRef("pk"))
    rows = Employment.objects.filter(rules.escalated_to(actor)).select_related("person", "company", "team")
    rows = rows.filter(_person_matches(name, actor)) if name.strip() else rows
    return rows.annotate(opens=Exists(seen))


def _objected_to() -> Case:
    """The subject of the objection: a release that had happened by then, or the registration."""
    leaving = When(ended_at__lte=F("objected_at"), then=Value("release"))
    return Case(leaving, default=Value("registration"), output_field=CharField())


def transfers(actor: Actor, *, name: str = "", status: str = "") -> QuerySet[Transfer]:
    """Transfers that the company asked for, or that the person received."""
    rows = Transfer.objects.filter(rules.transfers_visible_to(actor)).select_related("person", "company")
    rows = rows.filter(_person_matches(name, actor)) if name.strip() else rows
    return rows.filter(status=status) if status else rows


def own(actor: Actor) -> tuple[list[Employment], list[Employment]]:
    """The actor's employments as (open, closed), the newest first."""
    rows = list(employments(actor).order_by("-created_at"))
    current = [row for row in rows if row.status in Employment.OPEN]
    return current, [row for row in rows if row.status not in Employment.OPEN]


def open_here(actor: Actor, number: str) -> Employment | None:
    """The firm's open employment of the person with this number, or None; shown when a second invitation is refused."""
    try:
        person = Person.by_id_number(parse(number).number)
    except InvalidIdNumber:
        return None
    if person is None:
        return None
    return Employment.objects.filter(rules.of_company(actor), person=person, status__in=Employment.OPEN).first()


def with_progress(rows: Iterable[Employment], today: date | None = None) -> list[Employment]:
    """Set `progress` on each row: the pending step and its date. One calendar serves all rows."""
    rows, today = list(rows), today or timezone.localdate()
    since = {row.pk: waits_since(row) for row in rows if row.status == Status.AWAITING_IDENTITY}
    known = calendar_for(since.values(), today) if since else None
    for row in rows:
        row.progress = waited(since[row.pk], today, known).label if row.pk in since else _progress(row)
    return rows


def waits_since(employment: Employment) -> date:
    """The day from which the working days of the identity check count."""
    return employment.person.submitted_on or timezone.localdate(employment.created_at)


def _progress(row: Employment) -> str:
    if row.status == Status.INVITED:
        return f"有效期至 {row.expires_on}" if row.expires_on else ""
    if row.status == Status.LEAVE_REQUESTED:
        return "逾期未答，已告知监督机构" if row.leave_overdue else f"请在 {row.leave_due_on} 前答复"
    if row.status == Status.ACTIVE and not row.profile_completed:
        return "待完善信息"
    return {Status.DISMISSAL_PENDING: "等待本人答复", Status.EXPIRED: row.answer_note}.get(row.status, "")


def registrations(
    actor: Actor, *, name: str = "", number: str = "", status: str = "", team: str = ""
) -> QuerySet[Employment]:
    """The company's workers, employed and released; one person may have several rows."""
    rows = employments(actor, name=name, number=number).filter(kind=Employment.Kind.WORKER)
    rows = rows.filter(status__in={"active": Employment.EMPLOYED, "ended": (Status.ENDED,)}.get(status, WORKED))
    return rows.filter(team=team) if team else rows


def managers(actor: Actor, *, name: str = "", status: str = "") -> QuerySet[Employment]:
    """管理人员登记: the company's own managers; who moved out stands behind the filter."""
    rows = employments(actor, name=name).filter(kind=Employment.Kind.MANAGER)
    wanted = {"moved": (Status.ENDED,), "all": WORKED}.get(status, Employment.EMPLOYED)
    return rows.filter(status__in=wanted)


def registered_here(actor: Actor) -> QuerySet[Employment]:
    """Present and former employees of the company: their pages of 管理人员登记 may be opened."""
    rows = Employment.objects.filter(rules.of_company(actor), status__in=WORKED)
    return rows.select_related("person__portrait", "person__card_portrait", "company")


def drafts(actor: Actor) -> QuerySet[ManagerDraft]:
    """管理人员登记 that was begun and not submitted."""
    return every_draft(actor).filter(place=None)


def every_draft(actor: Actor) -> QuerySet[ManagerDraft]:
    """With those of workers, which name the place."""
    rows = ManagerDraft.objects.filter(rules.drafts_visible_to(actor)).select_related("user", "company")
    return rows.order_by("-updated_at")


def new_drafts(actor: Actor) -> QuerySet[ManagerDraft]:
    """Those of people who are not registered yet; changes of others are offered on their own page."""
    own = Employment.objects.filter(rules.of_company(actor), status__in=Employment.EMPLOYED)
    return drafts(actor).exclude(id_digest__in=own.values("person__id_digest"))


def hindrances(person: Person, actor: Actor) -> list[Refusal]:
    """The refusals against a registration of this person by this firm: R-06, R-04 or R-08, R-05."""
    found = [] if person.verified else ["R-06"]
    here = Employment.objects.filter(person=person, status__in=Employment.OPEN)
    if own := here.filter(company=actor.company_id).first():
        found.append("R-04" if own.employed else "R-08")
    elif here.filter(status__in=Employment.EMPLOYED).exclude(mode=EmploymentMode.IMPLICIT).exists():
        found.append("R-05")
    return [refusal(code) for code in found]


def _person_matches(text: str, actor: Actor) -> Q:
    """Match any part of the name, its initials, or a part of the number (domain.md §7.5)."""
    return tokens_match(text, actor, "person__search_tokens")


MANAGER_COLUMNS = [
    Column("员工名称", "person.name"),
    Column("性别", "person.get_sex_display"),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("年龄", "person.age", kind="number"),
    Column("手机号码", render=lambda row: row.contact_phone or row.person.phone, kind="id"),
    Column("籍贯", "person.native_place"),
    Column("学历", render=lambda row: dictionaries.label("education", row.person.education)),
    Column("职称", render=lambda row: dictionaries.label("title", row.title)),
    Column("状态", "standing", kind="state"),
    Column("是否人脸认证", "person.face_answer"),
    Column("审核状态", "audit_state", kind="state"),
]
COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("状态", "status", kind="state"),
    Column("邀请日期", "invited_at", kind="date", sort="invited"),
    Column("进度", "progress", nowrap=False),
]
PROFILE_COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("身份", render=lambda row: row.get_kind_display()),
    Column("工种/职务", render=lambda row: row.trade or row.duty),
    Column("班组", "team.name"),
    Column("是否班组长", "is_leader", kind="flag"),
    Column("合同到期", "contract_end", kind="date"),
    Column("信息", render=lambda row: "已完善" if row.profile_completed else "待完善"),
]
REGISTERED_COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("联系电话", render=lambda row: row.contact_phone or row.person.phone, kind="id"),
    Column("工种", "trade"),
    Column("班组", "team.name"),
    Column("状态", "status", kind="state"),
]
LEAVE_COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("离职原因", "leave_reason", nowrap=False),
    Column("申请时间", "leave_requested_at", kind="time", sort="requested"),
    Column("答复期限", "leave_due_on", kind="date"),
    Column("是否逾期", "leave_overdue", kind="flag"),
]
OVERDUE_COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("用人单位", "company.name", nowrap=False),
    Column("申请时间", "leave_requested_at", kind="time"),
    Column("答复期限", "leave_due_on", kind="date"),
]
OBJECTED_TO = {"registration": "登记在职", "release": "办理离职"}
OBJECTION_COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("用人单位", "company.name", nowrap=False),
    Column("对什么有异议", render=lambda row: OBJECTED_TO[row.about]),
    Column("本人异议", "objection", nowrap=False),
    Column("提出时间", "objected_at", kind="time", sort="objected"),
    Column("现在", "status", kind="state"),
]
TRANSFER_COLUMNS = [
    Column("姓名", "person.name"),
    Column("证件号", "person.id_number", kind="id"),
    Column("状态", "status", kind="state"),
    Column("发起日期", "created_at", kind="date"),
    Column("答复期限", "due_on", kind="date"),
    Column("是否逾期", "overdue", kind="flag"),
    Column("说明", "note"),
]
