"""Who prints ledgers, and of which sites."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Actor, Role

PRINTERS = (*SITE_ROLES, Role.SUPERVISION_PM, *COMPANY_ROLES)


def may_print(actor: Actor) -> bool:
    """本项目的项目经理、现场操作用户、监理项目负责人，或本企业法人、人事聘用管理员"""
    return actor.role in PRINTERS
