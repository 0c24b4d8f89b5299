"""Photos of invented cards.

The WLT format is not public: the same 1024 bytes hold a very small image that only this decoder reads.
"""

import io

from PIL import Image

from shiming.devices.reader.photo import HEADER, SIZE, is_wlt

WIDTH, HEIGHT = 102, 126
ROOM = SIZE - len(HEADER)


def encode(picture: Image.Image) -> bytes:
    """Encode the picture in the best quality that fits."""
    for quality in (40, 25, 15, 8, 1, 0):
        packed = io.BytesIO()
        picture.convert("RGB").save(packed, "WEBP", quality=quality, method=4)
        if packed.tell() <= ROOM:
            break
    else:
        return encode(picture.resize((picture.width // 2, picture.height // 2)))
    return (HEADER + packed.getvalue()).ljust(SIZE, b"\0")


def decode(wlt: bytes) -> bytes | None:
    """The JPEG of a demonstration card; None for a real one, which needs its maker's library."""
    if not is_wlt(wlt) or wlt[len(HEADER) :][:4] != b"RIFF":
        return None
    picture = Image.open(io.BytesIO(wlt[len(HEADER) :]), formats=("WEBP",))
    jpeg = io.BytesIO()
    picture.convert("RGB").resize((WIDTH, HEIGHT)).save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()
