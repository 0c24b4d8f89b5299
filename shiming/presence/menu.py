"""Where the doors lead to presence."""

from shiming.core.actor import SITE_ROLES, Door, Role
from shiming.presence import queries
from shiming.web import menu

SITE = {"door": Door.SITE, "roles": SITE_ROLES}
READING = {"door": Door.SITE, "roles": (*SITE_ROLES, Role.SUPERVISION_PM)}
menu.add(**READING, group="", label="首页", url_name="home-site", icon="home", order=1, tab=True)
menu.add(**SITE, group="", label="扫码", url_name="site-scan", icon="scan", order=2, tab=True)
GATE = {"group": "进退场", "flows": ("invite_scan", "two_tier", "audit_bind")}
menu.add(**READING, **GATE, label="进退场管理", url_name="stay-list", icon="helmet", order=30)
menu.add(
    **SITE,
    group="进退场",
    label="进场登记",
    url_name="stay-entry",
    icon="login",
    order=31,
    badge=queries.to_enter,
    flows=("invite_scan",),
)
menu.add(**SITE, **GATE, label="项目经理进退场管理", url_name="stay-managers", icon="id-badge-2", order=32)
menu.add(**SITE, **GATE, label="退场管理", url_name="stay-leaving", icon="logout", order=33)
menu.add(**SITE, group="项目", label="工地码", url_name="site-code", icon="qrcode", order=92)
PERSON = {"door": Door.PERSON, "roles": (Role.PERSON,), "group": ""}
menu.add(**PERSON, label="建设码", url_name="my-code", icon="qrcode", order=30, tab=True)
menu.add(**PERSON, label="为什么进不去", url_name="my-why", icon="help-circle", order=70)
