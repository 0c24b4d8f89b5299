"""限制进场 where a site asks for the check, and on the phone of a person with an entry."""

from shiming.core.actor import COMPANY_ROLES, Door, Role
from shiming.restrictions import queries
from shiming.restrictions.rules import MANAGERS
from shiming.web import menu

MENU = {"label": "限制进场", "url_name": "restriction-list", "icon": "ban", "only": queries.is_asked}
MENU |= {"badge": queries.to_decide}
menu.add(**MENU, door=Door.COMPANY, roles=COMPANY_ROLES, group="人员管理", order=50)
menu.add(**MENU, door=Door.SITE, roles=MANAGERS, group="项目", order=94)
menu.add(**MENU, door=Door.OVERSIGHT, roles=(Role.REGULATOR,), group="监督", order=37)
menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="限制进场",
    url_name="my-restrictions",
    icon="ban",
    order=72,
    only=queries.has_any,
)
