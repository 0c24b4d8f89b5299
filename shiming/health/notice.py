"""进场预登记须知. Every change of its text needs a new version: each pre-registration holds the one its person was told."""

from django.utils.translation import gettext_lazy as _

from shiming.people.notice import Item

VERSION = "2026-12"

ITEMS = (
    Item("id", _("收什么"), _("姓名、身份证号、手机号、出发地，和您在健康云申报的内容；携带家属的，家属的也收。")),
    Item("shield-check", _("做什么用"), _("只用于这个工地的防疫准入：预登记、每日健康、能不能进场。")),
    Item("lock", _("怎样保管"), _("加密保存。工地停用防疫准入后，按工地定的天数删除。")),
    Item("user-check", _("您的权利"), _("可以查看、更正、取走自己的数据；填错了，请告诉工地更正。")),
)
OWN_USE = Item("building", _("会给谁看"), _("工地、监理和监督机构；这个工地不送给别的单位。"))


def items(receiver: str = "") -> tuple[Item, ...]:
    """The notice of a site; `receiver` gets its pre-registrations every day (2-02)."""
    if not receiver:
        return (*ITEMS, OWN_USE)
    text = _("工地、监理和监督机构；您和家属的姓名、身份证号、手机号、出发地、居住地址和用人单位每天送{receiver}。")
    return (*ITEMS, Item("building", _("会给谁看"), str(text).format(receiver=receiver)))
