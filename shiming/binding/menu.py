"""人员管理, as manual [004] prints it."""

from shiming.assignment.answerers import AUDITORS
from shiming.binding import audits
from shiming.core.actor import Door
from shiming.web import menu

# 项目人员登记绑定审核
menu.add(
    door=Door.COMPANY,
    roles=AUDITORS,
    group="人员管理",
    label="项目人员登记绑定审核",
    url_name="binding-audits",
    icon="clipboard-check",
    order=59,
    badge=audits.waiting,
    only=audits.audits,
)
