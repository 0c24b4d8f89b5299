"""Commands of an Excel import: upload and check, correct, commit in chunks or cancel (domain.md §7.4, security.md 43).

The checked rows are stored encrypted beside the import, so that the preview, the marked file and a commit that was
interrupted all use the same rows.
"""

from shiming.imports.commands.checking import (
    assign_columns,
    correct,
    head_of,
    raw_of,
    rows_of,
    rows_or_damage,
    upload,
)
from shiming.imports.commands.committing import ROWS_AT_ONCE, advance, cancel, finish, forget_old, start
from shiming.imports.rules import may_go_on, may_import, visible_to

__all__ = [
    "ROWS_AT_ONCE",
    "advance",
    "assign_columns",
    "cancel",
    "correct",
    "finish",
    "forget_old",
    "head_of",
    "may_go_on",
    "may_import",
    "raw_of",
    "rows_of",
    "rows_or_damage",
    "start",
    "upload",
    "visible_to",
]
