"""工地疫情防控管理 in the site menu (2-21), on sites that chose the check."""

from shiming.core.actor import SITE_ROLES, Actor, Door, Role
from shiming.health import queries, rules
from shiming.web import menu, next_steps

MENU = {
    "door": Door.SITE,
    "roles": (*SITE_ROLES, Role.SUPERVISION_PM),
    "group": "工地疫情防控管理",
    "only": queries.is_chosen,
}
menu.add(**MENU, label="工地疫情防控信息", url_name="health-site", icon="shield-check", order=25)
menu.add(**MENU, label="进场预登记", url_name="preregistration-list", icon="clipboard-list", order=26)
menu.add(**MENU, label="在场人员健康", url_name="health-on-site", icon="heart", order=27)
# The site menu of manual [002] 2-21; what it prints besides is listed as out of scope in docs/manuals.md.
menu.arrange(
    door=Door.SITE,
    only=queries.is_chosen,
    groups={
        "": "",
        "项目": "项目",
        "工地疫情防控管理": "工地疫情防控管理",
        "进退场": "进退场用工管理",
    },
    labels={"合同基本信息": "基本信息"},
)


def declares_here(actor: Actor) -> bool:
    return queries.declares_here()


menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="健康登记",
    url_name="my-declaration",
    icon="heart",
    order=65,
    only=declares_here,
)


def may_preregister_now(actor: Actor) -> bool:
    return rules.may_preregister_here(actor) and queries.is_kept(actor.project_id)


next_steps.add("R-33", "去办进场预登记", "preregistration-new", may=may_preregister_now)
