"""One person on the site: daily health (2-13) and dispositions (2-15).

And the people on site, with those who are not pre-registered.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.doors import PHOTO, console, takes
from shiming.dictionaries import queries as dictionaries
from shiming.health import commands, queries, rules
from shiming.health.console.words import READERS, kept, require_chosen
from shiming.health.forms import DailyForm, DispositionForm, OnSiteFilter
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

ON_SITE_COLUMNS = [
    Column("用人单位", "company.name"),
    Column("姓名", "person.name", href=lambda row: reverse("daily-list", args=[row.person_id])),
    Column("身份证", "person.id_number", kind="id"),
    Column("进场日期", "entered_on", kind="date"),
    Column("预登记日期", render=lambda row: f"{row.registered_on:%Y-%m-%d}" if row.registered_on else "尚未预登记"),
    Column("当前状态", "health", kind="state"),
]
DAILY_COLUMNS = [
    Column("日期", "at", kind="time"),
    Column("健康状态", render=lambda row: "、".join(row.values["symptoms"]), nowrap=False),
    Column("体温测量", render=lambda row: f"{row.values['temperature']} ℃"),
]


@console(*READERS, methods=("GET",))
def on_site(request):
    return render(request, "health/on_site.html", {"table": _on_site(request), "kept": kept(request)})


@register_list("health-on-site")
def _on_site(request) -> Table:
    require_chosen(request.actor)
    filters = OnSiteFilter(request.GET)
    asked = values_of(filters)
    rows = queries.on_site(request.actor, who=asked.who, without=asked.without == "without")
    return Table(
        ON_SITE_COLUMNS,
        Paged(rows, request, order=("-entered_on", "-pk"), prepare=queries.with_words),
        caption="在场人员健康",
        actions=_actions,
        empty=Empty() if is_filtered(filters) else Empty("现在没有人在场", "进场的人列在这里。"),
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def daily(request, pk):
    found = _subject(request, pk)
    context = {"found": found, "table": _daily(request, pk), "may": _may_note(request, found)}
    return render(request, "health/daily.html", context)


@register_list("daily-list")
def _daily(request, pk) -> Table:
    rows = Paged(queries.daily(_subject(request, pk)), request, order=("-at", "-pk"))
    return Table(
        DAILY_COLUMNS, rows, caption="每日健康", empty=Empty("还没有健康记录", "点“新增健康状态”。", icon="heart")
    )


@console(*READERS)
def daily_new(request, pk):
    found = _subject(request, pk)
    form = DailyForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: _note(found, form, request)):
        messages.success(request, f"已记录{found.person.name}的健康状态。")
        return redirect("daily-list", pk)
    return render(request, "health/daily_new.html", {"found": found, "form": form}, status=status_of(form))


@console(*READERS)
@takes(PHOTO)
def disposition(request, pk):
    """The dialog with the decisions so far. A file chosen here goes with 添加, so that 取消 leaves nothing behind."""
    found = _subject(request, pk)
    form = DispositionForm(request.POST or None, request.FILES or None)
    if form.is_valid() and carry_out(form, lambda: _decide(found, form, request.actor)):
        messages.success(request, f"{found.person.name}的当前状态：{form.result.get_status_display()}。")
        return redirect("preregistration-list")
    context = {
        "found": found,
        "form": form,
        "phone": queries.phone_of(found),
        "status": queries.status_of(found.person.pk),
        "decisions": [_described(row) for row in queries.dispositions(found)],
        "may": _may_note(request, found),
    }
    return render(request, "health/disposition.html", context, status=status_of(form))


def _subject(request, pk) -> queries.Subject:
    require_chosen(request.actor)
    found = queries.subject(request.actor, pk)
    if found is None:
        raise Http404
    return found


def _may_note(request, found) -> bool:
    return kept(request) and found.open and rules.may_note_health(request.actor, found.place)


def _note(found, form, request):
    return commands.note_daily(found, **form.cleaned_data, by=request.actor, sure=form.sure)


def _decide(found, form, by):
    given = dict(form.cleaned_data)
    file = given.pop("file")
    whole = (file.name, file.read()) if file else None
    return commands.set_disposition(found, **given, file=whole, by=by)


def _described(row) -> dict:
    values = row.values
    return {
        "row": row,
        "way": dictionaries.label("disposition", values["way"]),
        "since": values["since"],
        "until": values["until"],
        "how": values["how"],
        "files": row.files.all(),
    }


def _actions(row):
    yield Action("每日健康", reverse("daily-list", args=[row.person_id]))
    yield Action("处置方式", reverse("disposition", args=[row.person_id]), how="dialog")
