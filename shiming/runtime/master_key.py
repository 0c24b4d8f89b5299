"""The master key of an installation: 32 random bytes in one file that only its owner can read (security.md 50–52).

It is created for an empty database only. Where a database already holds keys, a missing or other file is refused.
"""

import os
from pathlib import Path

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shiming.runtime.errors import Refused

KEY_BYTES = 32
NONCE = 12
NEWEST_DATA_KEY = "SELECT purpose, wrapped FROM core_datakey ORDER BY id DESC LIMIT 1"


def key_path(home: Path) -> Path:
    return Path(os.environ.get("SHIMING_MASTER_KEY_FILE") or home / "keys" / "master.key")


def create_master_key(path: Path) -> Path:
    """Create the key file of a new installation with mode 0400; leave an existing one unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return path
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path


def read_master_key(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise Refused(
            f"The master key is needed, and {path} cannot be read ({error.strerror}). Put the key file of the "
            "installation there (mode 0400), or name its place with SHIMING_MASTER_KEY_FILE.",
            f"需要主密钥，但无法读取 {path}。请将该安装的主密钥文件放到此处（权限 0400），或用 SHIMING_MASTER_KEY_FILE 指明位置。",
        ) from error
    if len(key) != KEY_BYTES:
        raise Refused(
            f"{path} is not a master key: it should hold {KEY_BYTES} bytes, not {len(key)}. "
            "Put the copy of the key file back in its place.",
            f"{path} 不是 {KEY_BYTES} 字节的主密钥。请将另行保管的主密钥文件放回此处。",
        )
    return key


def unwrap(master: bytes, wrapped: bytes, purpose: str) -> bytes:
    """The data key of this purpose; InvalidTag if another master key wrapped it."""
    return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], purpose.encode())


def require_key_of(database: psycopg.Connection, path: Path, *, may_create: bool) -> bool:
    """Refused if this file is not the key of this database. True if it was created now, for an empty database."""
    held = _data_key(database)
    if held is None and may_create and not path.exists():
        create_master_key(path)
        return True
    key = read_master_key(path)
    if held is None:
        return False
    purpose, wrapped = held
    try:
        unwrap(key, bytes(wrapped), purpose)
    except (InvalidTag, ValueError) as error:
        raise Refused(
            f"The master key {path} is not the one of this database. Nothing was changed. Put the key file that was "
            "kept with this database there (mode 0400), or name its place with SHIMING_MASTER_KEY_FILE.",
            f"主密钥 {path} 与数据库不符，数据没有改动。"
            "请放回与此数据库一同保管的主密钥文件（权限 0400），或用 SHIMING_MASTER_KEY_FILE 指明位置。",
        ) from error
    return False


def _data_key(database: psycopg.Connection) -> tuple[str, bytes] | None:
    if database.execute("SELECT to_regclass('core_datakey')").fetchone()[0] is None:
        return None
    return database.execute(NEWEST_DATA_KEY).fetchone()
