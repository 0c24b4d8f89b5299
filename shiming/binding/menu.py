"""Where 企业端 leads to the pages of manual [004] (row 4-02)."""

from shiming.core.actor import KEEPERS, Door
from shiming.projects.flows import implementer_audits
from shiming.web import menu

menu.add(
    door=Door.COMPANY,
    roles=KEEPERS,
    group="人员管理",
    label="项目人员绑定",
    url_name="binding-projects",
    icon="link",
    order=12,
    when=implementer_audits,
)
