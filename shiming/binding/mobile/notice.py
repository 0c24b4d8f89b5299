"""The notice above the QR form. Each change of its text needs a new VERSION: each form stores the accepted one."""

from django.utils.translation import gettext_lazy as _

from shiming.people.notice import Item

VERSION = "2026-12"

ITEMS = (
    Item("id", _("收什么"), _("姓名、身份证号码、手机号、住址和工种；照片可以不拍。")),
    Item("shield-check", _("做什么用"), _("只给上面这家企业办理您在这个项目的实名登记。")),
    Item("lock", _("怎样保管"), _("加密保存。企业办完 30 天后删除，没有办的 90 天后删除。")),
    Item(
        "user-check",
        _("您的权利"),
        _("请只填您本人的信息。填错了再扫一次，以后一次为准；不想登记的，可以请企业当面办理。"),
    ),
)
