from shiming.core.actor import COMPANY_ROLES, Door, Role
from shiming.web import menu

# (分组, 名称, 页面, 图标, 次序)
ENTRIES = [
    ("", "首页", "home-admin", "home", 1),
    ("系统", "字典", "dictionary-list", "book", 60),
    ("系统", "Excel 导入", "import-list", "file-spreadsheet", 65),
    ("系统", "痕迹", "trail-list", "history", 90),
]

for group, label, url_name, icon, order in ENTRIES:
    menu.add(
        door=Door.ADMIN, roles=[Role.SYS_ADMIN], group=group, label=label, url_name=url_name, icon=icon, order=order
    )
menu.add(
    door=Door.COMPANY,
    roles=COMPANY_ROLES,
    group="表格",
    label="Excel 导入",
    url_name="import-list",
    icon="file-spreadsheet",
    order=80,
)
