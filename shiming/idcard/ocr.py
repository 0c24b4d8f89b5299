"""Read the fields of a card photo, with a cutting of each, for the person to check.

Everything happens on this machine: models come inside the package `rapidocr`, the reading in one separate process.
Without the extra `[ocr]`, or when a photo cannot be read, the reading is empty and the fields are typed.
"""

import io
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from PIL import Image

from shiming.idcard import number as id_number
from shiming.idcard import text
from shiming.idcard.image_process import PictureFailed, process
from shiming.idcard.photos import UnusablePhoto, as_jpeg
from shiming.idcard.text import Field, Line

MAX_SIDE = 1600
READERS = {"front": text.front_fields, "back": text.back_fields}
NOTICES = {
    "missing": _("本机没有安装文字识别组件，请手工填写"),
    "failed": _("照片没能自动识别，请手工填写，或换一张清楚的照片"),
    "swapped": _("人像面与国徽面放反了，已按内容对调"),
    "id_number": _("识别出的身份证号码没有通过校验，请逐位核对"),
    "birth_date": _("出生日期与身份证号码不一致，请核对"),
    "sex": _("性别与身份证号码不一致，请核对"),
}


@dataclass(frozen=True, slots=True)
class CardReading:
    """The fields read from a card; an unreadable field is None. valid_to with value None is 长期."""

    name: Field | None = None
    sex: Field | None = None
    ethnicity: Field | None = None
    birth_date: Field | None = None
    address: Field | None = None
    id_number: Field | None = None
    issuer: Field | None = None
    valid_from: Field | None = None
    valid_to: Field | None = None
    crops: dict[str, bytes] = field(default_factory=dict)
    id_candidates: list[str] = field(default_factory=list)
    notices: tuple[str, ...] = ()


@lru_cache
def ocr_available() -> bool:
    """Whether the OCR package and its models are installed; nothing is downloaded."""
    if not (find_spec("rapidocr") and find_spec("onnxruntime") and find_spec("cv2")):
        return False
    models = Path(find_spec("rapidocr").origin).parent / "models"
    return len(list(models.glob("*.onnx"))) >= 3


def read_card(front: bytes, back: bytes | None = None) -> CardReading:
    """Read both sides of an ID card, in any order and orientation."""
    if not ocr_available():
        return CardReading(notices=(NOTICES["missing"],))
    pages = [page for page in (_page(front, "front"), _page(back, "back") if back else None) if page]
    found, crops = {}, {}
    for page in pages:
        found |= page.fields
        crops |= page.crops()
    found, doubts = text.disagreements(found)
    notices = [*doubts, *_about(pages, front_given="front", back_given=bool(back))]
    return CardReading(
        **found, crops=crops, id_candidates=_candidates(found), notices=tuple(NOTICES[code] for code in notices)
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """One photo, read as the side it shows."""

    expected: str
    side: str
    photo: bytes
    lines: list[Line]
    fields: dict[str, Field]

    @property
    def upright(self) -> bool:
        return not (text.is_sideways(self.lines) or text.is_upside_down(self.lines))

    def crops(self) -> dict[str, bytes]:
        image = Image.open(io.BytesIO(self.photo))
        return {name: _crop(image, found.box) for name, found in self.fields.items()}


def _page(content: bytes, expected: str) -> _Page | None:
    """Read the photo as it is; if it is sideways or upside down, read it turned as well."""
    tried = [_turned(content, expected, 0)]
    if tried[0] is None:
        return None
    for turn in _other_turns(tried[0]):
        tried.append(_turned(content, expected, turn))
    return max(filter(None, tried), key=lambda page: (page.upright, len(page.fields)))


def _other_turns(page: _Page) -> tuple[int, ...]:
    if text.is_sideways(page.lines):
        return (90, 270)
    return (180,) if text.is_upside_down(page.lines) else ()


def _turned(content: bytes, expected: str, turn: int) -> _Page | None:
    try:
        head, photo = process.ask({"do": "read", "turn": turn, "max_side": MAX_SIDE}, content)
    except (PictureFailed, UnusablePhoto):
        return None
    lines = text.lines_of(head["lines"])
    pages = [_Page(expected, side, photo, lines, read(lines)) for side, read in READERS.items()]
    return max(pages, key=lambda page: (len(page.fields), page.side == expected))


def _about(pages: list[_Page], front_given: str, back_given: bool) -> list[str]:
    wrong = [page for page in pages if page.fields and page.side != page.expected]
    empty = len([page for page in pages if page.fields]) < 1 + back_given
    return ["swapped"] * bool(wrong) + ["failed"] * empty


def _candidates(found: dict[str, Field]) -> list[str]:
    """Numbers one slip away from the one read that agree with the rest of the card."""
    number = found.get("id_number")
    if number is None or id_number.is_valid(number.value):
        return []
    birth, sex = found.get("birth_date"), found.get("sex")
    return id_number.candidates(number.value, birth and birth.value, sex and sex.value)


def _crop(image: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    left, top, right, bottom = box
    edge = max(6, (bottom - top) // 5)
    area = (left - edge, top - edge, right + edge, bottom + edge)
    inside = (max(0, area[0]), max(0, area[1]), min(image.width, area[2]), min(image.height, area[3]))
    return as_jpeg(image.crop(inside))
