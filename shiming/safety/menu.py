"""Menu entries of safety trainings for companies and sites, where a site asks for them."""

from shiming.core.actor import KEEPERS, SITE_ROLES, Door, Role
from shiming.safety import queries
from shiming.web import menu

MENU = {"label": "安全培训", "url_name": "training-list", "icon": "certificate", "only": queries.is_asked}
menu.add(**MENU, door=Door.COMPANY, roles=KEEPERS, group="人员管理", order=49)
menu.add(**MENU, door=Door.SITE, roles=(*SITE_ROLES, Role.SUPERVISION_PM), group="项目", order=92)
