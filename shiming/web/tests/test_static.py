"""Vendored files match the manifest, and files named in templates exist."""

import hashlib
import json
import re
from os.path import dirname, normpath
from pathlib import Path

import pytest

from shiming.core.refusals import REFUSALS
from shiming.web.states import STATES, TONES

WEB = Path(__file__).parent.parent
VENDOR = WEB / "static/vendor"
OWN = WEB / "static/shiming"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))["files"]
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))
TEMPLATES = sorted(WEB.parent.glob("*/templates/**/*.html"))


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_vendored_file_matches_the_manifest(row):
    assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    assert row["licence"] in ("MIT", "0BSD", "Apache-2.0")


def test_every_vendored_file_is_listed():
    assert {path.name for path in VENDOR.iterdir()} == {row["file"] for row in MANIFEST} | {"manifest.json"}


def test_barcode_script_expects_our_wasm_file():
    digest = hashlib.sha256((VENDOR / "zxing_reader.wasm").read_bytes()).hexdigest()
    assert digest in (VENDOR / "barcode-detector.js").read_text(encoding="utf-8")


def test_every_named_icon_exists():
    named = {icon for _, icon in STATES.values()} | {entry.icon for entry in REFUSALS.values()}
    for path in TEMPLATES:
        named |= set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))
    assert named - ICONS == set()


def test_every_state_has_a_known_tone():
    assert {tone for tone, _ in STATES.values()} <= set(TONES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_code(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r'\sstyle="|\son[a-z]+="|<style|<script(?![^>]*\bsrc=)|javascript:|\|safe\b', text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_loads_nothing_from_outside(path):
    assert re.findall(r'(?:src|href)="(?:https?:)?//', path.read_text(encoding="utf-8")) == []


def test_script_imports_exist():
    served = {
        path.relative_to(root).as_posix(): path for root in WEB.parent.glob("*/static") for path in root.rglob("*.js")
    }
    for address, path in served.items():
        if not address.startswith("vendor/"):
            for name in re.findall(r'from "(\.[^"]+)"', path.read_text(encoding="utf-8")):
                assert normpath(f"{dirname(address)}/{name}") in served, (address, name)


# Scripts of the workers' pages (decisions.md: another language is one file); pages of sites and companies are exempt.
SPOKEN_BY_THE_PAGE = [
    *(OWN / "js" / f"{name}.js" for name in ("scanner", "capture", "code", "forms", "dialog", "speak", "table")),
    *(WEB.parent / "presence/static/presence" / f"{name}.js" for name in ("code", "gate", "kept")),
]


@pytest.mark.parametrize("script", SPOKEN_BY_THE_PAGE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_worker_page_scripts_hold_no_words(script):
    code = re.sub(r"//.*", "", script.read_text(encoding="utf-8"))
    assert re.findall(r"[\u4e00-\u9fff]+", code) == []
