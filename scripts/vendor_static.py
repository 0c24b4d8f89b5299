"""Fetch the pinned browser packages and keep only the files we serve (developers only; needs npm).

    python scripts/vendor_static.py

Writes shiming/web/static/vendor/ and its manifest.json: package, version, licence and SHA-256 of each file. The product
itself never runs this script and downloads nothing.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "shiming/web/static/vendor"

# package → (version, licence, {path in the package: served name})
PACKAGES = {
    "@tabler/core": ("1.6.1", "MIT", {"dist/css/tabler.min.css": "tabler.min.css"}),
    "htmx.org": ("2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "barcode-detector": ("3.2.2", "MIT", {"dist/iife/ponyfill.js": "barcode-detector.js"}),
    # The exact version barcode-detector depends on: its script refuses any other wasm file.
    "zxing-wasm": ("3.1.3", "MIT", {"dist/reader/zxing_reader.wasm": "zxing_reader.wasm"}),
    "tus-js-client": ("4.3.1", "MIT", {"dist/tus.min.js": "tus.min.js"}),
    "echarts": ("6.0.0", "Apache-2.0", {"dist/echarts.simple.min.js": "echarts.simple.min.js"}),
}
ICON_PACKAGE = ("@tabler/icons", "3.51.0", "MIT")

# The icons used by our pages, all from Tabler's outline set.
ICONS = [
    "adjustments",
    "alert-circle",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-exchange",
    "arrows-sort",
    "ban",
    "bell",
    "bolt",
    "book",
    "briefcase",
    "building",
    "building-community",
    "building-skyscraper",
    "building-warehouse",
    "cake",
    "calendar",
    "calendar-month",
    "camera",
    "certificate",
    "chart-bar",
    "check",
    "checkbox",
    "checklist",
    "checks",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "circle-check",
    "circle-dashed",
    "circle-minus",
    "circle-x",
    "clipboard",
    "clipboard-check",
    "clipboard-list",
    "clock",
    "clock-exclamation",
    "clock-pause",
    "copy",
    "crane",
    "database",
    "device-mobile",
    "door-enter",
    "door-exit",
    "dots",
    "download",
    "edit",
    "external-link",
    "eye",
    "eye-off",
    "face-id",
    "file-alert",
    "file-search",
    "file-spreadsheet",
    "file-text",
    "files",
    "filter",
    "fingerprint",
    "flag",
    "folder",
    "hammer",
    "hand-stop",
    "heart",
    "helmet",
    "help-circle",
    "history",
    "home",
    "hourglass",
    "id",
    "id-badge-2",
    "inbox",
    "info-circle",
    "key",
    "keyboard",
    "link",
    "list",
    "list-check",
    "lock",
    "login",
    "logout",
    "mail",
    "map-pin",
    "menu-2",
    "message-circle",
    "minus",
    "notes",
    "octagon",
    "paperclip",
    "pencil",
    "phone",
    "photo",
    "player-pause",
    "player-play",
    "plug",
    "plus",
    "printer",
    "qrcode",
    "qrcode-off",
    "question-mark",
    "refresh",
    "report",
    "rotate-clockwise",
    "ruler",
    "scan",
    "search",
    "send",
    "settings",
    "shield",
    "shield-check",
    "shield-lock",
    "shield-x",
    "signature",
    "sitemap",
    "sort-ascending",
    "sort-descending",
    "square-check",
    "star",
    "sun",
    "switch",
    "switch-horizontal",
    "tool",
    "transfer",
    "trash",
    "trending-up",
    "upload",
    "urgent",
    "user",
    "user-check",
    "user-cog",
    "user-minus",
    "user-plus",
    "user-question",
    "user-x",
    "users",
    "users-group",
    "volume",
    "volume-off",
    "wallet",
    "wifi",
    "wifi-off",
    "x",
    "zoom-in",
]


def main():
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    rows = [row for name in PACKAGES for row in _copy_package(name)]
    rows.append(_write_sprite())
    manifest = json.dumps({"files": rows}, indent=2, ensure_ascii=False)
    (VENDOR / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def _copy_package(package):
    version, licence, files = PACKAGES[package]
    with tempfile.TemporaryDirectory() as folder:
        source = _fetch(package, version, Path(folder))
        for inside, name in files.items():
            text = (source / inside).read_bytes()
            (VENDOR / name).write_bytes(_without_map(text) if name.endswith((".css", ".js")) else text)
            yield _row(name, package, version, licence)


def _write_sprite():
    """One SVG file with a <symbol> per icon, so that pages refer to icons by name."""
    package, version, licence = ICON_PACKAGE
    with tempfile.TemporaryDirectory() as folder:
        source = _fetch(package, version, Path(folder)) / "icons/outline"
        symbols = [_symbol(name, source / f"{name}.svg") for name in ICONS]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")
    return _row("icons.svg", package, version, licence)


def _symbol(name, path):
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
    strokes = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {strokes}>{" ".join(drawing.split())}</symbol>'


def _fetch(package, version, folder):
    pack = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"]
    subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def _without_map(text):
    """Remove the reference to the source map, which is not served."""
    return re.sub(rb"\n?/[/*][#@] sourceMappingURL=[^\n*]*(\*/)?", b"", text)


def _row(name, package, version, licence):
    digest = hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()
    return {"file": name, "package": package, "version": version, "licence": licence, "sha256": digest}


if __name__ == "__main__":
    main()
