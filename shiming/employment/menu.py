"""Menu entries of the employment module."""

from django.db.models import QuerySet

from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Door, Role
from shiming.employment import queries
from shiming.employment.models import Employment
from shiming.projects.flows import implementer_audits, registers_in_tiers
from shiming.web import menu


def _uncompleted(actor: Actor) -> QuerySet[Employment]:
    return queries.hired(actor, completed="no")


COMPANY = {"door": Door.COMPANY, "roles": COMPANY_ROLES, "group": "聘用"}
menu.add(**COMPANY, label="聘用管理", url_name="employment-list", icon="briefcase", order=20)
menu.add(
    **COMPANY,
    label="完善建筑工人信息",
    url_name="employment-profiles",
    icon="id-badge-2",
    order=21,
    badge=_uncompleted,
)
menu.add(**COMPANY, label="离职申请", url_name="leave-list", icon="door-exit", order=22, badge=queries.leave_requests)
menu.add(**COMPANY, label="转出", url_name="transfer-list", icon="transfer", order=23)
TIERS = {
    "door": Door.COMPANY,
    "roles": KEEPERS,
    "group": "现场作业人员实名制",
    "when": registers_in_tiers,
}
menu.add(**TIERS, label="未读卡人员登记", url_name="employment-unread", icon="user-question", order=32)
menu.add(**TIERS, label="基本信息登记", url_name="employment-registrations", icon="clipboard-list", order=33)
menu.add(
    door=Door.COMPANY,
    roles=KEEPERS,
    group="人员管理",
    label="管理人员登记",
    url_name="manager-list",
    icon="id-badge-2",
    order=41,
    when=implementer_audits,
)
OVERSIGHT = {"door": Door.OVERSIGHT, "roles": (Role.REGULATOR,), "group": "监督"}
menu.add(
    **OVERSIGHT,
    label="离职逾期",
    url_name="leave-overdue",
    icon="clock-exclamation",
    order=40,
    badge=queries.overdue_leaves,
)
menu.add(
    **OVERSIGHT,
    label="登记异议",
    url_name="objection-list",
    icon="hand-stop",
    order=41,
    badge=queries.standing_objections,
)
menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="我的聘用",
    url_name="my-employments",
    icon="briefcase",
    order=60,
)
