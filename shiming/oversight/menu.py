"""监督端的菜单；离职逾期与登记异议由聘用那边放进来。"""

from shiming.core.actor import Door, Role
from shiming.oversight import troubles
from shiming.web import menu

OVERSIGHT = {"door": Door.OVERSIGHT, "roles": (Role.REGULATOR,)}
menu.add(**OVERSIGHT, group="", label="首页", url_name="home-oversight", icon="home", order=1)
menu.add(**OVERSIGHT, group="监督", label="实名制作业人员信息查询", url_name="oversight-sites", icon="users", order=20)
menu.add(
    **OVERSIGHT,
    group="监督",
    label="问题项目",
    url_name="oversight-troubles",
    icon="alert-triangle",
    order=30,
    badge=troubles.projects,
)
