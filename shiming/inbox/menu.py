"""待办 in the menu of every door that has it, with the number of open items."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door, Role
from shiming.inbox import queries
from shiming.web import menu

WAITS = {"label": "待办", "icon": "inbox", "badge": queries.waiting}

menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="首页",
    url_name="home-person",
    icon="home",
    order=10,
    tab=True,
)
menu.add(door=Door.PERSON, roles=(Role.PERSON,), group="", url_name="my-inbox", order=20, tab=True, **WAITS)
CLERKS = (*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK)
menu.add(door=Door.COMPANY, roles=CLERKS, group="", url_name="inbox", order=15, **WAITS)
menu.add(
    door=Door.SITE, roles=(*SITE_ROLES, Role.SUPERVISION_PM), group="", url_name="inbox", order=15, tab=True, **WAITS
)
