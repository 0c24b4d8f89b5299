"""The notice before registration. Each change of its text needs a new version: each person's row stores it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

VERSION = "2026-12"


class Item(NamedTuple):
    icon: str
    title: str
    text: str


ITEMS = (
    Item("id", _("收什么"), _("身份证正反面照片、姓名、身份证号、手机号，头像可以不拍。")),
    Item(
        "shield-check",
        _("做什么用"),
        _("核对您是谁，用来签聘用、进工地、记考勤、保工资，不作别的用。防疫的预登记另有须知，写明送给谁。"),
    ),
    Item("lock", _("怎样保管"), _("加密保存，页面上只显示头三位和末三位。谁看过完整号码，您在“我的”里都能查到。")),
    Item("hourglass", _("要等多久"), _("最多 15 个工作日。等的时候不用重复登记，好了自动继续。")),
    Item("user-check", _("您的权利"), _("可以查看、改正、取走自己的数据；请只用您本人的证件，冒用他人证件要负责任。")),
)
