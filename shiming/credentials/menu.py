"""The menu entry of certificates, where a site asks for them; a company that keeps papers [004] always has it."""

from shiming.core.actor import KEEPERS, SITE_ROLES, Actor, Door, Role
from shiming.credentials import queries
from shiming.projects.flows import asks_social_proof, works_under
from shiming.web import menu


def is_kept(actor: Actor) -> bool:
    return works_under(actor, asks_social_proof) or queries.is_asked(actor)


MENU = {"label": "人员证书", "url_name": "credential-list", "icon": "certificate"}
menu.add(**MENU, door=Door.COMPANY, roles=KEEPERS, group="人员管理", order=48, only=is_kept)
menu.add(
    **MENU, door=Door.SITE, roles=(*SITE_ROLES, Role.SUPERVISION_PM), group="项目", order=93, only=queries.is_asked
)
