"""最新信息 for readers: logged-in users, and visitors for notices marked as public."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from shiming.bulletins import queries
from shiming.core import files
from shiming.core.doors import public
from shiming.dictionaries import queries as dictionaries
from shiming.web.frames import asks_for_part, frame_for
from shiming.web.paging import page

PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@public(methods=("GET",))
def listing(request):
    categories = dictionaries.choices("bulletin")
    chosen = request.GET.get("category", "")
    chosen = chosen if chosen in dict(categories) else ""
    rows = page(queries.shown(request.actor, category=chosen), request, order=queries.ORDER)
    context = {"rows": rows, "categories": [("", "全部"), *categories], "chosen": chosen}
    return _answer(request, "bulletins/list.html", context)


@public(methods=("GET",))
def show(request, pk):
    row = get_object_or_404(queries.shown(request.actor), pk=pk)
    return _answer(request, "bulletins/show.html", {"row": row, "files": row.files.order_by("created_at")})


@public(methods=("GET",))
def file(request, pk):
    """The file as a download: nothing of it runs in the page."""
    row = get_object_or_404(queries.files_seen(request.actor), pk=pk)
    headers = PRIVATE | {"Content-Disposition": content_disposition_header(True, row.name)}
    return HttpResponse(files.read(row.stored), content_type=row.media_type, headers=headers)


def _answer(request, template: str, context: dict) -> HttpResponse:
    visitor = request.actor is None and not asks_for_part(request)
    shell = "web/entrance.html" if visitor else frame_for(request)
    response = render(request, template, context | {"shell": shell, "visitor": visitor})
    response.headers["Cache-Control"] = PRIVATE["Cache-Control"]
    return response
