"""The view that writes a registered list to a file."""

from shiming.core.doors import console
from shiming.web.export import TAKERS, hand_out
from shiming.web.lists import table_at
from shiming.web.reauthentication import fresh_login


@console(*TAKERS, methods=("POST",))
@fresh_login
def take(request):
    """POST /lists/file/ — `list` is the address of the page with its query, `table` the id of the table on it."""
    table = table_at(request.actor, request.POST.get("list", ""), request.POST.get("table", ""))
    name = table.file_name or table.caption or "列表"
    return hand_out(request, table.columns, table.whole(), name=name, note=table.note, details=table.details)
