"""The shipped provider: one line of JSON per message in $SHIMING_HOME/outbox.jsonl, readable by its owner only."""

import json
import os

from shiming.core.environment import environment
from shiming.outbox.models import OutboxMessage

NAME = "local"
INSTANT = True


def deliver(message: OutboxMessage) -> None:
    """The number stays masked: this file is a log, and logs are copied to many places."""
    line = {
        "at": message.created_at.isoformat(timespec="seconds"),
        "id": str(message.pk),
        "channel": message.channel,
        "to": str(message.to),
        "purpose": message.purpose,
        "text": message.text.plain,
    }
    content = json.dumps(line, ensure_ascii=False) + "\n"
    path = environment().folder / "outbox.jsonl"
    with open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
