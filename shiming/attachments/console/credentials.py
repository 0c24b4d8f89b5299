"""Professional certificates of the company's people by expiry date, the earliest first."""

from django.shortcuts import render
from django.utils import timezone

from shiming.attachments import queries
from shiming.attachments.forms import ExpiryFilter
from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.web.forms import is_filtered, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table


def _left(row) -> str:
    days = (row.valid_until - timezone.localdate()).days
    return f"还有 {days} 天" if days > 0 else "今天到期" if days == 0 else f"已过期 {-days} 天"


COLUMNS = [
    Column("姓名", "person.name", href=lambda row: row.person.get_absolute_url()),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("执业名称", "name", nowrap=False),
    Column("证书编号", "number"),
    Column("授予单位", "issuer", nowrap=False),
    Column("有效期", "valid_until", kind="date"),
    Column("到期", render=_left),
]
NONE = Empty(
    "90 天内没有证书到期",
    "到期前 90、30、7 天会提醒单位与本人。查看其他证书，请把“到期”改为“全部”。",
    icon="certificate",
)


@console(*KEEPERS, methods=("GET",))
def expiry(request):
    return render(request, "attachments/credentials.html", {"table": _expiry(request)})


@register_list("credential-expiry")
def _expiry(request) -> Table:
    filters = ExpiryFilter(request.GET)
    asked = values_of(filters)
    return Table(
        COLUMNS,
        Paged(queries.expiring(request.actor, name=asked.name, within=asked.within), request, ("valid_until", "pk")),
        caption="证书到期",
        empty=Empty() if is_filtered(filters) else NONE,
        filters=filters,
    )
