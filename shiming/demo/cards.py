"""Specimen ID cards for demonstration and tests: invented people and portraits, printed with 样例 SAMPLE."""

import io
import math
import random
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shiming.demo import invented
from shiming.demo.fonts import chinese
from shiming.demo.portraits import portrait
from shiming.demo.word_lists import PROVINCE_NAMES
from shiming.idcard.number import Sex, age_on

WIDTH, HEIGHT = 1012, 638  # 85.6 × 54 mm at 300 dots per inch
INK, LABEL, RED = "#1c1c20", "#2f6f9e", "#c8402f"
CHARACTERS_A_LINE = 11


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    address: str
    id_number: str
    issuer: str
    valid_from: date
    valid_to: date | None  # None: without expiry
    seed: int | str = 0


def card_of(person: invented.Person, *, on: date) -> Card:
    """The card this invented person has on a day."""
    age = age_on(person.birth_date, on)
    issued = date(on.year - random.Random(person.id_number).randint(1, 8), 5, 20)
    years = 20 if age >= 26 else 10
    ends = None if age >= 54 else issued.replace(year=issued.year + years)
    region = person.id_number[:6]
    issuer = invented.region_name(region).removeprefix(PROVINCE_NAMES[region[:2]]) + "公安局"
    ethnicity = person.ethnicity.removesuffix("族")
    return Card(
        person.name, person.sex, ethnicity, person.birth_date, person.address, person.id_number,
        issuer, issued, ends, seed=person.id_number,
    )  # fmt: skip


def front(card: Card) -> Image.Image:
    """The side with the portrait."""
    image = _paper(card.seed)
    pen = ImageDraw.Draw(image)
    _line(pen, 62, "姓名", card.name, size=46)
    _line(pen, 144, "性别", "男" if card.sex == Sex.MALE else "女")
    _line(pen, 144, "民族", card.ethnicity, left=318)
    _birth(pen, card.birth_date)
    for row, part in enumerate(_folded(card.address)):
        _line(pen, 310 + row * 56, "住址" if row == 0 else "", part)
    _line(pen, 534, "公民身份号码", "", size=40)
    pen.text((352, 528), " ".join(card.id_number), font=chinese(44), fill=INK)
    face = portrait(card.seed, card.sex, age_on(card.birth_date, card.valid_from)).resize(
        (284, 355), Image.Resampling.LANCZOS
    )
    image.paste(face, (686, 92))
    return _marked(image, (686, 456))


def back(card: Card) -> Image.Image:
    """The side with issuer and validity, without the emblem, so that the image is no copy of a document."""
    image = _paper(f"back {card.seed}")
    pen = ImageDraw.Draw(image)
    pen.ellipse((70, 70, 230, 230), outline=RED, width=6)
    pen.text((150, 150), "样例", font=chinese(52), fill=RED, anchor="mm")
    pen.text((590, 112), "中华人民共和国", font=chinese(62), fill=INK, anchor="mm")
    pen.text((590, 222), "居 民 身 份 证", font=chinese(78), fill=INK, anchor="mm")
    ends = f"{card.valid_to:%Y.%m.%d}" if card.valid_to else "长期"
    for y, label, value in (
        (448, "签发机关", card.issuer),
        (530, "有效期限", f"{card.valid_from:%Y.%m.%d}-{ends}"),
    ):
        pen.text((212, y), label, font=chinese(38), fill=INK)
        pen.text((402, y), value, font=chinese(38), fill=INK)
    return _marked(image, (686, 346))


def photograph(
    image: Image.Image, *, tilt: float = 0, blur: float = 0, light: float = 1, side: int = 1600, seed: int = 0
) -> bytes:
    """A phone's photo of this card or face on a table as JPEG: turned by degrees, blurred by pixels, lit."""
    table = _table((int(image.width * 1.22), int(image.height * 1.32)), seed)
    turned = _cut_out(image).rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    table.paste(turned, ((table.width - turned.width) // 2, (table.height - turned.height) // 2), turned)
    scale = side / max(table.size)
    shot = table.resize((round(table.width * scale), round(table.height * scale)), Image.Resampling.LANCZOS)
    if blur:
        shot = shot.filter(ImageFilter.GaussianBlur(blur))
    return jpeg(_grain(shot.point(lambda value: min(255, round(value * light))), seed))


def jpeg(image: Image.Image, quality: int = 90, **options) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def _line(pen: ImageDraw.ImageDraw, y: int, label: str, value: str, *, left: int = 60, size: int = 40):
    pen.text((left, y), label, font=chinese(36), fill=LABEL)
    pen.text((left + 104, y - (size - 36) // 2), value, font=chinese(size), fill=INK)


def _birth(pen: ImageDraw.ImageDraw, born: date):
    _line(pen, 226, "出生", "")
    for x, text, colour in (
        (164, f"{born.year}", INK), (272, "年", LABEL), (330, f"{born.month}", INK), (384, "月", LABEL),
        (436, f"{born.day}", INK), (490, "日", LABEL),
    ):  # fmt: skip
        pen.text((x, 226), text, font=chinese(38), fill=colour)


def _folded(address: str) -> list[str]:
    """Lines up to the width of eleven Chinese characters; digits count half."""
    lines, width = [""], 0.0
    for character in address:
        width += 0.6 if character.isascii() else 1
        if width > CHARACTERS_A_LINE:
            lines.append("")
            width = 0.6 if character.isascii() else 1
        lines[-1] += character
    return lines


def _paper(seed) -> Image.Image:
    """Pale paper with fine waves under the print."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#eef4f6")
    pen = ImageDraw.Draw(image)
    phase = random.Random(f"paper {seed}").random() * 6
    for row in range(-20, HEIGHT + 20, 17):
        points = [(x, row + 11 * math.sin(x / 83 + phase + row / 140)) for x in range(0, WIDTH + 12, 12)]
        pen.line(points, fill="#d9e7ea" if row % 2 else "#e9e0e6", width=2)
    pen.rounded_rectangle((2, 2, WIDTH - 3, HEIGHT - 3), 34, outline="#b9c8cf", width=4)
    return image


def _marked(image: Image.Image, at: tuple[int, int]) -> Image.Image:
    """Print 样例 SAMPLE where it is visible and covers no field."""
    x, y = at
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((x, y, x + 284, y + 58), 10, fill="#fdf1ef", outline=RED, width=3)
    pen.text((x + 142, y + 27), "样例 SAMPLE", font=chinese(36), fill=RED, anchor="mm")
    return image


def _cut_out(image: Image.Image) -> Image.Image:
    """Cut the round corners of a card."""
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, image.width - 1, image.height - 1), image.width // 28, fill=255)
    cut = image.convert("RGBA")
    cut.putalpha(mask)
    return cut


def _table(size: tuple[int, int], seed: int) -> Image.Image:
    shade = random.Random(f"table {seed}").choice(((96, 78, 60), (70, 82, 88), (120, 112, 100), (52, 60, 66)))
    table = Image.new("RGB", size, shade)
    fall = Image.linear_gradient("L").resize(size).point(lambda value: 160 - value // 5)
    return ImageChops.overlay(table, Image.merge("RGB", [fall] * 3))


def _grain(image: Image.Image, seed: int) -> Image.Image:
    """The noise of a small sensor."""
    noise = Image.frombytes("L", (256, 256), random.Random(seed).randbytes(65536)).point(lambda value: value // 24)
    tile = Image.new("L", image.size)
    for x in range(0, image.width, 256):
        for y in range(0, image.height, 256):
            tile.paste(noise, (x, y))
    return ImageChops.add(image, Image.merge("RGB", [tile] * 3), offset=-5)
