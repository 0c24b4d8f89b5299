"""From the file to checked rows: upload, assign columns, correct cells. Nothing is imported yet."""

from dataclasses import asdict, replace

from django.db import transaction

from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict
from shiming.core.lifecycle import lock
from shiming.core.refusals import Refusal, worded
from shiming.imports import choices, reader, rules, storage
from shiming.imports.headings import IGNORED, Head, Part
from shiming.imports.models import SheetImport
from shiming.imports.sheet import SHEETS, Cell, Reading, Row, Sheet, check, gather, missing, tables, understand

Status = SheetImport.Status
Corrections = dict[tuple[int, str], str]  # (number of the row, column) → new text


@bulk.many_values()
def upload(sheet: Sheet, content: bytes, *, file_name: str, by: Actor) -> SheetImport:
    """Read and check a file; with unknown or doubtful headings it stays 待对应列 until the user has assigned the columns.

    BadFile is raised when the file cannot be read or holds no such table.
    """
    require(rules.may_import, by, sheet)
    pages = reader.read(content)
    raw, head = gather(sheet, pages, choices.heads(sheet, by))
    _require_table(sheet, pages, raw, head)
    reading = None if missing(sheet, head) or head.doubtful else _understood(sheet, raw, head, by)
    return _keep(sheet, raw, head, reading, file_name, by)


@bulk.many_values()
def assign_columns(item: SheetImport, names: dict[int, str], *, by: Actor) -> SheetImport:
    """对应列. `names` maps places of the file to our columns; the choice is remembered for files with these headings."""
    require(rules.may_go_on, by, item)
    _require_open(item)
    sheet, raw, head = SHEETS[item.sheet], raw_of(item), head_of(item)
    head = replace(head, names={place: names.get(place, IGNORED) for place in head.headings}, doubtful=[])
    if lacking := missing(sheet, head):
        raise Conflict(f"还没有对应：{'、'.join(lacking)}")
    reading = _understood(sheet, raw, head, by)
    with transaction.atomic():
        item = lock(item, seen=item.version)
        choices.keep_heads(sheet, head, by)
        item.head = asdict(reading.head)
        _store_rows(item, reading.rows, reading.notes)
        item.save()
    return item


@bulk.many_values()
def correct(item: SheetImport, corrections: Corrections, *, by: Actor) -> int:
    """改正. Correct cells, check again, and return how many cells were changed.

    A word chosen from a list also replaces the same text in the other rows of this column.
    """
    require(rules.may_go_on, by, item)
    _require_open(item)
    sheet, rows = SHEETS[item.sheet], rows_of(item)
    shown = {row.number: row.codes for row in rows}
    alike = [(table, its, _alike(table, its, corrections, by)) for table, its in tables(sheet, rows)]
    changed = sum(_correct(its, corrections, chosen) for _, its, chosen in alike)
    notes = [*head_of(item).notes, *check(sheet, rows, by)]
    _count(sheet, rows, shown, by)
    with transaction.atomic():
        item = lock(item, seen=item.version)
        for table, _, chosen in alike:
            choices.keep_words(table, chosen, by)
        _store_rows(item, rows, notes)
        item.save()
    return changed


@bulk.many_values()
def rows_of(item: SheetImport, *, values: bool = False) -> list[Row]:
    """The rows in the order of the commit; none when the file has been deleted. With `values`: only the good rows,
    parsed again."""
    return storage.load_rows(SHEETS[item.sheet], storage.load(item.rows), values=values)


def rows_or_damage(item: SheetImport) -> tuple[list[Row], Refusal | None]:
    """The rows; or none, and the reason why they cannot be read."""
    try:
        return rows_of(item), None
    except storage.Damaged as damaged:
        return [], damaged.refusals[0]


def raw_of(item: SheetImport) -> list:
    return storage.load(item.raw)


def head_of(item: SheetImport) -> Head:
    return _head(item.head)


def _head(kept: dict) -> Head:
    headings, names = ({int(place): text for place, text in kept[part].items()} for part in ("headings", "names"))
    parts = [Part(*part) for part in kept.get("parts", ())]
    rest = {part: kept.get(part, []) for part in ("unread", "hidden", "notes", "doubtful")}
    details = {code: _head(detail) for code, detail in kept.get("details", {}).items()}
    return Head(kept["last"], headings, names, parts, **rest, end=kept.get("end"), details=details)


def _require_table(sheet, pages, raw, head) -> None:
    lacking = missing(sheet, head)
    needed = [column for column in sheet.columns if column.required]
    if lacking and (refused := next((page.refused for page in pages if page.refused), "")):
        raise reader.BadFile(refused)
    if len(head.headings) < len(needed) and lacking:
        raise reader.BadFile(f"缺少这些列：{'、'.join(lacking)}。请下载模板，按表头填写")
    if not any(map(any, head.below(raw))):
        raise reader.BadFile("表头下面没有内容，请填写后再导入")
    _require_details(sheet, pages, head)


def _require_details(sheet, pages, head) -> None:
    """A detail sheet may be left out, but not its required columns: those are assigned for the table only."""
    wrong = [f"“{page.name}”：{page.refused}" for page in pages if page.refused and sheet.detail(page.name)]
    for each in sheet.details:
        lacking = missing(each, head.details[each.code]) if each.code in head.details else []
        wrong += [f"“{each.label}”缺少这些列：{'、'.join(lacking)}"] if lacking else []
    if wrong:
        raise reader.BadFile(f"工作表{'；'.join(wrong)}。请下载模板，按表头填写")


def _require_open(item) -> None:
    if item.status not in (Status.MAPPING, Status.CHECKED):
        raise Conflict(f"该文件{item.get_status_display()}，不能再改")


def _understood(sheet, raw, head, by) -> Reading:
    """The rows in the order of the commit, after the words that were chosen for earlier files have been applied."""
    reading = understand(sheet, raw, head, by)
    if not reading.rows:
        raise reader.BadFile("对应的各列里没有内容")
    known = [(its, choices.words(table, its, by)) for table, its in tables(sheet, reading.rows)]
    if sum(_correct(its, {}, words) for its, words in known if words):
        replaced = "、".join(f"{before}→{after}" for _, words in known for (_, before), after in words.items())
        head = replace(reading.head, notes=[*reading.head.notes, f"按以前的选择读：{replaced}"])
        reading = Reading(head, reading.rows, check(sheet, reading.rows, by))
    _count(sheet, reading.rows, {}, by)
    if sheet.order:
        reading.rows.sort(key=sheet.order)
    return reading


def _count(sheet, rows, shown: dict[int, list[str]], by) -> None:
    """Count the refusals that these rows did not have when they were last shown; BadFile (R-72) above the limit."""
    added = [code for row in rows for code in row.codes if code not in shown.get(row.number, ())]
    if sheet.count and not sheet.count(added, len(rows), by):
        raise reader.BadFile(
            worded(
                "R-72",
                "文件里查不到、姓名不符或已在别处在职的人太多，这次一行也不告诉：请对照证件核对，十分钟后再上传",
            )
        )


@transaction.atomic
def _keep(sheet, raw, head, reading, file_name, by) -> SheetImport:
    item = SheetImport(
        sheet=sheet.code,
        file_name=file_name[:120],
        head=asdict(reading.head if reading else head),
        user_id=by.user_id,
        company_id=by.company_id,
        actor=storage.dump_actor(by),
    )
    storage.keep(item, "raw", raw)
    if reading:
        _store_rows(item, reading.rows, reading.notes)
    else:
        item.status, item.total = Status.MAPPING, len(head.below(raw))
    item.save()
    return item


def _correct(rows, corrections: Corrections, alike: dict[tuple[str, str], str]) -> int:
    changed = 0
    for row in rows:
        for name in row.problems:
            before = _text(row, name)
            typed = corrections.get((row.number, name), before)
            typed = alike.get((name, before), before) if typed == before else typed
            if typed != before:
                row.cells[name] = Cell("s", typed)
                changed += 1
    return changed


def _store_rows(item, rows, notes) -> None:
    item.notes = notes
    storage.keep_rows(item, rows)
    if item.status == Status.MAPPING:
        item.become(Status.CHECKED)


def _alike(sheet, rows, corrections: Corrections, by) -> dict[tuple[str, str], str]:
    """(column, text) → chosen word, for columns with a list and texts that the list does not have."""
    words = {column.name: column.words(by) for column in sheet.columns}
    numbered = {row.number: row for row in rows}
    found = {}
    for (number, name), typed in corrections.items():
        before = _text(numbered[number], name) if number in numbered else ""
        chosen = before and typed and typed != before and words.get(name)
        if chosen and sheet.column(name).strange(before, words[name]):
            found[name, before] = typed
    return found


def _text(row: Row, name: str) -> str:
    return row.cells[name].text if name in row.cells else ""
