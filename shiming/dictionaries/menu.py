"""The menu entry of the dictionaries."""

from shiming.core.actor import Door, Role
from shiming.web import menu

menu.add(
    door=Door.ADMIN,
    roles=[Role.SYS_ADMIN],
    group="系统",
    label="字典",
    url_name="dictionary-list",
    icon="book",
    order=60,
)
