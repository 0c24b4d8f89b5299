from shiming.restrictions.commands.agreeing import agree, ask, decline
from shiming.restrictions.commands.appealing import appeal, lift, uphold
from shiming.restrictions.commands.forgetting import forget_ended
from shiming.restrictions.commands.importing import find, not_allocated, take_over
from shiming.restrictions.commands.issuing import issue, note_opening

__all__ = [
    "agree",
    "appeal",
    "ask",
    "decline",
    "find",
    "forget_ended",
    "issue",
    "lift",
    "not_allocated",
    "note_opening",
    "take_over",
    "uphold",
]
