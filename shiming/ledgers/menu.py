"""Menu entries of 台账."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door, Role
from shiming.web import menu

for door, roles in ((Door.SITE, (*SITE_ROLES, Role.SUPERVISION_PM)), (Door.COMPANY, COMPANY_ROLES)):
    menu.add(door=door, roles=roles, group="表格", label="打印台账", url_name="ledgers", icon="printer", order=85)
