"""Two steps before an import: assign columns, correct cells."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import redirect, render

from shiming.core.doors import console
from shiming.core.errors import DomainError
from shiming.imports import commands, preview
from shiming.imports.console.files import IMPORTERS, find
from shiming.imports.reader import BadFile
from shiming.imports.sheet import SHEETS, missing


@console(*IMPORTERS)
def columns(request, pk):
    """Assign the columns of a file; the choice is stored for the next file with the same headings."""
    item = find(request.actor, pk)
    if item.raw_id is None:
        return redirect("import-show", pk)
    problem = ""
    if request.method == "POST":
        try:
            commands.assign_columns(item, _names(request.POST), by=request.actor)
            return redirect("import-show", pk)
        except (DomainError, BadFile) as refused:
            problem = str(refused)
    sheet, head, raw = SHEETS[item.sheet], commands.head_of(item), commands.raw_of(item)
    names = _names(request.POST) if problem else head.names | preview.guesses(sheet, raw, head)
    head = replace(head, names=names)
    context = {
        "item": item,
        "sheet": sheet,
        "places": preview.places(sheet, raw, head),
        "lacking": missing(sheet, head),
        "problem": problem,
        "doubtful": [head.headings[place] for place in head.doubtful],
    }
    return render(request, "imports/columns.html", context, status=422 if problem else 200)


@console(*IMPORTERS, methods=("POST",))
def corrections(request, pk):
    """POST /imports/files/<pk>/corrections/: check the corrected cells again."""
    item = find(request.actor, pk)
    try:
        changed = commands.correct(item, _corrections(request.POST), by=request.actor)
    except BadFile as refused:
        messages.error(request, str(refused))
        return redirect("import-show", pk)
    item.refresh_from_db()
    left = f"，还有 {item.bad} 行有问题" if item.bad else "，全部可以导入了"
    messages.success(request, f"改了 {changed} 格{left}。" if changed else "没有改动。")
    return redirect("import-show", pk)


def _names(posted) -> dict[int, str]:
    """place-3=number → {3: "number"}; of two places with the same column the first counts."""
    names, used = {}, set()
    for key, name in posted.items():
        place = key.removeprefix("place-")
        if key.startswith("place-") and place.isdigit() and name not in used:
            names[int(place)] = name
            used |= {name} if name else set()
    return names


def _corrections(posted) -> dict[tuple[int, str], str]:
    """c-12-trade=钢筋工 → {(12, "trade"): "钢筋工"}."""
    found = {}
    for key, typed in posted.items():
        mark, _, rest = key.partition("-")
        number, _, name = rest.partition("-")
        if mark == "c" and number.isdigit():
            found[int(number), name] = typed.strip()
    return found
