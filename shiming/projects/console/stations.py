"""Stations of the authority and the posts of its inspectors."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.projects import commands
from shiming.projects.forms import RegulatorForm, StationForm
from shiming.projects.models import RegulatorPost, Station
from shiming.web.forms import carry_out, status_of
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("监督站", "name"),
    Column("行政区划", "region"),
    Column("项目", "sites", kind="number"),
]
POST_COLUMNS = [
    Column("姓名", "user.name"),
    Column("用户名", "user.username"),
    Column("监督站", "station.name"),
    Column("任命日期", "created_at", kind="date"),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def listing(request):
    stations = Station.objects.annotate(sites=Count("projects")).order_by("name")
    posts = RegulatorPost.objects.filter(until=None).select_related("user", "station").order_by("station__name", "pk")
    context = {
        "stations": Table(COLUMNS, stations, caption="监督站", actions=_actions, empty=_NO_STATIONS),
        "posts": Table(POST_COLUMNS, posts, caption="监督人员", actions=_post_actions, id="posts", empty=_NO_POSTS),
    }
    return render(request, "projects/stations.html", context)


@console(Role.SYS_ADMIN)
def new(request):
    form = StationForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.add_station(by=request.actor, **form.cleaned_data)):
        messages.success(request, f"已登记{form.result}")
        return redirect("station-list")
    return _form(request, form, "登记监督站", reverse("station-new"))


@console(Role.SYS_ADMIN)
def edit(request, pk):
    station = get_object_or_404(Station, pk=pk)
    form = StationForm(request.POST or None, instance=station)
    if form.is_valid() and carry_out(
        form, lambda: commands.add_station(station=station, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, "保存成功!")
        return redirect("station-list")
    return _form(request, form, "修改监督站", reverse("station-edit", args=[pk]))


@console(Role.SYS_ADMIN)
def new_post(request, pk):
    station = get_object_or_404(Station, pk=pk)
    form = RegulatorForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, lambda: commands.post_regulator(station, form.cleaned_data["username"], by=request.actor)
    ):
        messages.success(request, f"{form.result.user}已任命到{station}")
        return redirect("station-list")
    return _form(request, form, f"任命监督人员 · {station}", reverse("regulator-new", args=[pk]))


@console(Role.SYS_ADMIN, methods=("POST",))
def removal(request, pk):
    post = commands.remove_regulator(get_object_or_404(RegulatorPost, pk=pk), by=request.actor)
    messages.success(request, f"已撤销{post.user}的任职")
    return redirect("station-list")


def _form(request, form, title, action):
    context = {"form": form, "title": title, "action": action, "names": ()}
    return render(request, "projects/form.html", context, status=status_of(form))


def _actions(row):
    yield Action("编辑", reverse("station-edit", args=[row.pk]), how="dialog", icon="edit")
    yield Action("任命监督人员", reverse("regulator-new", args=[row.pk]), how="dialog", icon="user-plus")


def _post_actions(row):
    ask = f"撤销{row.user}的任职后，他不再看得见{row.station}的项目，是否继续？"
    yield Action("撤销", reverse("regulator-removal", args=[row.pk]), how="post", tone="danger", confirm=ask)


_NO_STATIONS = Empty("还没有监督站", "项目要归到一个监督站。", "登记监督站", "/stations/new/", "shield-check", "dialog")
_NO_POSTS = Empty("还没有监督人员", "先在“账号”里开通账号，再任命到监督站。", icon="user")
