"""证件照片：1024 字节的 WLT 格式不公开，要用阅读器厂家的库才解得开；没有库，一切照办，只是没有照片。"""

import logging
from collections.abc import Callable
from importlib import import_module

HEADER = bytes.fromhex("574c66007e00")  # "WL"，宽 102，高 126
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
