"""A font with Chinese characters: from the wheel `noto-cjk-sans-otc`, else from the system."""

import shutil
import subprocess
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

SIMPLIFIED = 2  # index of the simplified Chinese face in the collection
KNOWN_FILES = (
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)


class NoFont(RuntimeError):
    def __init__(self):
        super().__init__("找不到中文字体：请安装 PyPI 包 noto-cjk-sans-otc，或系统字体 Noto Sans CJK。")


@lru_cache(maxsize=32)
def chinese(size: int) -> ImageFont.FreeTypeFont:
    path = font_file()
    return ImageFont.truetype(str(path), size, index=SIMPLIFIED if "CJK" in path.name else 0)


@lru_cache
def font_file() -> Path:
    for find in (_from_wheel, _from_fontconfig, _from_known_places):
        path = find()
        if path and path.is_file():
            return path
    raise NoFont()


def _from_wheel() -> Path | None:
    if spec := find_spec("noto_cjk_sans_otc"):
        return Path(spec.origin).with_name("NotoSansCJK-Regular.ttc")
    return None


def _from_fontconfig() -> Path | None:
    if not (program := shutil.which("fc-match")):
        return None
    asked = [program, "--format=%{file}\n%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False).stdout
    file, _, languages = answer.partition("\n")
    return Path(file) if "zh" in languages else None


def _from_known_places() -> Path | None:
    return next((Path(file) for file in KNOWN_FILES if Path(file).is_file()), None)
