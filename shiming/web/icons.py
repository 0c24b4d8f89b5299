"""The icons of the pages as pictures of their own, for papers that are not pages."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "vendor" / "icons.svg"


@cache
def svg(name: str) -> str:
    """The icon in black; KeyError when there is none of this name."""
    found = re.search(rf'<symbol id="{re.escape(name)}"([^>]*)>(.*?)</symbol>', SPRITE.read_text(), re.DOTALL)
    if found is None:
        raise KeyError(name)
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg"{found[1]}>{found[2]}</svg>'
    return drawn.replace("currentColor", "#000")
