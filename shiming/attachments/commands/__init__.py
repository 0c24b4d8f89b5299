from shiming.attachments.commands.keeping import discard_papers_of, note_opening, remove, restore
from shiming.attachments.commands.uploading import begin, receive, take, terminate, tidy_up

__all__ = [
    "begin",
    "discard_papers_of",
    "note_opening",
    "receive",
    "remove",
    "restore",
    "take",
    "terminate",
    "tidy_up",
]
