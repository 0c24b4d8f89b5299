"""The picture code: drawn here, kept on the server, valid for one try.

Where a message to the user's own phone is the proof, two failures waive it. The password doors ask for it only after
three failures, and no longer a quarter of an hour later.
"""

import io
import random
import secrets
import time

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from shiming.core.privacy import blind_index

LETTERS = "23456789ACEFHJKMNPRTUVWXY"
LENGTH, MINUTES = 4, 10
SIZE = (148, 52)
INK = [(15, 43, 54), (23, 78, 97), (122, 52, 10), (70, 60, 40)]
FAILURES_BEFORE_WAIVER = 2


def draw(session) -> bytes:
    """Draw a new picture; the one before becomes invalid."""
    text = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session["picture"] = {"digest": _digest(text), "at": int(time.time())}
    return _png(text)


def matches(session, typed: str) -> bool:
    """Compare once: right or wrong, the picture is used up."""
    kept = session.pop("picture", None)
    right = bool(kept) and time.time() - kept["at"] < MINUTES * 60 and _digest(typed) == kept["digest"]
    session["picture_failures"] = 0 if right else session.get("picture_failures", 0) + 1
    return right


def waived(session) -> bool:
    """Waived after two failures for users who cannot see the picture. The limits on messages still apply."""
    return session.get("picture_failures", 0) >= FAILURES_BEFORE_WAIVER


def _digest(text: str) -> str:
    return blind_index("picture", text.strip().upper())


def _png(text: str) -> bytes:
    chance = random.Random(secrets.randbits(64))
    image = Image.new("RGB", SIZE, (241, 247, 248))
    _scratch(ImageDraw.Draw(image), chance, 5)
    for place, letter in enumerate(text):
        glyph = _glyph(letter, chance)
        image.paste(glyph, (8 + place * 33 + chance.randint(-3, 3), chance.randint(-3, 6)), glyph)
    _scratch(ImageDraw.Draw(image), chance, 2)
    output = io.BytesIO()
    image.filter(ImageFilter.SMOOTH).save(output, "PNG", optimize=True)
    return output.getvalue()


def _glyph(letter: str, chance: random.Random) -> Image.Image:
    glyph = Image.new("RGBA", (42, 46), (0, 0, 0, 0))
    font = ImageFont.load_default(size=chance.randint(31, 37))
    ImageDraw.Draw(glyph).text((10, 2), letter, font=font, fill=(*chance.choice(INK), 255))
    return glyph.rotate(chance.uniform(-24, 24), Image.Resampling.BICUBIC)


def _scratch(pen: ImageDraw.ImageDraw, chance: random.Random, count: int) -> None:
    width, height = SIZE
    for _ in range(count):
        points = [(x, chance.randint(4, height - 4)) for x in (-4, width // 3, 2 * width // 3, width + 4)]
        pen.line(points, fill=(156, 195, 207), width=chance.choice((1, 2)), joint="curve")
