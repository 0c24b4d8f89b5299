"""Permissions to import kinds of files and to see uploads."""

from django.db.models import Q

from shiming.core.actor import Actor, Role
from shiming.imports.models import SheetImport
from shiming.imports.sheet import Sheet


def may_import(actor: Actor, sheet: Sheet) -> bool:
    """系统管理员；人员、班组与分配由本企业法人、人事聘用管理员或经办；防疫记录由工地用户与监理"""
    return actor.role is Role.SYSTEM or actor.role in sheet.roles


def visible_to(actor: Actor) -> Q:
    """The user's own uploads for the firm they act for: a file may hold ID numbers."""
    if actor.role is Role.SYSTEM:
        return Q()
    return Q(user_id=actor.user_id, company_id=actor.company_id)


def may_go_on(actor: Actor, item: SheetImport) -> bool:
    """上传该文件的人"""
    if actor.role is Role.SYSTEM:
        return True
    return (item.user_id, item.company_id) == (actor.user_id, actor.company_id)
