"""Menu entries of the entry desk."""

from shiming.core.actor import KEEPERS, SITE_ROLES, Door, Role
from shiming.projects.flows import enters_by_form, registers_in_tiers
from shiming.projects.policies import EntryTrigger, Policy
from shiming.web import menu


def enters_at_an_office(policy: Policy) -> bool:
    return policy.entry_trigger in (EntryTrigger.FORM, EntryTrigger.ACCEPTANCE)


menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="进场管理",
    url_name="stay-desk",
    icon="login",
    order=34,
    when=enters_by_form,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="快速登记",
    url_name="stay-desk-queue",
    icon="keyboard",
    order=35,
    when=enters_by_form,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="退场管理",
    url_name="stay-desk-exits",
    icon="logout",
    order=36,
    when=enters_by_form,
)
menu.add(
    door=Door.SITE,
    roles=(*SITE_ROLES, Role.SUPERVISION_PM),
    group="进退场",
    label="用工查询",
    url_name="stay-query",
    icon="search",
    order=37,
    when=enters_at_an_office,
)
menu.add(
    door=Door.COMPANY,
    roles=KEEPERS,
    group="现场作业人员实名制",
    label="用工信息查询",
    url_name="stay-query",
    icon="search",
    order=31,
    when=registers_in_tiers,
)
