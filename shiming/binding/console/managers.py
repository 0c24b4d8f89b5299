"""项目管理人员: filed people and what each lacks (rows 4-20 … 4-22)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment.checks import place_refusals
from shiming.binding import commands, queries
from shiming.binding.console.projects import find_place
from shiming.binding.forms import ManagerFilter
from shiming.binding.queries import ManagerRow
from shiming.binding.words import TO_DISCARD
from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.employment.bindings import AuditState
from shiming.idcard.names import folded
from shiming.projects.approval import Unreachable
from shiming.projects.models import FiledPerson
from shiming.web.forms import is_filtered, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Listed
from shiming.web.sealing import seal
from shiming.web.table import Action, Column, Empty, Select, Table

COLUMNS = [
    Column("姓名", "name"),
    Column("身份证号码", "id_number", kind="id"),
    Column("岗位", "position_label"),
    Column("手机号码", "phone", kind="id"),
    Column("状态", "word", kind="state"),
    Column("是否人脸认证", "face"),
    Column("说明", "note", nowrap=False),
]


@console(*KEEPERS, methods=("GET",))
def listing(request, pk):
    place = find_place(request, pk)
    context = {"place": place, "table": _managers(request, pk), "lacks": place_refusals(place)}
    return render(request, "binding/managers.html", context | {"builds": queries.builds(place)})


@console(*KEEPERS, methods=("POST",))
def sync(request, pk):
    """POST /binding/places/…/sync/ — the page asks this as it opens; the list is drawn again when it changed."""
    place, answer = find_place(request, pk), HttpResponse(status=204)
    try:
        changed = commands.sync(place, by=request.actor)
    except Unreachable:
        return render(request, "binding/unreachable.html")
    if changed:
        messages.info(request, "报送人员有变化，名单已更新。")
        answer["HX-Refresh"] = "true"
    return answer


@console(*KEEPERS, methods=("POST",))
def registration(request, pk):
    """POST /binding/filed/…/registration/ — to 管理人员登记, the number filled in; the address carries it sealed."""
    rows = FiledPerson.objects.filter(filing__participation__in=queries.places(request.actor))
    number = commands.number_to_register(get_object_or_404(rows, pk=pk), by=request.actor)
    return redirect(f"{reverse('manager-new')}?f={seal({'number': number}, purpose='filter')}")


@register_list("binding-managers")
def _managers(request, pk) -> Table:
    """Filed people and bindings are one list, put together in memory: a company has few managers on a project."""
    place, filters = find_place(request, pk), ManagerFilter(request.GET)
    asked = values_of(filters)
    rows = queries.ended_managers(place) if asked.status == AuditState.ENDED else queries.filed_managers(place)
    if asked.status:
        rows = [row for row in rows if row.word == asked.status]
    if asked.name:
        rows = [row for row in rows if folded(asked.name) in folded(row.name)]
    submit = Action("提交", reverse("binding-submissions", args=[place.pk]), how="post", tone="primary", icon="send")
    return Table(
        COLUMNS,
        Listed(rows, request, size=50),
        caption="项目管理人员",
        actions=lambda row: _actions(row, place),
        select=Select([submit], may=lambda row: row.submits, label=lambda row: row.name),
        empty=Empty() if is_filtered(filters) else NO_PEOPLE,
        filters=filters,
    )


def _actions(row: ManagerRow, place) -> list[Action]:
    found = []
    if row.must_register:
        address = reverse("binding-registration", args=[row.filed.pk])
        found.append(Action("登记", address, how="post", tone="primary", icon="user-plus"))
    if row.submits:
        address = f"{reverse('binding-submissions', args=[place.pk])}?ids={row.pk}"
        found.append(Action("提交", address, how="post", tone="primary"))
    if row.word in TO_DISCARD and (row.not_filed_any_more or row.word == AuditState.PENDING):
        address = f"{reverse('binding-discards', args=[place.pk])}?ids={row.pk}"
        found.append(Action("移除", address, how="post", confirm=f"移除{row.name}在本项目的绑定？"))
    return found


NO_PEOPLE = Empty(
    "合同里还没有报送管理人员",
    "管理人员随合同信息报送而来：名单里没有的人，要先在合同信息报送里报送。",
    icon="users",
)
