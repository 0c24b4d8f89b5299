"""Where the doors lead to the entry desk."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door, Role
from shiming.web import menu

SITE = {"door": Door.SITE, "roles": SITE_ROLES}
READING = {"door": Door.SITE, "roles": (*SITE_ROLES, Role.SUPERVISION_PM)}
DESK = {"group": "进退场", "flows": ("site_direct",)}
menu.add(**SITE, **DESK, label="进场管理", url_name="stay-desk", icon="login", order=34)
menu.add(**SITE, **DESK, label="快速登记", url_name="stay-desk-queue", icon="keyboard", order=35)
menu.add(**SITE, **DESK, label="退场管理", url_name="stay-desk-exits", icon="logout", order=36)
QUERY = {"url_name": "stay-query", "icon": "search"}
menu.add(**READING, **QUERY, label="用工查询", group="进退场", flows=("site_direct", "two_tier"), order=37)
menu.add(
    **QUERY,
    door=Door.COMPANY,
    roles=(*COMPANY_ROLES, Role.PARTICIPANT_CLERK),
    group="现场作业人员实名制",
    label="用工信息查询",
    order=31,
    flows=("two_tier",),
)
