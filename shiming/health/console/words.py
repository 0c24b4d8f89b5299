"""What several pages of the epidemic gate share."""

from shiming.core.actor import SITE_ROLES, Actor, Role
from shiming.core.errors import Refused
from shiming.health import queries

READERS = (*SITE_ROLES, Role.SUPERVISION_PM)
# Labels of the health cloud's answer in printed order, by the name of the value.
DECLARED = (
    ("上报地址", "reported_place"),
    ("上报时间", "reported_at"),
    ("体温", "temperature"),
    ("健康状况", "condition"),
    ("出行时间", "travelled_on"),
    ("出行方式", "travelled_by"),
    ("是否湖北/武汉出发", "from_hubei"),
    ("是否经停", "stopped_over"),
    ("停留地点", "stayed_at"),
    ("居住地址", "address"),
)


def declaration_lines(declared) -> list[tuple[str, str]]:
    """The answer of the health cloud as pairs of label and value."""
    return [(label, _printed(getattr(declared, name))) for label, name in DECLARED]


def kept(request) -> bool:
    """Whether records are written on the current site; else the pages only show them."""
    return queries.is_kept(request.actor.project_id)


class NotChosen(Refused):
    status = 404


def require_chosen(actor: Actor) -> None:
    """The pages do not exist on a site that never chose the check (R-92)."""
    if not queries.is_chosen(actor):
        raise NotChosen("R-92")


def _printed(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "strftime"):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    return value or "—"
