from shiming.core.actor import KEEPERS, Door, Role
from shiming.web import menu

FILES = {"label": "Excel 导入", "url_name": "import-list", "icon": "file-spreadsheet"}
menu.add(**FILES, door=Door.ADMIN, roles=[Role.SYS_ADMIN], group="系统", order=65)
menu.add(**FILES, door=Door.COMPANY, roles=KEEPERS, group="表格", order=80)
