"""The shipped provider: one line of JSON per message in $SHIMING_HOME/outbox.jsonl, readable by its owner only."""

import json
import os
from pathlib import Path

from shiming.core.environment import environment
from shiming.outbox.models import OutboxMessage

NAME = "local"
INSTANT = True
LARGEST = 20_000_000  # bytes; a larger file becomes outbox.jsonl.1, and the one before it is deleted


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
    with open(_path(), "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)


def rotate() -> None:
    if _path().exists() and _path().stat().st_size > LARGEST:
        _path().replace(_path().with_name("outbox.jsonl.1"))


def _path() -> Path:
    return environment().folder / "outbox.jsonl"
