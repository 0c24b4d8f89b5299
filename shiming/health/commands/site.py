"""Health information of a site (2-07, 2-17)."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, missing
from shiming.core.events import Event
from shiming.health import rules
from shiming.health.commands.common import require_overlay
from shiming.health.models import SiteInfo
from shiming.projects.models import Project

MOST_SUPPLIES = 50


@transaction.atomic
def save_site_info(
    project: Project,
    *,
    members: str,
    by: Actor,
    hospital: str = "",
    other: str = "",
    supplies: list[dict] | None = None,
) -> SiteInfo:
    """提交: the values of now; the rows before stay as history. `supplies` are rows {name, quantity}."""
    require(rules.may_keep_site_info, by, project.pk)
    require_overlay(project.pk)
    if not members.strip():
        raise missing("疫情防控小组成员及联系电话", "members")
    row = SiteInfo(project=project, saved_by_id=by.user_id)
    row.values = {
        "members": members.strip(),
        "hospital": hospital.strip(),
        "other": other.strip(),
        "supplies": _supplies(supplies or []),
    }
    row.save()
    record(Event.SITE_INFO_SAVED, row, by=by, project=project.name)
    return row


def _supplies(rows: list[dict]) -> list[dict]:
    named = [row for row in rows if row["name"].strip()]
    if len(named) > MOST_SUPPLIES:
        raise Invalid(f"防疫物资最多 {MOST_SUPPLIES} 行", next_step="合并同类的物资")
    if len({row["name"].strip() for row in named}) < len(named):
        raise Invalid("防疫物资有同名的两行", next_step="合并成一行")
    return [{"name": row["name"].strip(), "quantity": row["quantity"]} for row in named]
