"""最新信息 in the administrator's menu."""

from shiming.core.actor import Door, Role
from shiming.web import menu

menu.add(
    door=Door.ADMIN,
    roles=[Role.SYS_ADMIN],
    group="系统",
    label="最新信息",
    url_name="bulletin-board",
    icon="bell",
    order=80,
)
