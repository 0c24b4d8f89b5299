from shiming.safety.commands.recording import record_training, remove, restore, take_over
from shiming.safety.commands.reminding import remind

__all__ = ["record_training", "remind", "remove", "restore", "take_over"]
