"""现场操作用户: grants with rights, last use and end, to be extended or revoked by the 项目负责人."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.core.actor import RIGHT_LABELS, Right, Role
from shiming.core.doors import console
from shiming.core.environment import environment
from shiming.core.models import AuditEntry
from shiming.projects import commands, queries, rules
from shiming.projects.commands.grants import latest_end
from shiming.projects.forms import ExtensionForm, GrantForm
from shiming.projects.models import Grant, Participation
from shiming.web.forms import carry_out, status_of
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import lines

USUAL_DAYS = 90
USUAL_RIGHTS = (Right.ENTRY, Right.ATTENDANCE)
COLUMNS = [
    Column("姓名", "person.name"),
    Column("状态", "state", kind="state"),
    Column("到期日期", render=lambda row: _ends(row)),
    *[
        Column(label, render=lambda row, right=right: "✓" if right in row.rights else "")
        for right, label in RIGHT_LABELS.items()
    ],
    Column("最近使用", "last_used_at", kind="time"),
    Column("手机号", "phone", kind="id"),
    Column("身份证号", "person.id_number", kind="id"),
]


@console(Role.PM, Role.SUPERVISION_PM, methods=("GET",))
def board(request):
    rows = sorted(queries.grants(request.actor), key=lambda row: (_ORDER.index(row.state), row.ends_on))
    over = (Grant.State.EXPIRED, Grant.State.REVOKED)
    context = {
        "table": Table(
            COLUMNS,
            [row for row in rows if row.state not in over],
            caption="现场操作用户",
            actions=_actions,
            empty=_NOBODY,
        ),
        "past": Table(
            COLUMNS, [row for row in rows if row.state in over][:50], caption="已到期或收回", id="past", empty=_NO_PAST
        ),
        "trail": _story(rows, request.actor),
        "expiring": len([row for row in rows if row.state is Grant.State.EXPIRING]),
        "days": environment().grant_days,
    }
    return render(request, "projects/operators.html", context)


@console(Role.PM, Role.SUPERVISION_PM)
def new(request):
    """Grant rights to an operator."""
    last = timezone.localdate() + timedelta(days=min(USUAL_DAYS, environment().grant_days))
    offered = rules.rights_to_give(request.actor)
    usual = [right for right in USUAL_RIGHTS if right in offered] or list(offered)
    form = GrantForm(request.POST or None, initial={"ends_on": last, "rights": usual}, offered=offered)
    place = get_object_or_404(Participation, pk=request.actor.participation_id)
    if form.is_valid() and carry_out(form, lambda: commands.grant(place, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"已授权{form.result.person}，至 {form.result.ends_on}")
        return redirect("operators")
    context = {"form": form, "title": "授权现场操作用户", "action": reverse("operator-new"), "names": ()}
    return render(request, "projects/form.html", context, status=status_of(form))


@console(Role.PM, Role.SUPERVISION_PM)
def extension(request, pk):
    """Extend a grant to a date."""
    given = _find(request.actor, pk)
    form = ExtensionForm(request.POST or None, initial={"ends_on": latest_end()})
    if form.is_valid() and carry_out(
        form, lambda: commands.extend_grant(given, by=request.actor, ends_on=form.cleaned_data["ends_on"])
    ):
        messages.success(request, f"{given.person}的授权延至 {form.result.ends_on}")
        return redirect("operators")
    title, action = f"延长{given.person}的授权", reverse("operator-extension", args=[pk])
    context = {"form": form, "title": title, "action": action, "names": ()}
    return render(request, "projects/form.html", context, status=status_of(form))


@console(Role.PM, Role.SUPERVISION_PM, methods=("POST",))
def longest(request, pk):
    """Extend a grant as long as possible."""
    given = commands.extend_grant(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"{given.person}的授权延至 {given.ends_on}")
    return redirect("operators")


@console(Role.PM, Role.SUPERVISION_PM, methods=("POST",))
def revocation(request, pk):
    """Revoke a grant."""
    given = commands.revoke_grant(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"已收回{given.person}的授权")
    return redirect("operators")


def _find(actor, pk) -> Grant:
    visible = Grant.objects.filter(rules.grants_visible_to(actor)).select_related("person")
    return get_object_or_404(visible, pk=pk)


def _actions(row):
    longest_day = latest_end()
    if row.ends_on < longest_day:
        yield Action(f"延至 {longest_day:%m-%d}", reverse("operator-longest", args=[row.pk]), how="post", icon="clock")
    yield Action("改期", reverse("operator-extension", args=[row.pk]), how="dialog")
    ask = f"收回后{row.person}立即不能再操作，是否继续？"
    yield Action("收回", reverse("operator-revocation", args=[row.pk]), how="post", tone="danger", confirm=ask)


def _ends(row) -> str:
    left = f"（剩 {row.days_left} 天）" if row.days_left >= 0 and not row.revoked_at else ""
    return f"{row.ends_on}{left}"


def _story(rows, actor) -> list:
    ids = [str(row.pk) for row in rows]
    return lines(AuditEntry.objects.filter(object_id__in=ids, event__startswith="grant.").order_by("-id")[:20], actor)


_ORDER = [Grant.State.EXPIRING, Grant.State.ACTIVE, Grant.State.EXPIRED, Grant.State.REVOKED]
_NOBODY = Empty(
    "还没有授权现场操作用户",
    "授权后，他凭身份证号和手机号登录工地端，替您办理勾选的事项。",
    "授权",
    "/site/operators/new/",
    "key",
    "dialog",
)
_NO_PAST = Empty("没有到期或收回的授权", "", icon="history")
