"""Query of workers: projects, employers, people, one person; now or at any past moment (manual [002])."""

from dataclasses import replace
from functools import partial

from django.shortcuts import render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.health.announced import KINDS, split
from shiming.oversight import commands, queries
from shiming.oversight.columns import ANNOUNCED, ASSIGNMENTS, EMPLOYMENTS, PEOPLE, PLACES, SITES, STAYS
from shiming.oversight.console.find import find_person, find_place, find_project
from shiming.oversight.forms import AnnouncedFilter, MomentFilter, PeopleFilter, SiteFilter
from shiming.oversight.moments import Moment
from shiming.web.forms import values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

SORTS = {
    "contract": ("contract", "pk"),
    "filing": ("filing_code", "pk"),
    "name": ("name", "pk"),
    "contractor": ("contractor", "pk"),
    "on_site": ("on_site", "pk"),  # total as a second key counts every stay of the station
}
ANNOUNCED_SORTS = {"name": ("name", "pk"), "registered": ("registered_on", "pk")}
PEOPLE_SORTS = {
    "name": ("person__name", "pk"),
    "entered": ("entered_on", "pk"),
    "trade": ("trade", "pk"),
}


@console(Role.REGULATOR, methods=("GET",))
def sites(request):
    """List the projects at the moment of the filter."""
    table = _sites(request)
    return render(request, "oversight/sites.html", {"table": table, "when": table.filters.moment})


@register_list("oversight-sites")
def _sites(request) -> Table:
    actor, filters = request.actor, SiteFilter(queries.stations(request.actor), request.GET)
    when, asked = filters.moment, values_of(filters)
    rows = queries.sites(
        actor, when, number=asked.number, project=asked.project, contractor=asked.contractor, station=asked.station
    )
    return Table(
        _linked(when),
        Paged(
            rows,
            request,
            order=("filing_code", "pk"),
            sorts=SORTS,
            keys_first=True,
            prepare=lambda found: queries.with_preregistered(found, when),
        ),
        caption="项目",
        numbered=False,
        actions=lambda row: [Action("查看", _address("oversight-site", row.pk, when))],
        empty=Empty(icon="crane"),
        filters=filters,
        file_name=f"实名制作业人员信息 {_plain(when)}",
        signed=True,
        note=partial(commands.note_export, f"实名制作业人员信息（{when.until}）", by=actor),
    )


@console(Role.REGULATOR, methods=("GET",))
def site(request, pk):
    """List the employers of one project."""
    project, table = find_project(request.actor, pk), _places(request, pk)
    when = table.filters.moment
    context = {"project": project, "when": when, "table": table, "figures": queries.figures_of(project, when)}
    return render(request, "oversight/site.html", context)


@register_list("oversight-site")
def _places(request, pk) -> Table:
    actor, filters, project = request.actor, MomentFilter(request.GET), find_project(request.actor, pk)
    when = filters.moment
    return Table(
        PLACES,
        Paged(
            queries.places(actor, project, when),
            request,
            order=("created_at", "pk"),
            prepare=lambda rows: queries.with_people(rows, project, when),
        ),
        caption="用人单位",
        actions=lambda row: [Action("查看", _address("oversight-place", row.pk, when))],
        empty=Empty("这时还没有参建单位", "换一个截至日期再看。", icon="building"),
        filters=filters,
        file_name=f"{project.name}用人单位 {_plain(when)}",
        signed=True,
        note=partial(commands.note_export, f"{project.name}用人单位（{when.until}）", by=actor, project_id=project.pk),
    )


@console(Role.REGULATOR, methods=("GET",))
def announced(request, pk):
    """预登记人 of a project, 建筑工人、管理人员 and 家属 apart"""
    project, table = find_project(request.actor, pk), _announced(request, pk)
    when = table.filters.moment
    counted = split(queries.announced_people(project, when, request.actor))
    figures = [(KINDS[kind], number) for kind, number in counted.items()]
    context = {"project": project, "when": when, "table": table, "figures": figures, "total": sum(counted.values())}
    return render(request, "oversight/announced.html", context)


@register_list("oversight-announced")
def _announced(request, pk) -> Table:
    actor, filters, project = request.actor, AnnouncedFilter(request.GET), find_project(request.actor, pk)
    when, asked = filters.moment, values_of(filters)
    return Table(
        ANNOUNCED,
        Paged(
            queries.announced_people(project, when, actor, text=asked.text, kind=asked.kind),
            request,
            order=("name", "pk"),
            sorts=ANNOUNCED_SORTS,
        ),
        caption="预登记人",
        empty=Empty("没有符合条件的预登记人", "换一个截至日期，或放宽查询条件。", icon="clipboard"),
        filters=filters,
        file_name=f"{project.name}预登记人 {_plain(when)}",
        signed=True,
        note=partial(commands.note_export, f"{project.name}预登记人（{when.until}）", by=actor, project_id=project.pk),
    )


@console(Role.REGULATOR, methods=("GET",))
def place(request, pk):
    """List the people of one employer on the project."""
    table = _people(request, pk)
    context = {"place": find_place(request.actor, pk), "when": table.filters.moment, "table": table}
    return render(request, "oversight/place.html", context)


@register_list("oversight-place")
def _people(request, pk) -> Table:
    actor, found, filters = request.actor, find_place(request.actor, pk), PeopleFilter(request.GET)
    when, asked = filters.moment, values_of(filters)
    rows = queries.people(actor, found, when, text=asked.text, state=asked.state, kind=asked.kind)
    kind = f"{found.company}用人人员（{when.until}）"
    name = Column(
        "姓名", "person.name", sort="name", href=lambda row: _address("oversight-person", row.person_id, when)
    )
    return Table(
        [name, *PEOPLE],
        Paged(rows, request, order=("-entered_on", "pk"), sorts=PEOPLE_SORTS),
        caption="用人人员",
        empty=Empty("没有符合条件的人员", "换一个截至日期，或放宽查询条件。", icon="users"),
        filters=filters,
        file_name=f"{found.company} {_plain(when)}",
        signed=True,
        note=partial(commands.note_export, kind, by=actor, project_id=found.project_id),
    )


@console(Role.REGULATOR, methods=("GET",))
def person(request, pk):
    """Show one person at the moment: employments, allocations, stays, and the trail up to it."""
    actor, found, filters = request.actor, find_person(request.actor, pk), MomentFilter(request.GET)
    when = filters.moment
    context = {
        "person": found,
        "filters": filters,
        "when": when,
        "age": found.age_on(when.day),
        "identity": queries.identity_at(found, when),
        "trail": queries.story_at(actor, found, when),
        "tables": [
            ("用工", "briefcase", _part(EMPLOYMENTS, queries.employments_at(actor, found, when), "用工")),
            ("分配", "clipboard", _part(ASSIGNMENTS, queries.assignments_at(actor, found, when), "分配")),
            ("进退场", "login", _part(STAYS, queries.stays_at(actor, found, when), "进退场")),
        ],
    }
    return render(request, "oversight/person.html", context)


def _part(columns, rows, caption: str) -> Table:
    empty = Empty(f"当时没有{caption}记录", "换一个截至日期再看。", icon="notes")
    return Table(columns, rows, caption=caption, empty=empty, numbered=False, id=caption)


def _address(name: str, pk, when: Moment) -> str:
    return f"{reverse(name, args=[pk])}{when.query}"


def _linked(when: Moment) -> list[Column]:
    """The columns of the list: the name opens the project, 预登记人 the people behind it, unless there are none."""
    links = {
        "name": lambda row: _address("oversight-site", row.pk, when),
        "preregistered": lambda row: _address("oversight-announced", row.pk, when) if row.preregistered else "",
    }
    return [replace(column, href=links[column.path]) if column.path in links else column for column in SITES]


def _plain(when: Moment) -> str:
    """The moment in a file name."""
    return f"{when.day}" if when.live else str(when).replace(":", "")
