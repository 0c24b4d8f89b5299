"""The file format of backups, readable with the master key only.

`SHIMING1`, 32 bytes of salt, 8 bytes that identify the right key, then pieces of 1 MB, each AES-256-GCM under a key of
this file alone. The nonce of a piece holds its number and a flag for the last piece, so changed, swapped or cut pieces
do not decrypt.
"""

import hmac
import io
import os
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shiming.runtime.errors import Refused

MARK = b"SHIMING1"
SALT, PROOF, KEY, TAG = 32, 8, 32, 16
PIECE = 1_000_000


class SealingFile(io.RawIOBase):
    """Write into it, then call `finish`: without the last piece the file does not decrypt."""

    def __init__(self, file: BinaryIO, master_key: bytes):
        salt = os.urandom(SALT)
        self._cipher, proof = _cipher(master_key, salt)
        self._file, self._held, self._number, self._digest = file, bytearray(), 0, sha256()
        file.write(MARK + salt + proof)

    def writable(self) -> bool:
        return True

    def write(self, content) -> int:
        self._held += content
        self._digest.update(content)
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(content)

    def digest(self) -> bytes:
        """SHA-256 of the plain content so far."""
        return self._digest.digest()

    def finish(self) -> None:
        self._put(bytes(self._held), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), piece, None))
        self._number += 1


class OpenedFile(io.RawIOBase):
    """Reads the content of a SealingFile piece by piece; raises Refused for a wrong key or a damaged file."""

    def __init__(self, file: BinaryIO, master_key: bytes, name: str):
        self._file, self._name = file, name
        self._number, self._held, self._ended = 0, b"", False
        if file.read(len(MARK)) != MARK:
            raise Refused(f"{name} is not a backup of Shiming.", f"{name} 不是本系统的备份文件，或无法读取。")
        salt, proof = file.read(SALT), file.read(PROOF)
        self._cipher, expected = _cipher(master_key, salt)
        if not hmac.compare_digest(proof, expected):
            raise Refused(
                f"The master key at hand is not the one {name} was made with. Put that one in its place.",
                f"现有主密钥不是制作 {name} 时所用的主密钥，请换上当时的主密钥文件。",
            )
        self._next = file.read(PIECE + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self._held and not self._ended:
            self._held = self._piece()
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count

    def _piece(self) -> bytes:
        sealed, self._next = self._next, self._file.read(PIECE + TAG)
        self._ended = not self._next
        try:
            piece = self._cipher.decrypt(_nonce(self._number, self._ended), sealed, None)
        except InvalidTag as error:
            raise Refused(
                f"{self._name} is damaged or incomplete: what it holds is not what was written.",
                f"{self._name} 已损坏或不完整，请改用另一份备份。",
            ) from error
        self._number += 1
        return piece


def _cipher(master_key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    """(cipher of one file, proof bytes that identify the right key)."""
    derived = HKDF(SHA256(), KEY + PROOF, salt, b"shiming backup").derive(master_key)
    return AESGCM(derived[:KEY]), derived[KEY:]


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
