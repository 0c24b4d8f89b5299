from shiming.attachments.commands.credentials import remind
from shiming.attachments.commands.keeping import note_opening, remove, restore
from shiming.attachments.commands.uploading import begin, receive, take, terminate, tidy_up

__all__ = ["begin", "note_opening", "receive", "remind", "remove", "restore", "take", "terminate", "tidy_up"]
