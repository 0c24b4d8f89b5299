"""Export of the trail: one signed ZIP that scripts/verify_trail_export.py checks without the product."""

import hashlib
import json
import os
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.utils import timezone

from shiming.core import keys, seals
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.core.models import Seal
from shiming.evidence.anchors import as_text

MANIFEST, SEALS = "manifest.json", "seals.jsonl"


@transaction.atomic
def export_trail(target: Path, *, by: Actor) -> dict:
    """Write all sealed records, their seals and the anchors; return the manifest. The file must not exist yet.

    It holds names and is readable by its owner only. The export itself is a line of the trail.
    """
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        manifest = _write(file)
        file.flush()
        os.fsync(file.fileno())
    rows = sum(manifest["rows"].values())
    if last := seals.last_seal(seals.CHAINS["trail"]):
        record(Event.DATA_EXPORTED, last, by=by, kind="痕迹与考勤的封存记录", count=rows)
    return manifest


def public_key() -> str:
    """What a verifier must know from elsewhere than the export."""
    return b64encode(keys.anchor_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _write(file) -> dict:
    manifest = {"made": timezone.now().isoformat(), "public_key": public_key(), "files": {}, "rows": {}}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        upto = {name: chain for name, chain in seals.CHAINS.items() if seals.last_seal(chain)}
        _member(archive, SEALS, manifest, (line for name in upto for line in _batches(name)))
        for name, chain in upto.items():
            manifest["rows"][name] = _member(archive, f"{name}.jsonl", manifest, _records(chain))
        for place, path in enumerate(environment().anchor_files, start=1):
            text = path.read_text(errors="replace") if path.exists() else ""
            _member(archive, f"anchors-{place}.jsonl", manifest, text.splitlines())
        manifest["signature"] = b64encode(keys.anchor_key().sign(as_text(manifest).encode())).decode()
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def _member(archive: zipfile.ZipFile, name: str, manifest: dict, lines) -> int:
    """Write one line after the other and note the SHA-256 of the whole; return the number of lines."""
    hashed, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as member:
        for line in lines:
            content = line.encode() + b"\n"
            hashed.update(content)
            member.write(content)
            count += 1
    manifest["files"][name] = hashed.hexdigest()
    return count


def _batches(chain: str) -> Iterator[str]:
    for batch in Seal.objects.filter(chain=chain).defer("records").order_by("number").iterator():
        values = {
            name: getattr(batch, name) for name in ("chain", "number", "first_id", "last_id", "count", "key_number")
        }
        values |= {"at": batch.at.astimezone(UTC).isoformat(), "head": bytes(batch.head).hex()}
        yield as_text(values | {"digest": bytes(batch.digest or b"").hex()})


def _records(chain: seals.Chain) -> Iterator[str]:
    """The number, a tabulator and the text of each record, as the seals hash it."""
    for first, last in Seal.objects.filter(chain=chain.name).order_by("number").values_list("first_id", "last_id"):
        yield from (f"{row['number']}\t{row['text']}" for row in seals.rows_between(chain, first, last))
