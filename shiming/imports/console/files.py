"""Excel import: template, upload, columns, preview with the problem of each cell, correction, commit or cancel.

The uploaded file can be downloaded with its bad cells marked.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from shiming.core.actor import KEEPERS, SITE_ROLES, Actor, Role
from shiming.core.doors import SHEET, console, takes
from shiming.imports import commands, preview, workbooks
from shiming.imports.forms import UploadForm
from shiming.imports.jobs import run_import
from shiming.imports.models import SheetImport
from shiming.imports.queries import waiting_or_running
from shiming.imports.reader import BadFile
from shiming.imports.sheet import SHEETS, Sheet, offered_to
from shiming.web.forms import status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

IMPORTERS = (Role.SYS_ADMIN, *KEEPERS, *SITE_ROLES, Role.SUPERVISION_PM)
COLUMNS = [
    Column("文件名", "file_name", nowrap=False, href=lambda row: f"/imports/files/{row.pk}/"),
    Column("种类", render=lambda row: SHEETS[row.sheet].label if row.sheet in SHEETS else row.sheet),
    Column("上传时间", "created_at", kind="time"),
    Column("行数", "total", kind="number"),
    Column("新增", "created", kind="number"),
    Column("更新", "changed", kind="number"),
    Column("状态", render=lambda row: row.get_status_display()),
]


@console(*IMPORTERS, methods=("GET",))
def listing(request):
    context = {"table": _imports(request), "sheets": offered_to(request.actor)}
    return render(request, "imports/list.html", context)


@register_list("import-list")
def _imports(request) -> Table:
    empty = Empty("还没有导入过", "选一种，下载模板，或直接上传您现有的表。", icon="file-spreadsheet")
    return Table(COLUMNS, Paged(_visible(request.actor), request), caption="导入记录", empty=empty)


@console(*IMPORTERS)
@takes(SHEET)
def upload(request, code):
    sheet = _sheet(request.actor, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            item = commands.upload(sheet, file.read(), file_name=file.name, by=request.actor)
        except BadFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("import-columns" if item.status == SheetImport.Status.MAPPING else "import-show", item.pk)
    return render(request, "imports/upload.html", {"form": form, "sheet": sheet}, status=status_of(form))


@console(*IMPORTERS, methods=("GET",))
def template(request, code):
    sheet = _sheet(request.actor, code)
    return _workbook(workbooks.template(sheet, request.actor), f"{sheet.label}导入模板.xlsx")


@console(*IMPORTERS, methods=("GET",))
def show(request, pk):
    item = find(request.actor, pk)
    sheet, (rows, damage) = SHEETS[item.sheet], commands.rows_or_damage(item)
    bad = preview.bad_rows(sheet, rows, request.actor)
    context = {
        "item": item,
        "sheet": sheet,
        "bad": bad,
        "good": preview.good_rows(sheet, rows),
        "damage": damage,
        "open": item.status == SheetImport.Status.CHECKED and item.rows_id is not None and damage is None,
        "stopped": _stopped(item) and damage is None,
        "left": item.good - item.position,
        "shown": preview.GOOD_ROWS_SHOWN,
    }
    return render(request, "imports/show.html", context)


@console(*IMPORTERS, methods=("GET",))
def progress(request, pk):
    """The page of a running import polls this every second; at the end it reloads the whole page."""
    item = find(request.actor, pk)
    answer = render(request, "imports/parts/progress.html", {"item": item})
    if item.status != SheetImport.Status.RUNNING or _stopped(item):
        answer["HX-Refresh"] = "true"
    return answer


@console(*IMPORTERS, methods=("POST",))
def commitment(request, pk):
    """Import the good rows, or all or none; up to ROWS_AT_ONCE in the request, more by a job."""
    item = find(request.actor, pk)
    item = commands.start(item, by=request.actor, all_or_nothing=bool(request.POST.get("all")))
    if item.good <= commands.ROWS_AT_ONCE:
        commands.finish(item)
    elif not waiting_or_running(item):
        run_import.defer(import_id=str(item.pk))
    return redirect("import-show", pk)


@console(*IMPORTERS, methods=("POST",))
def cancellation(request, pk):
    item = commands.cancel(find(request.actor, pk), by=request.actor)
    return redirect("import-upload", item.sheet)


@console(*IMPORTERS, methods=("GET",))
def marked(request, pk):
    """The uploaded rows as a workbook, with every bad cell marked."""
    item = find(request.actor, pk)
    if item.rows_id is None:
        raise Http404
    name = item.file_name.rpartition(".")[0] or item.file_name
    content = workbooks.marked(SHEETS[item.sheet], commands.rows_of(item), request.actor)
    return _workbook(content, f"标注_{name}.xlsx")


def find(actor: Actor, pk) -> SheetImport:
    return get_object_or_404(_visible(actor), pk=pk)


def _stopped(item: SheetImport) -> bool:
    """Started, but no job is queued or running."""
    return item.status == SheetImport.Status.RUNNING and not waiting_or_running(item)


def _visible(actor):
    return SheetImport.objects.filter(commands.visible_to(actor))


def _sheet(actor: Actor, code) -> Sheet:
    """404 for a kind of file that this role may not import."""
    sheet = SHEETS.get(code)
    if sheet is None or not commands.may_import(actor, sheet):
        raise Http404
    return sheet


def _workbook(content, name) -> HttpResponse:
    answer = HttpResponse(content, content_type=workbooks.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = workbooks.disposition(name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
