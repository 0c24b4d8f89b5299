"""Signed lists: genuine as exported, refused when a byte, a word or the key is another."""

import base64
import io
import json
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shiming.core import keys
from shiming.core.errors import Invalid
from shiming.web import signatures
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(cast) -> dict[str, bytes]:
    """The files of a signed list of the authority."""
    cast.stay()
    answer = export(client_of(cast.regulator()), "/oversight/sites/", kind="zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def bundled(files: dict[str, bytes]) -> io.BytesIO:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    bundle.seek(0)
    bundle.name = "list.zip"
    return bundle


def test_exported_file_is_genuine(taken):
    found = signatures.check(bundled(taken))
    assert (found.genuine, found.rows) == (True, 1)
    assert found.title.startswith("实名制作业人员信息") and "钱监督" in found.taken


def test_anyone_checks_with_the_public_key(taken):
    document = json.loads(taken[signatures.DOCUMENT])
    signature = base64.b64decode(document.pop("signature"))
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(base64.b64decode(document["public_key"])).verify(signature, text)


def altered(files, name, change):
    return files | {name: change(files[name])}


def other_rows(document: bytes) -> bytes:
    return json.dumps(json.loads(document) | {"rows": 2}).encode()


@pytest.mark.parametrize("name", ["file", "document"])
def test_changed_file_or_document_is_not_genuine(taken, name):
    workbook = next(each for each in taken if each != signatures.DOCUMENT)
    changed = (
        altered(taken, workbook, lambda content: content + b" ")
        if name == "file"
        else altered(taken, signatures.DOCUMENT, other_rows)
    )
    assert not signatures.check(bundled(changed)).genuine


def test_file_signed_elsewhere_is_not_genuine(taken, monkeypatch):
    workbook = next(name for name in taken if name != signatures.DOCUMENT)
    with monkeypatch.context() as patched:
        patched.setattr(keys, "current", lambda purpose: (1, b"7" * 32))
        document = signatures.sign(taken[workbook], {"list": "列表", "file": workbook, "rows": 1})
    assert not signatures.check(bundled(taken | {signatures.DOCUMENT: json.dumps(document).encode()})).genuine


def test_file_signed_before_a_new_key_is_still_genuine(taken):
    keys.add(signatures.PURPOSE)
    assert signatures.check(bundled(taken)).genuine


@pytest.mark.parametrize(
    "files",
    [{}, {"签名.json": b"{}"}, {"a.xlsx": b"a", "签名.json": b"["}, {"a.xlsx": b"a", "签名.json": b"[]"}],
)
def test_other_bundles_are_refused_in_words(files):
    with pytest.raises(Invalid, match="不是签名文件"):
        signatures.check(bundled(files))


def test_page_says_whether_the_file_is_genuine(cast, taken):
    browser = client_of(cast.regulator())
    good = browser.post("/lists/signed/", {"bundle": bundled(taken)}).content.decode()
    bad = browser.post("/lists/signed/", {"bundle": bundled(altered(taken, "签名.json", other_rows))}).content.decode()
    assert ("与签名相符" in good, "与签名不符" in bad) == (True, True)
    refused = browser.post("/lists/signed/", {"bundle": io.BytesIO(b"not a zip")})
    assert refused.status_code == 422 and "这不是签名文件" in refused.content.decode()
