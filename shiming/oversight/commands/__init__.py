from shiming.oversight.commands.counting import count_days, count_everything, count_groups, count_troubles
from shiming.oversight.commands.exporting import note_export
from shiming.oversight.commands.inquiries import answer, close, give_back, send
from shiming.oversight.commands.inspections import note_findings, start
from shiming.oversight.commands.thresholds import set_thresholds

__all__ = [
    "answer",
    "close",
    "count_days",
    "count_everything",
    "count_groups",
    "count_troubles",
    "give_back",
    "note_export",
    "note_findings",
    "send",
    "set_thresholds",
    "start",
]
