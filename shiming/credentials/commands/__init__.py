from shiming.credentials.commands.recording import correct, record_credential, remove, take_over
from shiming.credentials.commands.reminding import remind

__all__ = ["correct", "record_credential", "remind", "remove", "take_over"]
