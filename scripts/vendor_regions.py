"""Fetch the pinned list of administrative divisions (GB/T 2260); keep it as one JSON file (developers only; needs npm).

    python scripts/vendor_regions.py

Writes shiming/dictionaries/regions.json: package, version, licence, the SHA-256 of the names, and the names by code.
Nothing here runs when the product runs; nothing is fetched then.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "shiming/dictionaries/regions.json"
PACKAGE, VERSION, LICENCE = "@vant/area-data", "2.1.0", "MIT"
ENTRY = re.compile(r'(\d{6}): ("[^"]+")')


def main():
    with tempfile.TemporaryDirectory() as folder:
        pack = ["npm", "pack", "--silent", "--pack-destination", folder, f"{PACKAGE}@{VERSION}"]
        subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            script = archive.extractfile("package/dist/index.cjs").read().decode()
    names = {code: json.loads(name) for code, name in sorted(ENTRY.findall(script))}
    source = {"package": PACKAGE, "version": VERSION, "licence": LICENCE, "sha256": digest(names)}
    kept = json.dumps({"source": source, "names": names}, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(kept + "\n", encoding="utf-8")


def digest(names: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{code} {name}" for code, name in names.items()).encode()).hexdigest()


if __name__ == "__main__":
    main()
