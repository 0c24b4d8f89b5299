"""人员核验: waiting people by working day, unclear ones to be decided by their photos, and the log of batches."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from procrastinate.exceptions import AlreadyEnqueued

from shiming.core.actor import Actor, Role
from shiming.core.doors import console
from shiming.dictionaries.working_days import calendar_for, waited
from shiming.people import commands, jobs, pictures, queries
from shiming.people.forms import FailForm, PendingFilter
from shiming.people.models import Person
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

BATCH_COLUMNS = [
    Column("开始", "created_at", kind="time"),
    Column("完成", render=lambda batch: batch.finished_at or "未完成", kind="time"),
    Column("核验", "checked", kind="number"),
    Column("通过", "passed", kind="number"),
    Column("失败", "failed", kind="number"),
    Column("待人工", "left", kind="number"),
]
COLUMNS = [
    Column("姓名", "name", href=lambda row: f"/people/identity/{row.pk}/"),
    Column("身份证号", "id_number", kind="id"),
    Column("来源", "get_identity_source_display"),
    Column("提交日期", "submitted_on", kind="date"),
    Column("等待", "waits"),
    Column("待人工的原因", "review_note", nowrap=False),
]
BATCHES_SHOWN = 10


@console(Role.SYS_ADMIN, methods=("GET",))
def listing(request):
    batches = list(queries.batches()[:BATCHES_SHOWN])
    context = {
        "table": _pending(request),
        "batches": Table(BATCH_COLUMNS, batches, caption="核验批次", empty=_NO_BATCH, numbered=False, id="batches"),
        "counts": queries.waiting_counts(),
    }
    return render(request, "people/identity/list.html", context)


@register_list("person-identity")
def _pending(request) -> Table:
    filters = PendingFilter(request.GET)
    asked = values_of(filters)
    rows = queries.pending(request.actor, asked.q, only_unclear=bool(asked.unclear))
    return Table(
        COLUMNS,
        Paged(rows, request, order=("submitted_on", "pk"), prepare=_with_waiting),
        caption="待核验人员",
        actions=_actions,
        empty=_NOBODY,
        filters=filters,
    )


@console(Role.SYS_ADMIN, methods=("GET",))
def case(request, pk):
    """The page of one check; photos and number are shown after a request that leaves a trail entry."""
    return _case(request, _find(pk))


@console(Role.SYS_ADMIN, methods=("POST",))
@fresh_login
def photos(request, pk):
    """Show card photos and number, with a trail entry."""
    person = _find(pk)
    number = commands.open_card(person, by=request.actor)
    opened = {
        kind: pictures.ticket(request.actor.user_id, photo.pk)
        for kind, photo in (("id_front", person.id_front), ("id_back", person.id_back))
        if photo
    }
    return _case(request, person, number=number, opened=opened)


@console(Role.SYS_ADMIN, methods=("POST",))
def verification(request, pk):
    """Pass the check."""
    person = commands.verify(_find(pk), by=request.actor)
    messages.success(request, f"{person.name}的身份信息核验通过")
    return redirect(_next_case(request.actor))


@console(Role.SYS_ADMIN, methods=("POST",))
def failure(request, pk):
    """Fail the check, with a reason."""
    person, form = _find(pk), FailForm(request.POST)
    reason = form.data.get("reason", "")
    if form.is_valid() and carry_out(form, lambda: commands.fail(person, reason=reason, by=request.actor)):
        messages.success(request, f"已告知{person.name}：{reason}")
        return redirect(_next_case(request.actor))
    return _case(request, person, form=form)


@console(Role.SYS_ADMIN, methods=("POST",))
def run(request):
    """Start a batch in the background."""
    try:
        with transaction.atomic():
            jobs.identity_batch_now.defer()
        messages.success(request, "已开始核验，批次记录里可以看到进度。")
    except AlreadyEnqueued:
        messages.info(request, "已经有一批在等待运行。")
    return redirect("person-identity")


def _case(request, person, *, form=None, number="", opened=None):
    form = form or FailForm()
    context = {
        "person": person,
        "form": form,
        "reasons": FailForm.REASONS,
        "number": number,
        "opened": opened or {},
        "waited": waited(person.submitted_on) if person.submitted_on else None,
        "may_decide": person.identity_status == Person.Status.PENDING,
        "trail": queries.story(person, request.actor),
    }
    return render(request, "people/identity/case.html", context, status=status_of(form))


def _find(pk) -> Person:
    return get_object_or_404(Person.objects.select_related("id_front", "id_back", "portrait"), pk=pk)


def _next_case(actor: Actor) -> str:
    """The oldest case that needs a human decision, or the list."""
    following = queries.pending(actor, only_unclear=True).order_by("submitted_on", "pk").first()
    return f"/people/identity/{following.pk}/" if following else "/people/identity/"


def _with_waiting(rows: list[Person]) -> list[Person]:
    """Set `waits` on each person; one calendar serves all."""
    known = calendar_for(row.submitted_on for row in rows)
    for row in rows:
        row.waits = _waits(waited(row.submitted_on, known=known))
    return rows


def _waits(so_far) -> str:
    return f"{so_far.label}，已超期" if so_far.overdue else so_far.label


def _actions(row) -> list[Action]:
    return [Action("核验", f"/people/identity/{row.pk}/", icon="eye")]


_NOBODY = Empty("没有人在等核验", "本人提交登记后会排在这里，每夜自动核验一次。", icon="shield-check")
_NO_BATCH = Empty("还没有核验过", "每夜一点自动运行，也可以点“现在核验”。", icon="history")
