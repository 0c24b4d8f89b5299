"""The menu 人员管理 for companies. Source: manual [004] 4-02."""

from shiming.assignment.answerers import AUDITORS
from shiming.binding import audits
from shiming.core.actor import KEEPERS, Door
from shiming.projects.flows import implementer_audits
from shiming.web import menu

MENU = {"door": Door.COMPANY, "group": "人员管理"}
menu.add(
    **MENU,
    roles=KEEPERS,
    label="项目人员绑定",
    url_name="binding-projects",
    icon="link",
    order=12,
    when=implementer_audits,
)
menu.add(
    **MENU,
    roles=AUDITORS,
    label="项目人员登记绑定审核",
    url_name="binding-audits",
    icon="clipboard-check",
    order=13,
    badge=audits.waiting,
    only=audits.audits,
)
