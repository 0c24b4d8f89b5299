"""Menu entries of the authority, and 监督站督办 of the site; 离职逾期 and 登记异议 are added by employment."""

from shiming.core.actor import SITE_ROLES, Door, Role
from shiming.oversight import inquiries, troubles
from shiming.projects.chain import is_general
from shiming.web import menu

OVERSIGHT = {"door": Door.OVERSIGHT, "roles": (Role.REGULATOR,)}
STATION = {**OVERSIGHT, "group": "监督"}
menu.add(**OVERSIGHT, group="", label="首页", url_name="home-oversight", icon="home", order=1)
menu.add(**STATION, label="总览", url_name="oversight-overview", icon="chart-bar", order=10)
menu.add(**STATION, label="实名制作业人员信息查询", url_name="oversight-sites", icon="users", order=20)
menu.add(
    **STATION,
    label="问题项目",
    url_name="oversight-troubles",
    icon="alert-triangle",
    order=30,
    badge=troubles.projects,
)
menu.add(**STATION, label="督办", url_name="oversight-inquiries", icon="send", order=35, badge=inquiries.to_close)
menu.add(**STATION, label="到场检查", url_name="oversight-inspections", icon="checklist", order=38)
menu.add(**STATION, label="核对签名文件", url_name="signed-file", icon="signature", order=90)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="项目",
    label="监督站督办",
    url_name="site-inquiries",
    icon="alert-triangle",
    order=95,
    badge=inquiries.to_answer,
    only=is_general,
)
menu.add(
    door=Door.ADMIN,
    roles=[Role.SYS_ADMIN],
    group="系统",
    label="问题天数",
    url_name="oversight-thresholds",
    icon="adjustments",
    order=80,
)
