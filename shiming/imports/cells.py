"""Parse one cell as text, code, number, day or word; BadCell holds the reason of a failure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

from shiming.core.refusals import Refusal, unnumbered
from shiming.web.cleaning import EARLIEST, LATEST

ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}")  # 4.40E+17
EXCEL_DAYS = range(20_000, 60_000)  # 1954 to 2064, as Excel counts days
EXCEL_BEGINS = date(1899, 12, 30)
TIME = r"(?:\s+\d{1,2}:\d{2}.*)?"
SEPARATED = re.compile(rf"(\d{{4}})\s*[-/.年\s]\s*(\d{{1,2}})\s*[-/.月\s]\s*(\d{{1,2}})\s*日?{TIME}")
UNSEPARATED = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){TIME}")
YES = ("是", "√", "✓", "✔", "y", "yes", "true", "1", "有", "对")
NONE = ("-", "--", "/", "—", "无", "暂无")
NO_END = ("无固定期限", "长期", "长期有效", "永久", "至今", "在场", "在职", "未退场", "未离场")
NO = ("否", "×", "✗", "n", "no", "false", "0", "无", "不是", "非")


class BadCell(Exception):
    """A cell cannot be parsed; `refusal` gives the reason without repeating the content."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal)
        self.refusal = refusal


class Cell(NamedTuple):
    """`kind` is s (text), n (number), d (date), f (a formula without a result), e (#N/A and the like) or "" (empty)."""

    kind: str = ""
    text: str = ""


EMPTY = Cell()
Parse = Callable[[Cell], object]


def prepared(parse: Parse) -> Parse:
    """The parser for a whole file: a list of words is fetched once, not once per cell."""
    return parse.prepared() if isinstance(parse, one_of) else parse


def text(longest: int) -> Parse:
    def parse(cell: Cell) -> str:
        if len(cell.text) > longest:
            raise BadCell(unnumbered(f"最多 {longest} 个字"))
        return cell.text

    return parse


def digits(cell: Cell) -> str:
    """A code or a phone number. A number stored by Excel is accepted as long as no digit was lost."""
    if (cell.kind == "n" and (len(cell.text) > 15 or not cell.text.isdigit())) or _rounded(cell):
        raise BadCell(unnumbered("Excel 以数字保存，末几位可能已丢失：请把单元格设为文本后重填"))
    typed = unicodedata.normalize("NFKC", cell.text).strip()
    return "" if typed in NONE else typed


def numbers_as_text(cell: Cell) -> str:
    """The ID number. Raise BadCell for a numeric cell: Excel keeps 15 digits, so the last three are lost."""
    if cell.kind == "n" or _rounded(cell):
        raise BadCell(
            unnumbered("身份证列须为文本：Excel 以数字保存（如 4.40E+17），末几位已丢失，请把该列设为文本后重填")
        )
    return unicodedata.normalize("NFKC", cell.text).strip()


def cards_as_text(cell: Cell) -> str:
    """The number of a bank card. Raise BadCell for a numeric cell over 15 digits, which Excel rounds."""
    if (cell.kind == "n" and len(cell.text) > 15) or _rounded(cell):
        raise BadCell(unnumbered("Excel 以数字保存，卡号末几位已丢失：请把该列设为文本后重填"))
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", cell.text))
    if number and not (number.isdigit() and 12 <= len(number) <= 21):
        raise BadCell(unnumbered("卡号应为 12 至 21 位数字"))
    return number


def day(cell: Cell) -> date | None:
    """2024-03-15, 2024/3/15, 2024.3.15, 20240315, 2024年3月15日, with or without a time, or the day number of Excel."""
    if not cell.text or cell.text in NONE:
        return None
    if cell.kind == "n" and (serial := _serial(cell.text)) in EXCEL_DAYS:
        return EXCEL_BEGINS + timedelta(days=serial)
    typed = unicodedata.normalize("NFKC", cell.text).split("T")[0].strip()
    if re.fullmatch(r"\d{6,7}", typed):
        raise BadCell(unnumbered("月和日写不满两位，能读成几个日期：写成 2024-03-15 这样"))
    parts = SEPARATED.fullmatch(typed) or UNSEPARATED.fullmatch(typed)
    if parts is None:
        raise BadCell(unnumbered("日期写成 2024-03-15 这样，年月日都要有"))
    try:
        found = date(*map(int, parts.groups()))
    except ValueError:
        raise BadCell(unnumbered("没有这一天，请核对年月日")) from None
    if not EARLIEST <= found <= LATEST:
        raise BadCell(unnumbered(f"年份应在 {EARLIEST.year} 至 {LATEST.year} 之间，请核对"))
    return found


def _serial(text: str) -> int:
    """The day of a number of Excel, whose fraction is the time of day; midnight may lack a few millionths."""
    return int(Decimal(text) + Decimal("0.000005"))


def last_day(cell: Cell) -> date | None:
    """A day, or None for 长期 and the like."""
    return None if cell.text in NO_END else day(cell)


def yes(cell: Cell) -> bool:
    typed = cell.text.strip().lower()
    if typed in YES:
        return True
    if not typed or typed in NO:
        return False
    raise BadCell(unnumbered("只能填：是、否"))


def money(cell: Cell) -> Decimal | None:
    typed = unicodedata.normalize("NFKC", cell.text).replace(",", "").removesuffix("元").strip("¥ ")
    if not typed:
        return None
    try:
        amount = Decimal(typed).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise BadCell(unnumbered("金额写成 260 或 260.50 这样")) from None
    if not 0 <= amount < 1_000_000:
        raise BadCell(unnumbered("金额不在合理范围"))
    return amount


class one_of:
    """The code for a label or a code of (code, label) pairs; `also` maps other words to codes."""

    def __init__(self, choices: Callable[[], Iterable[tuple[str, str]]], also: dict[str, str] | None = None):
        self.choices, self.also = choices, also or {}

    def __call__(self, cell: Cell) -> str:
        return self.prepared()(cell)

    def prepared(self) -> Parse:
        pairs = list(self.choices())
        known = {_word(word): code for code, label in pairs for word in (code, label)}
        known |= {_word(word): code for word, code in self.also.items()}
        offered = "、".join(str(label) for _, label in pairs[:12])
        offered += f" 等 {len(pairs)} 种，见模板的下拉列表" if len(pairs) > 12 else ""

        @cache
        def code_of(text: str) -> str | None:
            return known.get(_word(text))

        def parse(cell: Cell) -> str:
            if not cell.text:
                return ""
            if (code := code_of(cell.text)) is None:
                raise BadCell(unnumbered(f"只能填：{offered}"))
            return code

        return parse


def _word(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text))).lower()


def _rounded(cell: Cell) -> bool:
    return cell.kind == "s" and bool(ROUNDED.fullmatch(cell.text))
