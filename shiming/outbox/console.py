"""Pages of the system administrator for messages."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.outbox import commands, queries, rules
from shiming.outbox.forms import MessageFilter, RevealForm, purpose_label
from shiming.outbox.models import OutboxMessage
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("时间", "created_at", kind="time"),
    Column("接收号码", "to", kind="id"),
    Column("用途", render=purpose_label),
    Column("通道", "provider"),
    Column("状态", "state", kind="state"),
    Column("原因", "error"),
]
TEXT = Column("内容", "text", nowrap=False, render=lambda message: commands.shown(message))


@console(Role.SYS_ADMIN, methods=("GET",))
def index(request):
    return render(request, "outbox/index.html", {"table": _messages(request)})


@register_list("outbox")
def _messages(request) -> Table:
    filters = MessageFilter(request.GET or None)
    asked = values_of(filters)
    rows = queries.messages(request.actor, phone=asked.phone, purpose=asked.purpose)
    return Table(
        [*COLUMNS, TEXT] if rules.shows_text() else COLUMNS,
        Paged(rows, request),
        caption="发出的消息",
        actions=None if rules.shows_text() else _actions,
        empty=Empty("还没有发出过消息", "登录验证码和通知发出后会列在这里。", icon="send"),
        filters=filters,
    )


@console(Role.SYS_ADMIN)
@fresh_login
def reveal(request, pk):
    """GET asks for the purpose, POST shows the text."""
    message = get_object_or_404(OutboxMessage.objects.filter(rules.visible_to(request.actor)), pk=pk)
    form = RevealForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, lambda: commands.reveal(message, purpose=form.cleaned_data["purpose"], by=request.actor)
    ):
        return render(request, "outbox/revealed.html", {"message": message, "text": form.result})
    return render(request, "outbox/reveal.html", {"message": message, "form": form}, status=status_of(form))


def _actions(message):
    return [Action("查看内容", reverse("outbox-reveal", args=[message.pk]), how="dialog", icon="eye")]
