"""Invented faces for tests: the demo's drawn portraits with a nose, turned and brought closer by program.

The detector finds them like faces. Drawn people look more alike than real ones to the recogniser: ZHANG and OTHER are
two whose similarity stays below the threshold (0.39).
"""

from functools import cache
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from shiming.demo.portraits import portrait
from shiming.faces.liveness import FRAMES_PER_MOVE, Move

MIDDLE = (180, 225)
HEAD = (88, 118)  # half of its width and height
NOSE = (180, 237, 24, 30, 55)  # where it is, its width, height and how far it stands out
LEFT_TURN = 32
POSES = {Move.STRAIGHT: (0, 1.0), Move.LEFT: (LEFT_TURN, 1.0), Move.RIGHT: (-LEFT_TURN, 1.0), Move.CLOSER: (0, 1.4)}
ZHANG, OTHER = 2, 27


def frames(moves, seed: int = ZHANG) -> list[bytes]:
    """What a camera would see of a person who does as asked, each frame a little different."""
    return [
        jpeg(seed, *POSES[move], step=FRAMES_PER_MOVE * place + time)
        for place, move in enumerate(moves)
        for time in range(FRAMES_PER_MOVE)
    ]


def jpeg(seed: int = ZHANG, yaw: float = 0, zoom: float = 1.0, *, step: int = 0, light: float = 1.0, **look) -> bytes:
    """A portrait, its head turned to its left by `yaw` degrees; `look` may have helmet, blur, twice, small, flat."""
    picture = np.asarray(_with_a_nose(seed, look.get("helmet", False)))
    picture = _turned(picture, yaw, flat=look.get("flat", False))
    around = cv2.getRotationMatrix2D(MIDDLE, step / 4, zoom * look.get("small", 1.0))
    picture = cv2.warpAffine(picture, around, (360, 450), borderMode=cv2.BORDER_REPLICATE)
    if look.get("twice"):
        picture = np.concatenate([picture, picture], axis=1)
    image = ImageEnhance.Brightness(Image.fromarray(picture)).enhance(light)
    image = image.filter(ImageFilter.GaussianBlur(look.get("blur", 0)))
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def _with_a_nose(seed: int, helmet: bool) -> Image.Image:
    """The drawn nose is a line; the detector takes its place from light and shade."""
    image, (x, y) = portrait(seed, "1", 30, helmet=helmet), MIDDLE
    image = _painted(image, (90, 50, 30), lambda pen: (
        pen.polygon([(x - 6, y - 25), (x + 6, y - 25), (x + 17, y + 18), (x - 17, y + 18)], fill=60),
        pen.ellipse([x - 19, y + 7, x + 19, y + 27], fill=80),
    ))  # fmt: skip
    image = _painted(image, (255, 235, 215), lambda pen: pen.ellipse([x - 4, y - 20, x + 4, y + 15], fill=110))
    for nostril in (-8.5, 8.5):
        ImageDraw.Draw(image).ellipse([x + nostril - 3.5, y + 18, x + nostril + 3.5, y + 23], fill=(60, 30, 25))
    return image


def _painted(image: Image.Image, colour, draw) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    draw(ImageDraw.Draw(mask))
    return Image.composite(Image.new("RGB", image.size, colour), image, mask.filter(ImageFilter.GaussianBlur(3)))


def _turned(picture: np.ndarray, yaw: float, *, flat: bool) -> np.ndarray:
    """Each point moves by its depth: an egg with a nose, or nothing at all for a printed picture."""
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    (x, y), (width, height), (nose_x, nose_y, wide, long, out) = MIDDLE, HEAD, NOSE
    egg = np.sqrt(np.clip(1 - ((columns - x) / width) ** 2 - ((rows - y) / height) ** 2, 0, None)) * width * 0.75
    nose = np.exp(-(((columns - nose_x) / wide) ** 2) - ((rows - nose_y) / long) ** 2) * out
    if flat:
        squeezed = (x + (columns - x) / np.cos(np.deg2rad(yaw))).astype(np.float32)
        return cv2.remap(picture, squeezed, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    moves, source = ((egg + nose) * np.sin(np.deg2rad(yaw))).astype(np.float32), columns
    for _ in range(12):  # where did the point come from that is seen here
        source = columns - cv2.remap(moves, source, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.remap(picture, source, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
