"""The photo of a card: 1024 bytes in WLT, an unpublished format that only a library of the maker decodes.

Without the library everything works, but there is no photo.
"""

import logging
from collections.abc import Callable
from importlib import import_module

HEADER = bytes.fromhex("574c66007e00")  # "WL", width 102, height 126
SIZE = 1024
JPEG = b"\xff\xd8\xff"

log = logging.getLogger(__name__)


def is_wlt(photo: bytes) -> bool:
    return len(photo) == SIZE and photo.startswith(HEADER)


def decode(wlt: bytes, decoder: str) -> bytes | None:
    """The portrait as JPEG from the configured function (`package.module:function`), or None."""
    if not decoder or not is_wlt(wlt):
        return None
    try:
        jpeg = _function(decoder)(wlt)
    except Exception:  # any failure of the maker's library only costs the photo, not the registration
        log.exception("the decoder %s failed", decoder)
        return None
    return jpeg if jpeg and jpeg.startswith(JPEG) else None


def _function(name: str) -> Callable[[bytes], bytes | None]:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function or "decode")
