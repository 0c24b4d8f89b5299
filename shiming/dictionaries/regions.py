"""Administrative divisions, province → city → county (GB/T 2260): what 户口所在地, 现居住地 and 籍贯 are chosen from.

Rows keep the whole label (浙江省杭州市西湖区) and not the code: it prints wherever it stands, and it stays true when the
divisions are redrawn. The list is regions.json, written by scripts/vendor_regions.py.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("regions.json")
PROVINCE, CITY, COUNTY = 1, 2, 3
FOUND = 12
# Levels that exist for the code only: counties under a province directly.
UNNAMED = {"县", "市辖区", "省直辖县", "自治区直辖县级行政区划"}
SUFFIX = re.compile("(?<=..)(特别行政区|自治区|自治州|自治县|省|市|区|县|盟|旗)$")


class Region(NamedTuple):
    code: str
    name: str
    label: str

    @property
    def level(self) -> int:
        return PROVINCE if self.code.endswith("0000") else CITY if self.code.endswith("00") else COUNTY


def of_code(code: str) -> Region | None:
    return _by_code().get(code)


def of_label(label: str) -> Region | None:
    return _by_label().get(label)


def children(code: str = "") -> list[Region]:
    """The next level below, or the provinces; cities that are no more than a name for the code are passed over."""
    rows = [region for region in _by_code().values() if _parent(region) == code]
    below = []
    for region in rows:
        passed = code and region.level == CITY and region.label == _by_code()[code].label
        below += children(region.code) if passed else [region]
    return below


def find(text: str) -> Region | None:
    """The division meant by a label, a code, or a short form that fits one division only: 浙江杭州西湖."""
    typed = _plain(text)
    if exact := of_label(typed) or of_code(typed):
        return exact
    fits = [
        region
        for region in _by_label().values()
        if typed.endswith((region.name, _short(region.name))) and _within(typed, region.label)
    ]
    return fits[0] if len(fits) == 1 else None


def search(text: str, most: int = FOUND) -> list[Region]:
    """Divisions by a part of the label or by initials (xh, hzxh), the closest first."""
    typed = _plain(text).casefold()
    if not typed:
        return []
    ranked = [(rank, region) for region in _by_label().values() if (rank := _rank(typed, region)) is not None]
    return [region for _, region in sorted(ranked, key=lambda each: (each[0], each[1].level, each[1].code))[:most]]


def reaches(region: Region, level: int) -> bool:
    """Whether a choice goes down to this level, or as far as there is one."""
    if region.level >= level:
        return True
    return not any(below.level <= level for below in children(region.code))


def _rank(typed: str, region: Region) -> int | None:
    if typed.isascii():
        own, whole = _initials(_short(region.name)), "".join(_initials(_short(name)) for name in _names(region.code))
        return 0 if own == typed or whole.endswith(typed) else 1 if own.startswith(typed) or typed in whole else None
    if region.name.startswith(typed):
        return 0
    if typed in region.label:
        return 1
    return 2 if _within(typed, region.label) else None


def _within(typed: str, label: str) -> bool:
    """All characters of `typed` occur in this order."""
    rest = iter(label)
    return all(character in rest for character in typed)


def _short(name: str) -> str:
    return SUFFIX.sub("", name)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def _parent(region: Region) -> str:
    return {PROVINCE: "", CITY: f"{region.code[:2]}0000", COUNTY: f"{region.code[:4]}00"}[region.level]


@cache
def _by_code() -> dict[str, Region]:
    names = json.loads(FILE.read_text(encoding="utf-8"))["names"]
    return {code: Region(code, name, "".join(_chain(code, names))) for code, name in names.items()}


@cache
def _by_label() -> dict[str, Region]:
    """The higher level wins where two share a label (北京市)."""
    rows = sorted(_by_code().values(), key=lambda region: -region.level)
    return {region.label: region for region in rows}


def _names(code: str) -> list[str]:
    return _chain(code, {each: region.name for each in _codes_to(code) if (region := of_code(each))})


def _chain(code: str, names: dict[str, str]) -> list[str]:
    """The names from the province down, each once, without those that stand for the code only."""
    return list(dict.fromkeys(name for each in _codes_to(code) if (name := names[each]) not in UNNAMED))


def _codes_to(code: str) -> tuple[str, str, str]:
    return f"{code[:2]}0000", f"{code[:4]}00", code


@cache
def _initials(name: str) -> str:
    from pypinyin import Style, pinyin  # half a second of start for processes that never search

    return "".join(each[0][:1] for each in pinyin(name, style=Style.FIRST_LETTER)).lower()
