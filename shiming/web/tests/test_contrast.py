"""WCAG 2.2 AA: text contrast at least 4.5 to 1, edges of fields and icons at least 3 to 1."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static/shiming/css/tokens.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", TOKENS))

WORDS = [
    *[(word, ground) for word in ("text", "text-soft", "text-faint") for ground in ("surface", "paper", "sunken")],
    *[(tone, f"{tone}-bg") for tone in ("ok", "wait", "stop", "idle", "info", "alarm", "safety")],
    *[("surface", verdict) for verdict in ("verdict-ok", "verdict-warn", "verdict-stop")],
    *[(word, ground) for word in ("on-ink", "on-ink-soft", "safety-bright") for ground in ("ink-900", "ink-800")],
    *[("on-ink", ground) for ground in ("ink-700", "safety", "stop")],
    *[("ink-600", ground) for ground in ("surface", "paper", "ink-100", "ink-50", "sunken")],
    *[("ink-800", ground) for ground in ("ink-100", "ink-50", "paper")],
    *[("stop", ground) for ground in ("surface", "paper")],
    ("safety", "surface"),
    ("ink-700", "ink-50"),
    ("ink-950", "safety-bright"),
]
EDGES = [("line-strong", "surface"), ("ink-600", "paper"), ("ink-600", "surface"), ("safety-bright", "ink-900")]


@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_are_readable(word, ground):
    assert contrast(COLOURS[word], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_are_visible(edge, ground):
    assert contrast(COLOURS[edge], COLOURS[ground]) >= 3


@pytest.mark.parametrize("verdict", ["verdict-ok", "verdict-warn", "verdict-stop"])
def test_a_verdict_is_readable_in_the_sun(verdict):
    assert contrast("#ffffff", COLOURS[verdict]) >= 6


def contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
