"""进退场 on the phone: the gate for the PM, the worker's code and card, and why a worker cannot enter."""

from shiming.presence.mobile.code import ahead, card, card_paper, code
from shiming.presence.mobile.explanation import why, why_project, why_reminder
from shiming.presence.mobile.gate import find, found, scan, scan_entry, undo

__all__ = [
    "ahead",
    "card",
    "card_paper",
    "code",
    "find",
    "found",
    "scan",
    "scan_entry",
    "undo",
    "why",
    "why_project",
    "why_reminder",
]
