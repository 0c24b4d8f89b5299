"""Signed files: a ZIP with an Excel file or PDF and its signature, which anyone can check with the public key.

The signature (Ed25519) covers the SHA-256 of the file and what the document says about it: list, rows, who took
it and when. The key is a data key of its own purpose; its number stands in the document, so that files signed before a
change of the key still check.
"""

import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from shiming.core import keys
from shiming.core.errors import Invalid
from shiming.core.models import DataKey
from shiming.web.table import Column, Table

PURPOSE = "signatures"
DOCUMENT = "签名.json"
LARGEST_FILE = 60_000_000  # bytes of the file inside
LARGEST_DOCUMENT = 10_000
ANOTHER = "请选择“签名文件”导出的 ZIP，不要解开、不要改名里面的文件"


@dataclass(frozen=True)
class Checked:
    """`genuine` is False when file or document was changed, or when another system signed."""

    genuine: bool
    title: str
    file: str
    rows: int
    taken: str
    at: str


def write_signed(
    target,
    columns: list[Column],
    rows: Iterable,
    *,
    write_xlsx: Callable,
    title: str,
    watermark: str = "",
    details: Iterable[Table] = (),
) -> int:
    """Write the ZIP into `target`; return the number of rows."""
    workbook, name = BytesIO(), f"{title}.xlsx"
    count = write_xlsx(workbook, columns, rows, title=title, watermark=watermark, details=details)
    content = workbook.getvalue()
    bundle(target, name, content, title=title, rows=count, taken=watermark)
    return count


def bundle(target, name: str, content: bytes, *, title: str, rows: int, taken: str) -> None:
    """Write the ZIP of any file and its signature."""
    about = {"list": title, "file": name, "rows": rows, "taken": taken, "at": timezone.now().isoformat()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr(name, content)
        opened.writestr(DOCUMENT, json.dumps(sign(content, about), ensure_ascii=False, indent=1))


def sign(content: bytes, about: dict) -> dict:
    number, seed = keys.current(PURPOSE)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    facts = about | {"sha256": sha256(content).hexdigest(), "key": number, "algorithm": "Ed25519"}
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    facts["public_key"] = b64encode(public).decode()
    return facts | {"signature": b64encode(key.sign(_signed_text(facts))).decode()}


def check(signed) -> Checked:
    """Raise Invalid for a file that is no signed list."""
    name, content, document = _opened(signed)
    facts = {key: value for key, value in document.items() if key != "signature"}
    genuine = facts.get("file") == name and facts.get("sha256") == sha256(content).hexdigest()
    return Checked(
        genuine=genuine and _signed_here(facts, document.get("signature")),
        title=str(facts.get("list", "")),
        file=name,
        rows=facts["rows"] if isinstance(facts.get("rows"), int) else 0,
        taken=str(facts.get("taken", "")),
        at=str(facts.get("at", "")),
    )


def _opened(signed) -> tuple[str, bytes, dict]:
    try:
        with zipfile.ZipFile(signed) as opened:
            listed = {entry.filename: entry for entry in opened.infolist()}
            document = listed.pop(DOCUMENT)
            (file,) = listed.values()
            if document.file_size > LARGEST_DOCUMENT or file.file_size > LARGEST_FILE:
                raise Invalid("文件太大", next_step=ANOTHER, field="bundle")
            content, facts = opened.read(file), json.loads(opened.read(document))
    except (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, NotImplementedError):
        raise Invalid("这不是签名文件", next_step=ANOTHER, field="bundle") from None
    if not isinstance(facts, dict):
        raise Invalid("这不是签名文件", next_step=ANOTHER, field="bundle")
    return file.filename, content, facts


def _signed_here(facts: dict, signature) -> bool:
    """With the key of this installation: the public key in the document proves nothing by itself."""
    number = facts.get("key")
    if not isinstance(number, int) or not DataKey.objects.filter(purpose=PURPOSE, number=number).exists():
        return False
    public = Ed25519PrivateKey.from_private_bytes(keys.numbered(PURPOSE, number)).public_key()
    try:
        public.verify(b64decode(str(signature)), _signed_text(facts))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_text(facts: dict) -> bytes:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
