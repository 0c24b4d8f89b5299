"""Menu entries of the system administrator."""

from shiming.core.actor import Door, Role
from shiming.web import menu

ADMIN = {"door": Door.ADMIN, "roles": [Role.SYS_ADMIN]}
menu.add(**ADMIN, group="", label="首页", url_name="home-admin", icon="home", order=1)
menu.add(**ADMIN, group="系统", label="痕迹", url_name="trail-list", icon="history", order=90)
menu.add(**ADMIN, group="系统", label="后台任务", url_name="job-list", icon="clock", order=91)
