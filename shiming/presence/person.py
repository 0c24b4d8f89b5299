"""The data presence keeps about a person."""

from django.db.models import QuerySet

from shiming.core.actor import Actor
from shiming.people.sight import about_person
from shiming.presence import rules
from shiming.presence.models import Stay
from shiming.web.table import Column

COLUMNS = (
    Column("项目", "project.name", nowrap=False),
    Column("单位", "company.name", nowrap=False),
    Column("进场", "entered_at", kind="time"),
    Column("方式", "get_method_display"),
    Column("退场", "exited_at", kind="time"),
    Column("说明", "remark"),
)
OWN_DATA = ("project.name", "entered_at", "get_method_display", "exited_at", "auto", "rating", "rating_note")


@about_person("stays", "进退场", Stay, icon="login", columns=COLUMNS, own_data=OWN_DATA)
def stays(actor: Actor) -> QuerySet[Stay]:
    rows = Stay.objects.filter(rules.visible_to(actor)).select_related("project", "company")
    return rows.order_by("-entered_at", "-pk")
