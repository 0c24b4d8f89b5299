"""人脸登记单独告知书。改一个字就换一个版次：每个人同意的是哪一版，记在他的同意记录里。"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

VERSION = "2026-12"


class Item(NamedTuple):
    icon: str
    title: str
    text: str


ITEMS = (
    Item("face-id", _("做什么"), _("请您对着手机转头、靠近，系统拍几张照片，核对在场的是您本人。")),
    Item(
        "database", _("留下什么"), _("只留一串由脸算出的数字，单独加密。照片看完就删；与证件照不像的，人工看过就删。")
    ),
    Item("shield-check", _("做什么用"), _("证明您本人到过现场，用来提交项目绑定和考勤。不作别的用。")),
    Item("hourglass", _("留多久"), _("离职当天删除；退场后最多再留 {days} 天。您随时可以撤回，撤回马上删除。")),
    Item("hand-stop", _("可以不同意"), _("不同意也能上工：带身份证，由两个人当面核对，一样算数。")),
)
