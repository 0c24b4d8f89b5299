"""Storage of rows and cells between two requests: encrypted JSON beside the import, text only."""

import json
from dataclasses import asdict
from datetime import date
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.exceptions import ObjectDoesNotExist

from shiming.core import files
from shiming.core.actor import Actor, Door, Right, Role
from shiming.core.errors import Invalid
from shiming.core.models import StoredFile
from shiming.core.refusals import Refusal
from shiming.imports.models import SheetImport
from shiming.imports.sheet import Cell, Row, Sheet, link, parse, tables

PLACES = ("raw", "rows")


def keep(item: SheetImport, place: str, content) -> None:
    """Replace the stored content. The caller saves the item."""
    before: StoredFile | None = getattr(item, place)
    kept = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    setattr(item, place, files.store(kept, kind="import", media_type="application/json"))
    if before:
        item.save()
        files.remove(before)


def keep_rows(item: SheetImport, rows: list[Row]) -> None:
    """Replace the checked rows and their counts; a detail counts with the row it belongs to."""
    counted = [row for row in rows if not row.parent]
    item.total, item.good = len(counted), sum(row.good for row in counted)
    item.bad = item.total - item.good
    keep(item, "rows", [dump_row(row) for row in rows])


def forget(item: SheetImport) -> None:
    """Delete the content; the record of the import stays."""
    stored = [getattr(item, place) for place in PLACES]
    item.raw = item.rows = None
    item.save()
    for file in filter(None, stored):
        files.remove(file)


class Damaged(Invalid):
    """The stored content of an import is lost or cannot be decrypted."""

    def __init__(self):
        super().__init__(
            "这次导入的文件已损坏或丢失，不能继续",
            next_step="点“全部放弃”，再重新上传原来的表；仍不行的，请系统管理员检查磁盘",
        )


def load(file: StoredFile | None):
    """Raises Damaged."""
    try:
        return json.loads(files.read(file)) if file else []
    except (OSError, InvalidTag, ValueError, ObjectDoesNotExist) as error:
        raise Damaged from error


def dump_row(row: Row) -> list:
    cells = {name: [cell.kind, cell.text] for name, cell in row.cells.items()}
    problems = {column: asdict(problem) for column, problem in row.problems.items()}
    return [row.number, cells, problems, row.line, *([row.part, row.parent] if row.part else [])]


def load_rows(sheet: Sheet, kept: list, *, values: bool) -> list[Row]:
    """The stored rows; with `values` only the good ones, parsed again from their cells, details within their row."""
    rows = link([_load_row(*line) for line in kept])
    if not values:
        return rows
    good = [row for row in rows if row.good]
    for table, its in tables(sheet, good):
        parse(table, its)
    return [row for row in good if not row.part]


def _load_row(number: int, cells: dict, problems: dict, line: str, part: str = "", parent: int = 0) -> Row:
    return Row(
        number,
        {name: Cell(*cell) for name, cell in cells.items()},
        problems={column: Refusal(**problem) for column, problem in problems.items()},
        line=line,
        part=part,
        parent=parent,
    )


def dump_actor(by: Actor) -> dict:
    return {name: _plain(value) for name, value in asdict(by).items() if value is not None}


def load_actor(kept: dict) -> Actor:
    values = {name: UUID(value) if name.endswith("_id") else value for name, value in kept.items()}
    values["role"], values["door"] = Role(values["role"]), Door(values["door"])
    values["rights"] = frozenset(Right(right) for right in values.get("rights", ()))
    return Actor(**values)


def _plain(value):
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, UUID | date) else value
