"""Queries of the inbox: open questions and notices."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.inbox import rules
from shiming.inbox.answers import address, desk_for
from shiming.inbox.models import InboxItem
from shiming.web.table import Column

KINDS = {
    "waiting": Q(asks=True, answered_at=None),
    "answered": Q(answered_at__isnull=False),
    "notice": Q(asks=False),
}


def inbox(actor: Actor, *, what: str = "") -> QuerySet[InboxItem]:
    """Items visible to the actor, of one of KINDS or all."""
    return InboxItem.objects.filter(rules.visible_to(actor)).filter(KINDS.get(what, Q()))


def waiting(actor: Actor) -> QuerySet[InboxItem]:
    """Questions without an answer, oldest first."""
    return inbox(actor, what="waiting").order_by("due_on", "created_at", "pk")


def unread(actor: Actor) -> int:
    return inbox(actor, what="notice").filter(read_at=None).count()


@dataclass(frozen=True)
class Group:
    """One line for many items of a kind: 37 人待确认."""

    label: str
    count: int
    unit: str
    url: str
    icon: str
    since: datetime
    due_on: date | None

    @property
    def hint(self) -> str:
        return f"最早的请在 {self.due_on} 前答复" if self.due_on else f"最早的自 {timezone.localdate(self.since)}"


def groups(actor: Actor) -> list[Group]:
    """The open items of clerks, one line per kind."""
    rows = inbox(actor, what="waiting").order_by().values("kind")
    rows = rows.annotate(count=Count("pk"), since=Min("created_at"), due=Min("due_on")).order_by("due", "since")
    return [
        Group(desk.label, row["count"], desk.unit, address(desk.url_name), desk.icon, row["since"], row["due"])
        for row in rows
        if (desk := desk_for(actor, row["kind"]))
    ]


COLUMNS = [
    Column("内容", "body", nowrap=False),
    Column("时间", "created_at", kind="time"),
    Column("期限", "due_on", kind="date"),
    Column("答复", render=lambda row: row.answer or ("待答复" if row.waits else "")),
]
