"""Menu entries of presence."""

from shiming.core.actor import SITE_ROLES, Door, Role
from shiming.presence import queries
from shiming.projects.flows import enters_by_form, enters_by_scan
from shiming.projects.policies import Policy
from shiming.web import menu

READERS = (*SITE_ROLES, Role.SUPERVISION_PM)


def enters_without_form(policy: Policy) -> bool:
    """Whether entry is not by form; for entry by form the desk has its own lists."""
    return not enters_by_form(policy)


menu.add(
    door=Door.SITE,
    roles=READERS,
    group="",
    label="首页",
    url_name="home-site",
    icon="home",
    order=1,
    tab=True,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="",
    label="扫码",
    url_name="site-scan",
    icon="scan",
    order=2,
    tab=True,
)
menu.add(
    door=Door.SITE,
    roles=READERS,
    group="进退场",
    label="进退场管理",
    url_name="stay-list",
    icon="helmet",
    order=30,
    when=enters_without_form,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="进场登记",
    url_name="stay-entry",
    icon="login",
    order=31,
    badge=queries.to_enter,
    when=enters_by_scan,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="项目经理进退场管理",
    url_name="stay-managers",
    icon="id-badge-2",
    order=32,
    when=enters_without_form,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="进退场",
    label="退场管理",
    url_name="stay-leaving",
    icon="logout",
    order=33,
    when=enters_without_form,
)
menu.add(
    door=Door.SITE,
    roles=SITE_ROLES,
    group="项目",
    label="工地码",
    url_name="site-code",
    icon="qrcode",
    order=92,
)
menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="建设码",
    url_name="my-code",
    icon="qrcode",
    order=30,
    tab=True,
)
menu.add(
    door=Door.PERSON,
    roles=(Role.PERSON,),
    group="",
    label="为什么进不去",
    url_name="my-why",
    icon="help-circle",
    order=70,
)
