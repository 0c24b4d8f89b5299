"""Keys: a master key in a file wraps the data keys in the database (security.md 50–52)."""

import hmac
import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shiming.core.environment import environment
from shiming.runtime import master_key as key_file
from shiming.runtime.master_key import KEY_BYTES, NONCE

KEY = KEY_BYTES
PURPOSES = ("fields", "files", "faces", "index", "trail", "codes", "posters", "signatures")


class KeyTrouble(RuntimeError):
    """The master key is missing, wrong or readable by others: the system refuses to start."""


def master_key(path: Path | None = None) -> bytes:
    path = path or environment().key_file
    if not path.exists():
        raise KeyTrouble(f"主密钥文件不存在：{path.name}。请放回另行保管的主密钥文件；新安装请用 shiming run 建立。")
    key = path.read_bytes()
    if len(key) != KEY:
        raise KeyTrouble(f"主密钥文件 {path.name} 应为 {KEY} 字节。")
    return key


def anchor_key() -> Ed25519PrivateKey:
    """Signs anchors and exports of the trail. Derived from the master key, so the database never has it."""
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), KEY, None, b"trail anchors").derive(master_key()))


def wrap(key: bytes, purpose: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(master_key()).encrypt(nonce, key, purpose.encode())


def unwrap(wrapped: bytes, purpose: str) -> bytes:
    try:
        return key_file.unwrap(master_key(), wrapped, purpose)
    except (InvalidTag, ValueError) as error:
        raise KeyTrouble("主密钥与数据库不符：请使用与此数据库一同备份的主密钥。") from error


@cache
def current(purpose: str) -> tuple[int, bytes]:
    """(number, key) of the newest key. `migrate` creates keys: one created here would be lost on rollback."""
    from shiming.core.models import DataKey

    row = DataKey.objects.filter(purpose=purpose).order_by("-number").first()
    if row is None:
        raise KeyTrouble(f"数据库里没有“{purpose}”密钥，请先运行 shiming manage migrate。")
    return row.number, unwrap(bytes(row.wrapped), purpose)


@cache
def numbered(purpose: str, number: int) -> bytes:
    from shiming.core.models import DataKey

    return unwrap(bytes(DataKey.objects.get(purpose=purpose, number=number).wrapped), purpose)


@cache
def _cipher(purpose: str, number: int) -> AESGCM:
    return AESGCM(numbered(purpose, number))


def encrypt(purpose: str, plain: bytes, context: str) -> bytes:
    """Key number (2 bytes) | nonce (12) | ciphertext and tag. `context` is authenticated, not stored."""
    number, _ = current(purpose)
    nonce = os.urandom(NONCE)
    return number.to_bytes(2, "big") + nonce + _cipher(purpose, number).encrypt(nonce, plain, context.encode())


def decrypt(purpose: str, sealed: bytes, context: str) -> bytes:
    number, rest = int.from_bytes(sealed[:2], "big"), sealed[2:]
    return _cipher(purpose, number).decrypt(rest[:NONCE], rest[NONCE:], context.encode())


def digest(purpose: str, text: str) -> bytes:
    """A keyed hash of 32 bytes: equal texts have equal hashes, and no text can be guessed without the key."""
    started = _digester(purpose).copy()
    started.update(text.encode())
    return started.digest()


@cache
def _digester(purpose: str) -> hmac.HMAC:
    return hmac.new(current(purpose)[1], digestmod=sha256)


def ensure(**kwargs) -> None:
    """Create the missing keys; runs after each migrate."""
    from shiming.core.models import DataKey

    for purpose in PURPOSES:
        if not DataKey.objects.filter(purpose=purpose).exists():
            add(purpose)
    forget()


def add(purpose: str) -> None:
    """Create the next key of a purpose. When two processes race, both use the one that was inserted first."""
    from shiming.core.models import DataKey

    last = DataKey.objects.filter(purpose=purpose).order_by("-number").first()
    number = last.number + 1 if last else 1
    fresh = DataKey(purpose=purpose, number=number, wrapped=wrap(os.urandom(KEY), purpose))
    DataKey.objects.bulk_create([fresh], ignore_conflicts=True)
    forget()


def forget() -> None:
    """Clear the cached keys after a change in the database."""
    for function in (current, numbered, _cipher, _digester):
        function.cache_clear()
