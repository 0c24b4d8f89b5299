"""监督机构只读，只看本站监督的项目；看得见哪些，由项目的规则说。"""

from shiming.core.actor import Actor, Role
from shiming.projects.rules import visible_to as visible_to


def may_oversee(actor: Actor) -> bool:
    """监督人员"""
    return actor.role is Role.REGULATOR
