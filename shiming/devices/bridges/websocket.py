"""The part of WebSocket (RFC 6455) that bridge D needs: short texts, one at a time."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import BinaryIO

KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
LONGEST = 4096


def greet(handler: BaseHTTPRequestHandler) -> bool:
    key = handler.headers.get("Sec-WebSocket-Key")
    if handler.headers.get("Upgrade", "").lower() != "websocket" or not key:
        handler.send_error(426)
        return False
    accepted = b64encode(hashlib.sha1((key + KEY).encode(), usedforsecurity=False).digest()).decode()
    handler.send_response(101)
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", accepted)
    handler.end_headers()
    handler.close_connection = True
    return True


def words(source: BinaryIO, out: BinaryIO) -> Iterator[str]:
    """Yield the incoming texts until the page closes or sends an unsupported frame."""
    while (frame := _frame(source)) is not None:
        kind, content = frame
        if kind == TEXT:
            yield content.decode("utf-8", "replace")
        elif kind == PING:
            _write(out, PONG, content)
        else:
            if kind == CLOSE:
                _write(out, CLOSE, content)
            return


def send(out: BinaryIO, text: str) -> None:
    _write(out, TEXT, text.encode())


def _frame(source: BinaryIO) -> tuple[int, bytes] | None:
    head = source.read(2)
    if len(head) < 2 or not head[0] & 0x80 or not head[1] & 0x80:
        return None
    length = head[1] & 0x7F
    if length == 126:
        length = int.from_bytes(source.read(2), "big")
    if length > LONGEST:
        return None
    mask, content = source.read(4), source.read(length)
    if len(mask) < 4 or len(content) < length:
        return None
    return head[0] & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(content))


def _write(out: BinaryIO, kind: int, content: bytes) -> None:
    size = len(content)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    if size > 0xFFFF:
        length = b"\x7f" + size.to_bytes(8, "big")
    out.write(bytes([0x80 | kind]) + length + content)
    out.flush()
