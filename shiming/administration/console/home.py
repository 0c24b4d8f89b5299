"""Start page of the system administrator: totals, waiting work and the state of the machine."""

from django.shortcuts import render

from shiming.administration import queries
from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.web.table import Column, Empty, Table

BATCH_COLUMNS = [
    Column("开始", "created_at", kind="time"),
    Column("完成", "finished_at", kind="time"),
    Column("核验", "checked", kind="number"),
    Column("通过", "passed", kind="number"),
    Column("失败", "failed", kind="number"),
    Column("待人工", "left", kind="number"),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def home(request):
    empty = Empty("还没有运行过身份核验", "每天夜里自动运行，也可以在“人员核验”里立即运行。", icon="shield-check")
    context = {
        "counts": queries.counts(),
        "sealing": queries.sealing(),
        "batches": Table(BATCH_COLUMNS, queries.last_batches(), caption="身份核验批次", empty=empty),
        "warnings": queries.warnings(),
    }
    return render(request, "administration/home.html", context)
