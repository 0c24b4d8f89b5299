"""The master key of an installation: 32 random bytes in one file that only its owner can read (security.md 50–52)."""

import os
from pathlib import Path

KEY_BYTES = 32


def create_master_key(path: Path) -> Path:
    """Create the key file of a new installation with mode 0400; leave an existing one unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return path
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path
