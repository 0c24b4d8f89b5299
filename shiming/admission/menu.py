"""The menu entry of the admission checks in 工地端; the administrator opens them from the project."""

from shiming.admission import queries
from shiming.core.actor import SITE_ROLES, Door, Role
from shiming.web import menu

menu.add(
    door=Door.SITE,
    roles=(*SITE_ROLES, Role.SUPERVISION_PM),
    group="项目",
    label="准入检查",
    url_name="site-checks",
    icon="shield-check",
    order=91,
    only=queries.has_checks,
)
