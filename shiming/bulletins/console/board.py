"""最新信息 for the administrator: list, writing, files."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.bulletins import commands, queries
from shiming.bulletins.forms import BoardFilter, BulletinForm, FileForm
from shiming.bulletins.models import STATES, Bulletin
from shiming.core.actor import Role
from shiming.core.audit import trail_of
from shiming.core.doors import PHOTO, console, takes
from shiming.dictionaries import queries as dictionaries
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import lines

COLUMNS = [
    Column("标题", "title", href=lambda row: reverse("bulletin-edit", args=[row.pk]), nowrap=False),
    Column("类别", render=lambda row: dictionaries.label("bulletin", row.category)),
    Column("置顶", render=lambda row: "置顶" if row.pinned else ""),
    Column("谁能看", render=lambda row: "不登录也能看" if row.public else "登录后"),
    Column("自", "from_day", kind="date"),
    Column("至", "until", kind="date"),
    Column("状态", render=lambda row: STATES[row.state]),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def listing(request):
    return render(request, "bulletins/board.html", {"table": _rows(request)})


@register_list("bulletin-board")
def _rows(request) -> Table:
    filters = BoardFilter(request.GET)
    asked = values_of(filters)
    return Table(
        COLUMNS,
        Paged(
            queries.board(request.actor, text=asked.text, category=asked.category, state=asked.state),
            request,
            order=queries.ORDER,
        ),
        caption="最新信息",
        actions=_actions,
        empty=Empty() if is_filtered(filters) else Empty("还没有公告", "点“发布公告”写第一条。", icon="bell"),
        filters=filters,
    )


@console(Role.SYS_ADMIN)
def new(request):
    form = BulletinForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.publish(**form.given, by=request.actor)):
        messages.success(request, f"已发布“{form.result}”。要附文件的，在这里添加。")
        return redirect("bulletin-edit", form.result.pk)
    return render(request, "bulletins/edit.html", {"form": form, "row": None}, status=status_of(form))


@console(Role.SYS_ADMIN)
def edit(request, pk):
    row = _find(request, pk)
    form = BulletinForm(request.POST or None, row=row)
    if form.is_valid() and carry_out(form, lambda: _change(row, form, request.actor)):
        messages.success(request, f"已保存“{form.result}”。")
        return redirect("bulletin-board")
    return _page(request, row, form, FileForm())


@console(Role.SYS_ADMIN, methods=("POST",))
@takes(PHOTO)
def upload(request, pk):
    """POST /admin-tools/bulletins/…/files/ — 添加附件"""
    row, form = _find(request, pk), FileForm(request.POST, request.FILES)
    if form.is_valid() and carry_out(form, lambda: _add(row, form.cleaned_data["file"], request.actor)):
        messages.success(request, f"已添加附件{form.result}。")
        return redirect("bulletin-edit", pk)
    return _page(request, row, BulletinForm(row=row), form)


@console(Role.SYS_ADMIN, methods=("POST",))
def removal(request, pk):
    """POST /admin-tools/bulletins/files/…/removal/ — 删除附件"""
    file = get_object_or_404(queries.files_seen(request.actor), pk=pk)
    commands.remove_file(file, by=request.actor)
    messages.success(request, f"已删除附件{file.name}。")
    return redirect("bulletin-edit", file.bulletin_id)


@console(Role.SYS_ADMIN, methods=("POST",))
def withdrawal(request, pk):
    """POST /admin-tools/bulletins/…/withdrawal/ — 撤下"""
    row = commands.withdraw(_find(request, pk), by=request.actor)
    messages.success(request, f"已撤下“{row}”。")
    return redirect("bulletin-board")


def _page(request, row: Bulletin, form, file_form):
    context = {
        "row": row,
        "form": form,
        "file_form": file_form,
        "files": row.files.order_by("created_at"),
        "trail": lines(trail_of(row)[:20], request.actor),
    }
    return render(request, "bulletins/edit.html", context, status=max(status_of(form), status_of(file_form)))


def _find(request, pk) -> Bulletin:
    return get_object_or_404(queries.board(request.actor), pk=pk)


def _change(row: Bulletin, form, by) -> Bulletin:
    return commands.change(row, **form.given, by=by, seen=form.cleaned_data["version"])


def _add(row: Bulletin, file, by):
    return commands.add_file(row, name=file.name, whole=file.read(), by=by)


def _actions(row: Bulletin):
    yield Action("修改", reverse("bulletin-edit", args=[row.pk]))
    if row.withdrawn_at is None:
        address = reverse("bulletin-withdrawal", args=[row.pk])
        yield Action("撤下", address, how="post", tone="danger", confirm=f"撤下“{row}”？谁也看不到了。")
