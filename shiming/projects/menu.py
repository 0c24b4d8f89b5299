"""Menu entries of the projects module."""

from shiming.core.actor import COMPANY_ROLES, KEEPERS, SITE_ROLES, Door, Role
from shiming.projects import flows  # noqa: F401  registers the policies of an actor
from shiming.web import menu

SITE = (*SITE_ROLES, Role.SUPERVISION_PM)
GRANTERS = (Role.PM, Role.SUPERVISION_PM)
TEAMS = KEEPERS

# (door, roles, group, label, page, icon, order)
ENTRIES = [
    (Door.ADMIN, [Role.SYS_ADMIN], "登记", "项目", "project-list", "crane", 20),
    (Door.ADMIN, [Role.SYS_ADMIN], "登记", "合同", "contract-list", "file-text", 30),
    (Door.ADMIN, [Role.SYS_ADMIN], "登记", "监督站", "station-list", "shield-check", 40),
    (Door.COMPANY, TEAMS, "人员", "班组", "team-list", "users-group", 50),
    (Door.COMPANY, COMPANY_ROLES, "企业管理", "参建项目", "project-list", "crane", 80),
    (Door.COMPANY, COMPANY_ROLES, "企业管理", "合同信息报送", "contract-list", "file-text", 82),
    (Door.SITE, SITE, "项目", "合同基本信息", "contract-basics", "file-text", 80),
    (Door.SITE, GRANTERS, "项目", "现场操作用户", "operators", "key", 85),
    (Door.OVERSIGHT, [Role.REGULATOR], "查询", "项目", "project-list", "crane", 60),
]

for door, roles, group, label, url_name, icon, order in ENTRIES:
    menu.add(door=door, roles=roles, group=group, label=label, url_name=url_name, icon=icon, order=order)
