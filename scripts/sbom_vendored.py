"""Adds the vendored browser packages to a CycloneDX document: stdin to stdout."""

import json
import sys
from itertools import groupby
from pathlib import Path

MANIFEST = Path(__file__).parent.parent / "shiming/web/static/vendor/manifest.json"


def components() -> list[dict]:
    rows = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    rows.sort(key=lambda row: row["package"])
    return [_component(package, list(files)) for package, files in groupby(rows, key=lambda row: row["package"])]


def _component(package: str, files: list[dict]) -> dict:
    version = files[0]["version"]
    purl = f"pkg:npm/{package.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "purl": purl,
        "name": package,
        "version": version,
        "licenses": [{"license": {"id": files[0]["licence"]}}],
        "components": [
            {"type": "file", "name": row["file"], "hashes": [{"alg": "SHA-256", "content": row["sha256"]}]}
            for row in files
        ],
    }


if __name__ == "__main__":
    document = json.load(sys.stdin)
    document["components"] += components()
    json.dump(document, sys.stdout, indent=1)
