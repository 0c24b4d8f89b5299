"""The notice for the consent to a face template. Each change of its text needs a new VERSION: consents store it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

VERSION = "2026-12"


class Item(NamedTuple):
    icon: str
    title: str
    text: str


def items(days: int, purposes: list[str]) -> list[Item]:
    """The text as it is read; with `purposes` of the projects, one more item about the picture."""
    shown = [item._replace(text=str(item.text).format(days=days)) for item in ITEMS]
    return shown + [PORTRAIT._replace(text=str(PORTRAIT.text).format(purposes="；".join(purposes)))] * bool(purposes)


ITEMS = (
    Item("face-id", _("做什么"), _("请您对着手机转头、靠近，系统拍几张照片，核对在场的是您本人。")),
    Item(
        "database", _("留下什么"), _("只留一串由脸算出的数字，单独加密。照片看完就删；与证件照不像的，人工看过就删。")
    ),
    Item("shield-check", _("做什么用"), _("证明您本人到过现场，用来提交项目绑定和考勤。不作别的用。")),
    Item("hourglass", _("留多久"), _("离职当天删除；退场后最多再留 {days} 天。您随时可以撤回，撤回马上删除。")),
    Item("hand-stop", _("可以不同意"), _("不同意也能上工：带身份证，由两个人当面核对，一样算数。")),
)
# The consent row stores the purposes that projects state, so they need no new version.
PORTRAIT = Item(
    "photo",
    _("另可留一张照片"),
    _("项目要留一张登记时的照片，用于：{purposes}。单独加密，实施单位审核您时看得见，与数字一起删除。可以不选。"),
)
