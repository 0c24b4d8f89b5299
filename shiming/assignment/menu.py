"""Menu entries of allocations."""

from shiming.assignment import queries
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door, Role
from shiming.projects.policies import Confirmer, Policy
from shiming.web import menu


def confirmed_above(policy: Policy) -> bool:
    return policy.confirmer is Confirmer.PARENT


def confirmed_on_site(policy: Policy) -> bool:
    return policy.confirmer is Confirmer.SITE


menu.add(
    door=Door.COMPANY,
    roles=COMPANY_ROLES,
    group="项目用工",
    label="人员分配",
    url_name="assignment-places",
    icon="users-group",
    order=40,
    badge=queries.rejected,
)
menu.add(
    door=Door.COMPANY,
    roles=COMPANY_ROLES,
    group="现场作业人员实名制",
    label="人员项目分配",
    url_name="assignment-projects",
    icon="users-group",
    order=34,
    when=confirmed_above,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="现场作业人员实名制",
    label="进场人员确认",
    url_name="assignment-acceptance",
    icon="user-check",
    order=9,
    badge=queries.waiting,
    when=confirmed_above,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="人员",
    label="人员分配",
    url_name="assignment-waiting",
    icon="users-group",
    order=10,
    badge=queries.waiting,
    when=confirmed_on_site,
)
menu.add(
    door=Door.SITE,
    roles=(Role.SUPERVISION_PM,),
    group="人员",
    label="已确认人员",
    url_name="assignment-list",
    icon="users",
    order=10,
)
