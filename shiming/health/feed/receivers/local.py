"""A folder that the receiver collects from: SHIMING_FEED_FOLDER, else `feed` in the data folder.

The files hold whole ID numbers and are signed but not encrypted; only the account of this system may read them.
"""

import os

from shiming.core.environment import environment
from shiming.health.feed.receivers import Sent, Undelivered


def deliver(sent: Sent) -> None:
    """Write the file whole: a reader of the folder never sees half of one."""
    folder = environment().feed_folder or environment().folder / "feed"
    target, part = folder / sent.name, folder / f".{sent.key}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(sent.content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise Undelivered(f"报送文件夹不能写入（{type(error).__name__}）") from error
