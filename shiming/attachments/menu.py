"""What this module offers in the menu of 企业端."""

from shiming.core.actor import KEEPERS, Door
from shiming.projects.flows import asks_social_proof
from shiming.web import menu

menu.add(
    door=Door.COMPANY,
    roles=KEEPERS,
    group="人员管理",
    label="证书到期",
    url_name="credential-expiry",
    icon="certificate",
    order=48,
    when=asks_social_proof,
)
