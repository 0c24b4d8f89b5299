"""Queries of the administrator about the whole installation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import checks
from django.core.checks.registry import registry
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.core.models import AuditEntry, Seal
from shiming.core.prepared_statements import fetch_one
from shiming.idcard.number import InvalidIdNumber, parse
from shiming.outbox.models import OutboxMessage
from shiming.people.models import IdentityBatch, Person
from shiming.people.queries import matching
from shiming.presence.models import Stay
from shiming.projects.models import ContractFiling, Project
from shiming.runtime.directories import remembered
from shiming.runtime.space import FULL, WARN, free_share

ESTIMATE_FROM = 50_000
ESTIMATE = "SELECT reltuples::bigint AS rows FROM pg_class WHERE oid = %(table)s::regclass"
SAFETY_TAG = "shiming_safety"
MOST_NAMED = 50

# An event belongs to the kind of its first word.
KINDS = {
    "person": "人员",
    "identity": "身份核验",
    "login": "登录",
    "account": "账号",
    "factor": "第二因素",
    "key": "接口密钥",
    "access": "访问被拒",
    "company": "企业",
    "staff": "企业账号",
    "project": "项目",
    "policy": "用工流程",
    "participation": "参建",
    "contract": "合同",
    "team": "班组",
    "grant": "授权",
    "dictionary": "字典",
    "data": "导入导出",
    "employment": "聘用",
    "leave": "离职",
    "dismissal": "解聘",
    "transfer": "转出",
    "assignment": "分配",
    "stay": "进退场",
    "entry": "进场被拒",
    "correction": "考勤更正",
}


@dataclass(frozen=True)
class Sealing:
    """How far the trail is sealed."""

    upto: int
    batches: int
    last: datetime | None
    waiting: int


def sealing() -> Sealing:
    done = Seal.objects.filter(chain="trail").aggregate(upto=Max("last_id"), batches=Count("pk"), last=Max("at"))
    upto = done["upto"] or 0
    waiting = AuditEntry.objects.filter(pk__gt=upto)[:10_000].count()
    return Sealing(upto, done["batches"], done["last"], waiting)


def counts() -> dict[str, int]:
    """The counts of the start page, and what waits for the administrator."""
    today = timezone.localdate()
    messages = OutboxMessage.objects.filter(created_at__gte=timezone.now() - timedelta(days=7)).aggregate(
        queued=Count("pk", filter=Q(sent_at=None, error="")), failed=Count("pk", filter=Q(sent_at=None) & ~Q(error=""))
    )
    return {
        "companies": Company.objects.filter(status="active").count(),
        "projects": Project.objects.filter(status="open").count(),
        "people": about(Person),
        "on_site": Stay.objects.filter(exited_on=None).count(),
        "pending": Person.objects.filter(identity_status="pending").count(),
        "drafts": ContractFiling.objects.filter(status="draft").count(),
        "ending": Company.objects.filter(certificate_until__range=(today, today + timedelta(days=30))).count(),
        "queued": messages["queued"],
        "failed": messages["failed"],
        "jobs": ProcrastinateJob.objects.filter(status="failed").count(),
    }


def about(model) -> int:
    """The exact number of a small table, PostgreSQL's estimate of a big one."""
    estimate = fetch_one(ESTIMATE, {"table": model._meta.db_table})["rows"]
    return estimate if estimate > ESTIMATE_FROM else model.objects.count()


def last_batches(count: int = 5) -> list[IdentityBatch]:
    return list(IdentityBatch.objects.order_by("-created_at")[:count])


def warnings() -> list[str]:
    """The present warnings of the safety checks of the start-up, and of a disk that becomes full."""
    found = [*_short_of_space()]
    if registry.tag_exists(SAFETY_TAG, include_deployment_checks=True):
        found += [message.msg for message in checks.run_checks(tags=[SAFETY_TAG], include_deployment_checks=True)]
    return found


def _short_of_space() -> Iterator[str]:
    folder = environment().folder
    share = free_share(folder, remembered(folder) or folder)
    if share < FULL:
        yield f"磁盘仅剩 {share:.0%}，已停止接收上传，扫码和考勤照常。请清理磁盘或扩容 {folder} 所在的卷。"
    elif share < WARN:
        yield f"磁盘仅剩 {share:.0%}，低于 {FULL:.0%} 将停止接收上传。请清理磁盘或扩容 {folder} 所在的卷。"


def trail(
    actor: Actor,
    kind: str = "",
    by: str = "",
    person: str = "",
    company: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The whole trail, newest first, filtered by kind, actor, person, firm and days."""
    rows = AuditEntry.objects.all()
    if kind:
        rows = rows.filter(event__startswith=f"{kind}.")
    if by:
        rows = rows.filter(by__icontains=by)
    if person:
        rows = rows.filter(person_id__in=_people(person, actor))
    if company:
        named = Company.objects.filter(Q(name__icontains=company) | Q(credit_code=company.strip().upper()))
        rows = rows.filter(company_id__in=list(named.values_list("pk", flat=True)[:MOST_NAMED]))
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    return rows


def _people(text: str, actor: Actor) -> list:
    try:
        found = Person.by_id_number(parse(text).number)
        return [found.pk] if found else []
    except InvalidIdNumber:
        return list(Person.objects.filter(matching(text, actor)).values_list("pk", flat=True)[:MOST_NAMED])
