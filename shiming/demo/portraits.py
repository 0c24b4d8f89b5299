"""Drawn faces: friendly, distinct, the same for the same seed, and of no real person.

A few flat shapes at three times the size, then reduced: enough to tell people apart in a list and at the gate.
"""

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from shiming.idcard.number import Sex

WIDTH, HEIGHT = 360, 450
FINER = 3

SKIN = ("#f2cfae", "#eac09a", "#e0b088", "#d39e74", "#c58f66")
HAIR = ("#1d1a1c", "#262124", "#2f2826", "#3a302b")
GREY_HAIR = ("#6d6a6a", "#8b8887", "#55504f")
SHIRTS = ("#2f5d7c", "#53707f", "#7c8a5a", "#8a5a4a", "#5b5470", "#3d6b5c", "#a8793f", "#44546a", "#74646b")
BACKDROPS = ("#e9eff4", "#e3ecf5", "#f0efe9", "#e8f0ec", "#eeeaf1")
HELMETS = ("#f2c230", "#f2c230", "#d8402f", "#2f6fb5", "#f4f4f2")  # worker, team leader, engineer, manager
LIPS = {Sex.MALE: "#b5705e", Sex.FEMALE: "#c4605e"}


def portrait(seed: int | str, sex: str = Sex.MALE, age: int = 40, *, helmet: bool = False) -> Image.Image:
    """An upright frontal portrait on a plain background."""
    look = _look(seed, sex, age)
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), look.backdrop)
    pen = _Pen(ImageDraw.Draw(image))
    for draw in (_long_hair, _shoulders, _neck, _ears, _head, _hair, _years, _eyes, _nose_and_mouth, _beard, _glasses):
        draw(pen, look)
    if helmet:
        _helmet(pen, look)
    return _lit(image).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


@dataclass(frozen=True, slots=True)
class _Look:
    sex: Sex
    age: int
    backdrop: str
    skin: str
    hair: str
    shirt: str
    lips: str
    helmet: str
    style: int
    face_width: int
    face_length: int
    eye_gap: int
    eye_size: int
    eye_height: int
    brow: int
    nose: int
    smile: int
    collar: int
    glasses: bool
    beard: bool


def _look(seed: int | str, sex: str, age: int) -> _Look:
    rng = random.Random(f"portrait {seed}")
    sex = Sex(sex)
    grey = rng.random() < (age - 42) / 30
    return _Look(
        sex=sex,
        age=age,
        backdrop=rng.choice(BACKDROPS),
        skin=rng.choice(SKIN),
        hair=rng.choice(GREY_HAIR if grey else HAIR),
        shirt=rng.choice(SHIRTS),
        lips=LIPS[sex],
        helmet=rng.choice(HELMETS),
        style=rng.randrange(5),
        face_width=rng.randint(66, 80) - (4 if sex is Sex.FEMALE else 0),
        face_length=rng.randint(92, 104),
        eye_gap=rng.randint(27, 33),
        eye_size=rng.randint(8, 11),
        eye_height=rng.randint(-6, 4),
        brow=rng.randint(3, 7),
        nose=rng.randint(8, 13),
        smile=rng.randint(2, 12),
        collar=rng.randrange(3),
        glasses=rng.random() < 0.14,
        beard=sex is Sex.MALE and rng.random() < 0.22,
    )


class _Pen:
    """Draws in units of the finished picture, relative to the middle of the face."""

    X, Y = WIDTH / 2, 205

    def __init__(self, draw: ImageDraw.ImageDraw):
        self.draw = draw

    def oval(self, x, y, rx, ry, fill):
        self.draw.ellipse(self._box(x - rx, y - ry, x + rx, y + ry), fill=fill)

    def box(self, x0, y0, x1, y1, fill, radius=0):
        self.draw.rounded_rectangle(self._box(x0, y0, x1, y1), radius * FINER, fill=fill)

    def shape(self, points, fill):
        self.draw.polygon([self._at(x, y) for x, y in points], fill=fill)

    def slice(self, x, y, rx, ry, start, end, fill):
        self.draw.pieslice(self._box(x - rx, y - ry, x + rx, y + ry), start, end, fill=fill)

    def bow(self, x, y, rx, ry, start, end, fill, width):
        self.draw.arc(self._box(x - rx, y - ry, x + rx, y + ry), start, end, fill=fill, width=int(width * FINER))

    def _box(self, x0, y0, x1, y1):
        return [*self._at(x0, y0), *self._at(x1, y1)]

    def _at(self, x, y):
        return ((self.X + x) * FINER, (self.Y + y) * FINER)


def _shade(colour: str, factor: float) -> tuple[int, int, int]:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return tuple(max(0, min(255, round(part * factor))) for part in parts)


def _long_hair(pen: _Pen, look: _Look):
    if look.sex is Sex.FEMALE and look.style in (0, 1, 4):
        low = (70, 105, 0, 0, 140)[look.style]
        pen.oval(0, -12, look.face_width + 16, look.face_length + 4, look.hair)
        pen.box(-look.face_width - 16, -12, look.face_width + 16, low, look.hair, radius=26)


def _shoulders(pen: _Pen, look: _Look):
    pen.oval(0, 262, 158, 128, look.shirt)
    dark, light = _shade(look.shirt, 0.8), _shade(look.shirt, 1.25)
    if look.collar == 0:  # lapels
        pen.shape([(-46, 132), (0, 190), (-34, 212), (-66, 150)], light)
        pen.shape([(46, 132), (0, 190), (34, 212), (66, 150)], light)
    elif look.collar == 1:  # round collar
        pen.oval(0, 138, 54, 34, dark)
    else:  # overalls with reflective stripes
        for side in (-1, 1):
            pen.shape([(side * 84, 150), (side * 104, 162), (side * 96, 250), (side * 72, 250)], "#e9e24d")


def _neck(pen: _Pen, look: _Look):
    pen.box(-29, 60, 29, 136, _shade(look.skin, 0.88), radius=20)
    pen.oval(0, 132, 40, 26, _shade(look.skin, 0.88))


def _ears(pen: _Pen, look: _Look):
    for side in (-1, 1):
        pen.oval(side * look.face_width, 4, 12, 20, _shade(look.skin, 0.93))
        pen.oval(side * look.face_width, 5, 6, 12, _shade(look.skin, 0.84))


def _head(pen: _Pen, look: _Look):
    pen.oval(0, -8, look.face_width, look.face_length - 8, look.skin)
    pen.oval(0, 28, look.face_width - 9, look.face_length - 32, look.skin)
    for side in (-1, 1):
        pen.oval(side * (look.face_width - 27), 34, 15, 10, _shade(look.skin, 0.965))


def _years(pen: _Pen, look: _Look):
    """Lines beside the mouth from 45 years on, and on the forehead from 52."""
    line = _shade(look.skin, 0.86)
    if look.age >= 45:
        for side in (-1, 1):
            pen.bow(side * 30, 42, 12, 24, *((100, 200) if side < 0 else (340, 80)), line, 1.6)
    if look.age >= 52:
        for row in (0, 9):
            pen.bow(0, -30 - row, 34, 12, 220, 320, line, 1.6)


def _hair(pen: _Pen, look: _Look):
    width, top = look.face_width + 5, -look.face_length
    (_woman if look.sex is Sex.FEMALE else _man)(pen, look, width, top)


def _man(pen: _Pen, look: _Look, width: int, top: int):
    """Draw the hair and the forehead in it; the position of the forehead defines the cut."""
    if look.style == 4 and look.age > 45:  # bald
        for side in (-1, 1):
            pen.oval(side * (width - 9), -30, 11, 36, look.hair)
        return
    if look.style == 0:  # crew cut
        pen.box(-width + 10, top - 4, width - 10, top + 50, look.hair, radius=22)
    colour = _shade(look.hair, 1.35) if look.style == 3 else look.hair  # buzz cut
    pen.slice(0, -14, width, -top - 8, 180, 360, colour)
    for side in (-1, 1):
        pen.box(side * (width - 6) - 6, -20, side * (width - 6) + 6, 6, colour, radius=5)
    aside, high, broad, tall = FOREHEADS[look.style]
    pen.oval(aside, high, width - broad, tall, look.skin)
    pen.box(-width + 14, high, width - 14, 10, look.skin, radius=10)


FOREHEADS = ((0, -24, 14, 30), (-12, -26, 20, 36), (0, -26, 10, 44), (0, -28, 12, 42), (16, -22, 26, 30))


def _woman(pen: _Pen, look: _Look, width: int, top: int):
    pen.slice(0, -20, width + 2, -top - 12, 182, 358, look.hair)
    if look.style in (0, 3):  # straight fringe
        pen.box(-width + 14, -58, width - 14, -30, look.hair, radius=10)
    elif look.style in (1, 4):  # centre parting
        pen.shape([(0, -66), (-width + 4, 18), (-width - 6, -30), (-30, -84)], look.hair)
        pen.shape([(0, -66), (width - 4, 18), (width + 6, -30), (30, -84)], look.hair)
    else:  # bun
        pen.oval(0, top - 14, 30, 24, look.hair)
    for side in (-1, 1):
        pen.oval(side * (width - 3), -26, 10, 34, look.hair)


def _eyes(pen: _Pen, look: _Look):
    y = look.eye_height
    for side in (-1, 1):
        x = side * look.eye_gap
        pen.oval(x, y, look.eye_size + 5, look.eye_size - 2, "#fbfaf8")
        pen.oval(x, y, look.eye_size - 3, look.eye_size - 3, "#2b211d")
        pen.oval(x + 2, y - 2, 2, 2, "#ffffff")
        pen.bow(x, y + 2, look.eye_size + 6, look.eye_size, 195, 345, "#3a2c27", 2.4)
        pen.bow(x, y - 13, 17, 9, 200, 340, _shade(look.hair, 1.1), look.brow)


def _nose_and_mouth(pen: _Pen, look: _Look):
    pen.bow(0, 24, look.nose, 9, 20, 160, _shade(look.skin, 0.78), 2.6)
    pen.bow(0, 44, 24, 6 + look.smile, 18, 162, look.lips, 4.2)
    if look.smile > 8:
        pen.slice(0, 50, 17, 10, 0, 180, "#fdfbf7")
        pen.bow(0, 50, 18, 11, 0, 180, look.lips, 3)


def _beard(pen: _Pen, look: _Look):
    if look.beard:
        pen.bow(0, 46, 24, 12, 205, 335, _shade(look.hair, 1.4), 4)
        pen.oval(0, 82, 13, 7, _shade(look.hair, 1.4))


def _glasses(pen: _Pen, look: _Look):
    if look.glasses:
        for side in (-1, 1):
            pen.bow(side * look.eye_gap, look.eye_height, 24, 19, 0, 360, "#34383d", 3)
        pen.bow(0, look.eye_height, 9, 6, 190, 350, "#34383d", 3)


def _helmet(pen: _Pen, look: _Look):
    width, top = look.face_width + 18, -look.face_length
    pen.slice(0, top + 58, width, 74, 180, 360, look.helmet)
    pen.box(-11, top - 18, 11, top + 56, _shade(look.helmet, 0.92), radius=9)
    pen.box(-width - 10, top + 50, width + 10, top + 65, _shade(look.helmet, 0.86), radius=8)


def _lit(image: Image.Image) -> Image.Image:
    """Light from above and grain, so that the picture passes the checks of photos."""
    grain = Image.frombytes("L", (WIDTH, HEIGHT), random.Random(1).randbytes(WIDTH * HEIGHT))
    grain = grain.resize(image.size, Image.Resampling.BILINEAR).point(lambda value: 120 + value // 16)
    fall = Image.linear_gradient("L").resize(image.size).point(lambda value: 148 - value // 8)
    shaded = ImageChops.overlay(image, Image.merge("RGB", [fall] * 3))
    return ImageChops.overlay(shaded, Image.merge("RGB", [grain] * 3))
