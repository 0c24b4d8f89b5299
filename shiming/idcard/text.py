"""Read the fields of a card from the lines of text on its photo: straighten, group into rows, split by label.

Pure: lines in, fields out.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from shiming.idcard import names
from shiming.idcard import number as id_number
from shiming.idcard.number import Sex

ETHNICITIES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 穿青人"
)
ETHNICITY_SET = frozenset(ETHNICITIES.split())
TRADITIONAL = str.maketrans("漢滿維爾壯東鄉納錫別號長", "汉满维尔壮东乡纳锡别号长")

NOISE = re.compile(r"样例|SAMPLE|中华人民共和国|居民身份证", re.IGNORECASE)
NAME = re.compile(r"^姓.{0,1}?名|^姓[各石台]|^.名(?=.{2,})")
SEX = re.compile(r"性别?(男|女)|^(男|女)$|别(男|女)")
ETHNICITY = re.compile(r"民?族(.+)$|民(.{1,5})$")
BIRTH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
ADDRESS = re.compile(r"^住.?址?|^.址")
NUMBER = re.compile(r"\d{15,17}[\dX]|\d{17}")
NUMBER_LABEL = re.compile(r"公?民?身份号码|公民身份|份号码")
ISSUER = re.compile(r"签?发机关")
VALIDITY = re.compile(r"(\d{4})\D?(\d{2})\D?(\d{2})\D{0,3}?(?:(\d{4})\D?(\d{2})\D?(\d{2})|(长期))")


class Line(NamedTuple):
    """One run of text with its four corners on the photo."""

    box: tuple[tuple[float, float], ...]
    text: str
    score: float


class Field(NamedTuple):
    """box: left, top, right, bottom on the photo. A valid_to without value is 长期."""

    value: Any
    confidence: float
    box: tuple[int, int, int, int]


def lines_of(raw: Iterable) -> list[Line]:
    return [Line(tuple(tuple(corner) for corner in box), text, score) for box, text, score in raw]


def front_fields(lines: list[Line]) -> dict[str, Field]:
    """The fields of the side with the portrait."""
    rows = _rows(lines)
    found: dict[str, Field] = {}
    for row in rows:
        for read in (_number, _birth, _sex, _ethnicity):
            found.update(read(row))
    found.update(_name(rows))
    found.update(_address(rows))
    return found


def back_fields(lines: list[Line]) -> dict[str, Field]:
    """The fields of the side with issuer and validity."""
    found: dict[str, Field] = {}
    for row in _rows(lines):
        found.update(_issuer(row))
        found.update(_validity(row))
    return found


# Orientation of the photo.

ORDER = (
    re.compile("姓名|中华人民共和国"),
    re.compile("性别|居民身份证"),
    re.compile("出生"),
    re.compile("住址"),
    re.compile("签发机关"),
    re.compile("公民身份号码|有效期限"),
)


def is_sideways(lines: list[Line]) -> bool:
    """True if the lines stand on end: corners start at the upper left, so such lines are taller than wide."""
    long = [line for line in lines if len(line.text) >= 4]
    return sum(math.dist(line.box[0], line.box[3]) > _length(line) for line in long) > len(long) / 2


def is_upside_down(lines: list[Line]) -> bool:
    """True if the labels run from bottom to top."""
    heights = [line.box[0][1] for label in ORDER for line in lines if label.search(_joined(line.text))]
    steps = [below - above for above, below in pairwise(heights)]
    return sum(step < 0 for step in steps) > len(steps) / 2


def _joined(text: str) -> str:
    """The text without blanks: OCR puts some between characters."""
    return names.normalise(text).replace(" ", "")


# Rows: pieces beside each other on the card.


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line with its place on the levelled card."""

    line: Line
    x: float
    y: float
    height: float

    @property
    def raw(self) -> str:
        return _joined(self.line.text)

    @property
    def text(self) -> str:
        """Text for labels and 民族: OCR sometimes reads 漢 for 汉. Names and addresses use `raw`."""
        return self.raw.translate(TRADITIONAL)


@dataclass(frozen=True, slots=True)
class _Row:
    pieces: list[_Piece]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def raw(self) -> str:
        return "".join(piece.raw for piece in self.pieces)

    @property
    def y(self) -> float:
        return self.pieces[0].y

    def field(self, value: Any, *, only: Iterable[_Piece] = ()) -> Field:
        pieces = list(only) or self.pieces
        return Field(value, min(piece.line.score for piece in pieces), _around(pieces))


def _rows(lines: list[Line]) -> list[_Row]:
    """Rows from top to bottom, pieces from left to right, at any tilt."""
    pieces = sorted(_levelled([line for line in lines if not NOISE.search(line.text)]), key=lambda piece: piece.y)
    rows: list[list[_Piece]] = []
    for piece in pieces:
        if rows and piece.y - median(other.y for other in rows[-1]) < 0.55 * piece.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_Row(sorted(row, key=lambda piece: piece.x)) for row in rows]


def _levelled(lines: list[Line]) -> list[_Piece]:
    if not lines:
        return []
    angle = median(_slope(line) for line in sorted(lines, key=_length)[-5:])
    cosine, sine = math.cos(-angle), math.sin(-angle)
    return [_piece(line, cosine, sine) for line in lines]


def _piece(line: Line, cosine: float, sine: float) -> _Piece:
    x, y = (sum(corner[axis] for corner in line.box) / 4 for axis in (0, 1))
    height = math.dist(line.box[0], line.box[3])
    return _Piece(line, x * cosine - y * sine, x * sine + y * cosine, height)


def _slope(line: Line) -> float:
    (x0, y0), (x1, y1) = line.box[0], line.box[1]
    return math.atan2(y1 - y0, x1 - x0)


def _length(line: Line) -> float:
    return math.dist(line.box[0], line.box[1])


def _around(pieces: list[_Piece]) -> tuple[int, int, int, int]:
    corners = [corner for piece in pieces for corner in piece.line.box]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))


# Fields of the front.


def _number(row: _Row) -> dict[str, Field]:
    if match := NUMBER.search(row.text.replace(".", "")):
        pieces = [piece for piece in row.pieces if re.search(r"\d{6}", piece.text)]
        return {"id_number": row.field(match[0], only=pieces)}
    return {}


def _birth(row: _Row) -> dict[str, Field]:
    if match := BIRTH.search(row.text):
        try:
            return {"birth_date": row.field(date(*map(int, match.groups())))}
        except ValueError:
            pass
    return {}


def _sex(row: _Row) -> dict[str, Field]:
    for piece in (*row.pieces, row):
        if match := SEX.search(piece.text):
            value = Sex.MALE if "男" in match[0] else Sex.FEMALE
            return {"sex": row.field(value, only=[piece] if isinstance(piece, _Piece) else ())}
    return {}


def _ethnicity(row: _Row) -> dict[str, Field]:
    match = ETHNICITY.search(row.text)
    value = match and (match[1] or match[2]).removesuffix("族")
    if value not in ETHNICITY_SET:
        return {}
    pieces = [piece for piece in row.pieces if value in piece.text]
    return {"ethnicity": row.field(value, only=pieces)}


def _name(rows: list[_Row]) -> dict[str, Field]:
    """The text beside 姓名; without that label, the row above 性别."""
    for place, row in enumerate(rows):
        if match := NAME.match(row.text):
            return _without_label(row, match.end(), "name")
        if place and "sex" in _sex(row):
            return _without_label(rows[place - 1], 0, "name")
    return {}


def _address(rows: list[_Row]) -> dict[str, Field]:
    """The text from 住址 down to the row of the number."""
    starts = [place for place, row in enumerate(rows) if ADDRESS.match(row.text)]
    if not starts:
        return {}
    first = starts[0]
    block = []
    for row in rows[first:]:
        if _number(row) or NUMBER_LABEL.search(row.text):
            break
        block.append(row)
    label = ADDRESS.match(block[0].text) if block else None
    if label is None:
        return {}
    text = "".join(row.raw for row in block)[label.end() :]
    pieces = [piece for row in block for piece in row.pieces if not ADDRESS.fullmatch(piece.text)]
    return {"address": block[0].field(text, only=pieces)} if text and pieces else {}


def _without_label(row: _Row, label: int, kind: str) -> dict[str, Field]:
    value = row.raw[label:]
    pieces = [piece for piece in row.pieces if piece.raw[-1:] == value[-1:]] if value else []
    return {kind: row.field(value, only=pieces[-1:])} if len(value) >= 2 else {}


# Fields of the back.


def _issuer(row: _Row) -> dict[str, Field]:
    if match := ISSUER.search(row.text):
        return _without_label(row, match.end(), "issuer")
    if row.text.endswith(("公安局", "分局")):
        return {"issuer": row.field(row.text)}
    return {}


def _validity(row: _Row) -> dict[str, Field]:
    match = VALIDITY.search(row.text)
    if not match:
        return {}
    pieces = [piece for piece in row.pieces if re.search(r"\d{4}", piece.text)]
    try:
        begins = date(*map(int, match.groups()[:3]))
        ends = None if match[7] else date(*map(int, match.groups()[3:6]))
    except ValueError:
        return {}
    return {"valid_from": row.field(begins, only=pieces), "valid_to": row.field(ends, only=pieces)}


def disagreements(found: dict[str, Field]) -> tuple[dict[str, Field], list[str]]:
    """Compare birthday and sex with the number; return the fields, doubted ones with lower confidence, and the codes.

    A missing birthday or sex is taken from a valid number. A field that was read is never replaced.
    """
    number = found.get("id_number")
    if number is None:
        return found, []
    try:
        parsed = id_number.parse(number.value)
    except id_number.InvalidIdNumber:
        return {**found, "id_number": _doubted(number)}, ["id_number"]
    checked, doubts = dict(found), []
    for kind, value in (("birth_date", parsed.birth_date), ("sex", parsed.sex)):
        field = found.get(kind)
        if field is None:
            checked[kind] = Field(value, number.confidence, number.box)
        elif field.value != value:
            checked[kind], checked["id_number"] = _doubted(field), _doubted(number)
            doubts.append(kind)
    return checked, doubts


def _doubted(field: Field) -> Field:
    return field._replace(confidence=min(field.confidence, 0.3))
