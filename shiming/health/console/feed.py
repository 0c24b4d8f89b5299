"""预登记报送 (2-02): switched on and off by the 总包项目经理, every delivery on record, its file downloaded again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.health import notice, rules
from shiming.health.console.words import kept, require_chosen
from shiming.health.feed import commands, queries
from shiming.health.forms import FeedForm
from shiming.health.models import Feed, FeedDelivery
from shiming.imports.workbooks import disposition
from shiming.projects.models import Project
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

DIGEST = 16  # letters of the SHA-256; the trail has all of them
COLUMNS = [
    Column("时间", render=lambda row: row.finished_at or row.created_at, kind="time"),
    Column("日期", "day", kind="date"),
    Column("方式", "get_kind_display"),
    Column("人数", "rows", kind="number"),
    Column("接收单位", "receiver", nowrap=False),
    Column("状态", "status", kind="state"),
    Column("次数", "attempts", kind="number"),
    Column("没有送达的原因", "problem", nowrap=False),
    Column("文件摘要", render=lambda row: row.digest[:DIGEST]),
]


@console(*SITE_ROLES, methods=("GET",))
def listing(request):
    table, actor = _rows(request), request.actor
    feed = queries.feed_of(actor.project_id)
    context = {
        "table": table,
        "feed": feed,
        "kept": kept(request),
        "may": rules.may_feed(actor, actor.project_id),
        "sees": rules.may_see_feed(actor),
        "version": notice.VERSION,
        "items": notice.items(feed.receiver if feed else ""),
    }
    return render(request, "health/feed.html", context)


@register_list("health-feed")
def _rows(request) -> Table:
    require_chosen(request.actor)
    return Table(
        COLUMNS,
        Paged(queries.deliveries(request.actor), request, order=("-created_at", "-pk")),
        caption="预登记报送记录",
        numbered=False,
        actions=lambda row: _actions(row, rules.may_feed(request.actor, row.project_id)),
        empty=Empty("还没有报送", "开启后，每天零点二十分生成前一天的文件，送给接收单位。", icon="send"),
    )


@console(*SITE_ROLES)
@fresh_login
def start(request):
    """开启报送, a dialog"""
    require_chosen(request.actor)
    form = FeedForm(request.POST or None)
    project = get_object_or_404(Project, pk=request.actor.project_id)
    if form.is_valid() and carry_out(form, lambda: commands.start(project, **form.cleaned_data, by=request.actor)):
        messages.success(request, f"已开启预登记报送，{form.result.from_day} 起每天送{form.result.receiver}。")
        return redirect("health-feed")
    return render(request, "health/feed_start.html", {"form": form}, status=status_of(form))


@console(*SITE_ROLES, methods=("POST",))
def stopping(request):
    """POST /health/feed/stopping/ — 停止报送"""
    feed = get_object_or_404(Feed, project=request.actor.project_id, stopped_at=None)
    commands.stop(feed, by=request.actor)
    messages.success(request, f"已停止向{feed.receiver}报送；没有送达的不再送。")
    return redirect("health-feed")


@console(*SITE_ROLES, methods=("POST",))
@fresh_login
def file(request, pk):
    """POST /health/feed/deliveries/…/file/ — 下载"""
    row = _find(request, pk)
    headers = {"Content-Disposition": disposition(row.file), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(commands.open_file(row, by=request.actor), content_type="application/zip", headers=headers)


@console(*SITE_ROLES, methods=("POST",))
def again(request, pk):
    """POST /health/feed/deliveries/…/again/ — 再送"""
    row = commands.send_again(_find(request, pk), by=request.actor)
    messages.success(request, f"{row.day} 的报送十分钟内再送。")
    return redirect("health-feed")


def _find(request, pk) -> FeedDelivery:
    return get_object_or_404(queries.deliveries(request.actor).select_related("feed", "stored"), pk=pk)


def _actions(row: FeedDelivery, may: bool):
    if may and row.stored_id:
        yield Action("下载", reverse("health-feed-file", args=[row.pk]), how="post", icon="download")
    if may and row.status == FeedDelivery.Status.FAILED and row.stored_id and row.feed.stopped_at is None:
        yield Action("再送", reverse("health-feed-again", args=[row.pk]), how="post", icon="send")
