"""Commands of attendance."""

from shiming.attendance.commands.corrections import decide_correction, request_correction
from shiming.attendance.commands.punches import (
    OURS,
    PunchResult,
    auto_close,
    punch,
    punch_by_worker_code,
    title_of,
)
from shiming.attendance.commands.shift_rules import set_shift_rule

__all__ = [
    "OURS",
    "PunchResult",
    "auto_close",
    "decide_correction",
    "punch",
    "punch_by_worker_code",
    "request_correction",
    "set_shift_rule",
    "title_of",
]
