"""The start page of 企业端: open tasks and latest news."""

from typing import NamedTuple

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render

from shiming.companies.models import Company
from shiming.companies.queries import certificate_state
from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import console
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.web.trail import lines

NOT_NEWS = ("login.", "hat.", "factor.", "access.", "password.")
# 首页上等着办的事：(计数, 名称, 说明, 去哪里办, 是否着急)
TILES = [
    ("leaving", "离职申请待答复", "请在期限内同意或说明原因", "/employments/leaves/", True),
    ("rejected", "分配被拒绝", "改正后可再次提交", "/assignments/list/?status=rejected", True),
    ("incomplete", "信息待完善", "完善后才能分配到工地", "/employments/profiles/?completed=no", False),
    ("invited", "聘用待本人确认", "本人在手机待办中确认", "/employments/?status=invited", False),
    ("awaiting", "待建档", "身份核验完成后自动继续", "/employments/?status=awaiting_identity", False),
    ("pending", "分配待确认", "等待工地同意", "/assignments/list/?status=pending", False),
]


class Tile(NamedTuple):
    count: int
    label: str
    hint: str
    href: str
    urgent: bool

    @property
    def tone(self) -> str:
        return "alarm" if self.urgent and self.count else ""


@console(*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK, methods=("GET",))
def home(request):
    company = get_object_or_404(Company, pk=request.actor.company_id)
    counts = waiting(company)
    context = {
        "company": company,
        "certificate": certificate_state(company),
        "waiting": counts,
        "tiles": [Tile(counts[key], *words) for key, *words in TILES],
        "news": lines(news(company), request.actor),
    }
    return render(request, "inbox/company_home.html", context)


def waiting(company: Company) -> dict[str, int]:
    """The open tasks of the firm, counted in two queries."""
    employed = company.employments.aggregate(
        invited=Count("pk", filter=Q(status="invited")),
        awaiting=Count("pk", filter=Q(status="awaiting_identity")),
        leaving=Count("pk", filter=Q(status="leave_requested")),
        incomplete=Count("pk", filter=Q(status="active", profile_completed=False)),
        employed=Count("pk", filter=Q(status__in=Employment.EMPLOYED)),
    )
    return employed | company.participations.aggregate(
        pending=Count("assignments", filter=Q(assignments__status="pending")),
        rejected=Count("assignments", filter=Q(assignments__status="rejected")),
        sites=Count("pk", filter=Q(left_on=None), distinct=True),
    )


def news(company: Company, count: int = 8) -> list[AuditEntry]:
    """The latest events of the firm's people and sites."""
    rows = AuditEntry.objects.filter(company_id=company.pk).order_by("-id")
    for start in NOT_NEWS:
        rows = rows.exclude(event__startswith=start)
    return list(rows[:count])
