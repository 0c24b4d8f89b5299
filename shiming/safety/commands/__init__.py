from shiming.safety.commands.recording import not_employed, record_training, remove, restore, take_over
from shiming.safety.commands.reminding import remind

__all__ = ["not_employed", "record_training", "remind", "remove", "restore", "take_over"]
