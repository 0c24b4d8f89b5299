"""Pages of 字典: the entries of each table, added, changed and disabled."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.dictionaries import commands, queries
from shiming.dictionaries.forms import ONE_PER, STATUS, EntryForm
from shiming.dictionaries.models import DictionaryEntry
from shiming.web.forms import carry_out, status_of
from shiming.web.table import Action, Column, Table

TABLE_COLUMNS = [
    Column("字典", "label", href=lambda row: f"/admin-tools/dictionaries/{row['table']}/"),
    Column("启用", "used", kind="number"),
    Column("停用", "retired", kind="number"),
]
COLUMNS = [
    Column("次序", "order", kind="number"),
    Column("名称", "label", nowrap=False),
    Column("代码", "code"),
    Column("国家平台代码", render=lambda row: row.extra.get("national", "")),
    Column("说明", render=lambda row: _note(row)),
    Column("状态", render=lambda row: "启用" if row.active else "停用"),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def tables(request):
    found = {
        row["table"]: row
        for row in DictionaryEntry.objects.values("table")
        .annotate(used=Count("pk", filter=Q(active=True)), retired=Count("pk", filter=Q(active=False)))
        .order_by()
    }
    nothing = {"used": 0, "retired": 0}
    rows = [
        nothing | found.get(table, {}) | {"table": table, "label": label} for table, label in queries.TABLES.items()
    ]
    context = {"table": Table(TABLE_COLUMNS, rows, caption="字典")}
    return render(request, "dictionaries/tables.html", context)


@console(Role.SYS_ADMIN, methods=("GET",))
def show(request, table):
    rows = DictionaryEntry.objects.filter(table=table).order_by("order", "code")
    label = _label(table)
    listed = Table(COLUMNS, rows, caption=label, actions=_actions, numbered=False)
    return render(request, "dictionaries/show.html", {"label": label, "name": table, "table": listed})


@console(Role.SYS_ADMIN)
def new(request, table):
    form = EntryForm(request.POST or None, table=table)
    if form.is_valid() and carry_out(form, lambda: _add(table, form, request.actor)):
        messages.success(request, f"已新增：{form.result.label}")
        return redirect("dictionary-show", table)
    return _form(request, form, f"{_label(table)} · 新增", reverse("dictionary-new", args=[table]))


@console(Role.SYS_ADMIN)
def edit(request, table, pk):
    entry = get_object_or_404(DictionaryEntry, table=table, pk=pk)
    form = EntryForm(request.POST or None, instance=entry, table=table)
    if form.is_valid() and carry_out(form, lambda: _change(entry, form, request.actor)):
        messages.success(request, "保存成功!")
        return redirect("dictionary-show", table)
    return _form(request, form, f"{_label(table)} · 编辑", reverse("dictionary-edit", args=[table, pk]))


def _add(table, form, actor):
    asked = form.cleaned_data
    return commands.add_entry(table, label=asked["label"], order=asked["order"], extra=form.extra, by=actor)


def _change(entry, form, actor):
    asked = form.cleaned_data
    kept = {"label": asked["label"], "order": asked["order"] or 0, "active": asked["active"]}
    return commands.change_entry(entry, by=actor, extra=form.extra, **kept)


def _form(request, form, title, action):
    context = {"form": form, "title": title, "action": action}
    return render(request, "dictionaries/form.html", context, status=status_of(form))


def _label(table) -> str:
    if table not in queries.TABLES:
        raise Http404
    return queries.TABLES[table]


def _actions(row):
    yield Action("编辑", reverse("dictionary-edit", args=[row.table, row.pk]), how="dialog", icon="edit")


def _note(row) -> str:
    if target := row.extra.get("maps_to"):
        return f"导入时归入：{target}"
    if trades := row.extra.get("trades"):
        return f"须有此证书的工种：{'、'.join(trades)}"
    return (dict(STATUS) | dict(ONE_PER)).get(row.extra.get("status") or row.extra.get("one_per"), "")
