"""The start page of 企业端: open tasks and latest news."""

from typing import NamedTuple

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render

from shiming.binding import audits
from shiming.companies.models import Company
from shiming.companies.queries import certificate_state
from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Role
from shiming.core.doors import console, may_open
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.projects.flows import implementer_audits
from shiming.projects.queries import following
from shiming.web.trail import lines

NOT_NEWS = ("login.", "hat.", "factor.", "access.", "password.", "restriction.")
# Waiting work on the start page: (count, label, hint, page, urgent); a role that cannot open the page gets no tile.
TILES = [
    ("auditing", "绑定待审核", "审核通过即绑定，当天进场", "/audits/", True),
    ("leaving", "离职申请待答复", "请在期限内同意或说明原因", "/employments/leaves/", True),
    ("rejected", "分配被拒绝", "改正后可再次提交", "/assignments/list/?status=rejected", True),
    ("incomplete", "信息待完善", "完善后才能分配到工地", "/employments/profiles/?completed=no", False),
    ("invited", "聘用待本人确认", "本人在手机待办中确认", "/employments/?status=invited", False),
    ("awaiting", "待建档", "身份核验完成后自动继续", "/employments/?status=awaiting_identity", False),
    ("pending", "分配待确认", "等待工地同意", "/assignments/list/?status=pending", False),
    ("returned", "审核不通过", "改正后可再次提交", "/assignments/list/?status=rejected", True),
    ("submitted", "已提交待审核", "等待实施单位审核", "/assignments/list/?status=pending", False),
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
    actor = request.actor
    company = get_object_or_404(Company, pk=actor.company_id)
    counts = waiting(company) | auditing(actor)
    context = {
        "company": company,
        "certificate": certificate_state(company),
        "waiting": counts,
        "tiles": [Tile(counts[key], *words) for key, *words in _tiles(actor) if key in counts],
        "news": lines(news(company), actor),
    }
    return render(request, "inbox/company_home.html", context)


def _tiles(actor: Actor):
    """Those that lead to a page of this role; what waits for the people of the company is for those who keep them."""
    keeps = actor.role in KEEPERS
    return (tile for tile in TILES if (keeps or tile[0] == "auditing") and may_open(actor, tile[3]))


def auditing(actor: Actor) -> dict[str, int]:
    """What waits for the 实施单位, nothing for others."""
    return {"auditing": audits.waiting(actor).count()} if audits.audits(actor) else {}


def waiting(company: Company) -> dict[str, int]:
    """The open tasks of the firm, counted in two queries."""
    sites = following(implementer_audits).filter(pk__in=company.participations.filter(left_on=None).values("project"))
    audited = list(sites.values_list("pk", flat=True))
    by_site, by_audit = ~Q(project__in=audited), Q(project__in=audited)
    employed = company.employments.aggregate(
        invited=Count("pk", filter=Q(status="invited")),
        awaiting=Count("pk", filter=Q(status="awaiting_identity")),
        leaving=Count("pk", filter=Q(status="leave_requested")),
        incomplete=Count("pk", filter=Q(status="active", profile_completed=False)),
        employed=Count("pk", filter=Q(status__in=Employment.EMPLOYED)),
    )
    counts = employed | company.participations.aggregate(
        pending=Count("assignments", filter=by_site & Q(assignments__status="pending")),
        rejected=Count("assignments", filter=by_site & Q(assignments__status="rejected")),
        submitted=Count("assignments", filter=by_audit & Q(assignments__status="pending")),
        returned=Count("assignments", filter=by_audit & Q(assignments__status="rejected")),
        sites=Count("pk", filter=Q(left_on=None), distinct=True),
    )
    return {key: count for key, count in counts.items() if audited or key not in ("submitted", "returned")}


def news(company: Company, count: int = 8) -> list[AuditEntry]:
    """The latest events of the firm's people and sites."""
    rows = AuditEntry.objects.filter(company_id=company.pk).order_by("-id")
    for start in NOT_NEWS:
        rows = rows.exclude(event__startswith=start)
    return list(rows[:count])
