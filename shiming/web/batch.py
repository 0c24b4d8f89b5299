"""The page side of a batch: the ticked rows, and the page that lists the results."""

from itertools import islice
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect, render

from shiming.core.batch import BatchResult
from shiming.core.errors import Invalid
from shiming.web.lists import table_at
from shiming.web.table import LARGEST, resolve


def ticked(request) -> list[str]:
    """The ids of the ticked rows, or of the one row whose button was pressed; with 选择全部, of all rows of the list
    that may be ticked, as far as one batch goes. A dialog names them again, so that its answer is about these rows."""
    if address := request.POST.get("every"):
        return _every(table_at(request.actor, address, request.POST.get("table", "")))
    return request.POST.getlist("ids") or request.GET.getlist("ids")


def lacks_people(request) -> bool:
    """True for a dialog opened without selected rows, as after a return from the login."""
    return request.method == "GET" and not ticked(request)


def chosen(rows: QuerySet, ids: list[str]) -> list:
    """The ticked rows. A row that the actor may not see makes the whole request fail with 404."""
    try:
        ids = {UUID(text) for text in ids}
    except ValueError as error:
        raise Http404 from error
    if len(ids) > LARGEST:
        raise Invalid(f"一次最多办理 {LARGEST} 人，选了 {len(ids)} 人", next_step="分几次选，选一批办一批")
    found = list(rows.filter(pk__in=ids))
    if len(found) != len(ids):
        raise Http404
    return found


def answer(request, result: BatchResult, done: str, back: str):
    """Redirect to the list when all rows passed; else the page of refusals. `done` is the verb shown: 已同意."""
    back = _as_it_was(request, back)
    if not result.refused:
        messages.success(request, f"{done} {len(result.done)} 人。" if len(result.done) > 1 else f"{done}。")
        return redirect(back)
    context = {"result": result, "done": done, "back": back}
    return render(request, "web/batch.html", context, status=200 if result.done else 422)


def _every(table) -> list[str]:
    select = table.select
    if select is None or not select.every:
        raise Http404
    rows = (row for row in table.whole(LARGEST) if select.may(row))
    return [str(resolve(row, select.path)) for row in islice(rows, LARGEST)]


def _as_it_was(request, back: str) -> str:
    """The list the rows were ticked in, with its search and its page."""
    shown = (getattr(request, "htmx", None) and request.htmx.current_url_abs_path) or ""
    return shown if shown.partition("?")[0] == back else back
