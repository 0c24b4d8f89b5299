"""The data assignment keeps about a person, and which of it makes the person visible to a company or a site."""

from django.db.models import Q, QuerySet

from shiming.assignment import rules
from shiming.assignment.models import Assignment
from shiming.core.actor import Actor, Door
from shiming.people.sight import about_person
from shiming.web.table import Column

COLUMNS = (
    Column("项目", "project.name", nowrap=False),
    Column("单位", "participation.company.name", nowrap=False),
    Column("状态", "status", kind="state"),
    Column("分配日期", "allocated_on", kind="date"),
    Column("确认时间", "confirmed_at", kind="date"),
)
OWN_DATA = (
    *("project.name", "participation.company.name", "role", "get_status_display", "trade", "allocated_on"),
    *("confirmed_at", "ended_at", "lodges_on_site", "decision_note"),
)


def _opens(actor: Actor) -> Q:
    """A company sees its own people through their employment; of firms below it, the people confirmed to it."""
    if actor.door is not Door.COMPANY:
        return Q()
    return Q(status__in=rules.CONFIRMED) | (rules.asked_of(actor) & Q(status__in=rules.SUBMITTED))


def _current(actor: Actor) -> Q | None:
    return Q(status=Assignment.Status.ACCEPTED) if actor.on_site else None


@about_person(
    *("assignments", "分配", Assignment),
    icon="clipboard",
    columns=COLUMNS,
    own_data=OWN_DATA,
    opens=_opens,
    current=_current,
)
def assignments(actor: Actor) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(rules.visible_to(actor))
    return rows.select_related("project", "participation__company", "team").order_by("-pk")
