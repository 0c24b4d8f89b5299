"""Menu entries of the card reader."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door
from shiming.web import menu

READER = {"group": "人员", "label": "实名登记", "url_name": "reader", "icon": "id"}
menu.add(door=Door.COMPANY, roles=COMPANY_ROLES, order=26, **READER)
menu.add(door=Door.SITE, roles=SITE_ROLES, order=46, **READER)
