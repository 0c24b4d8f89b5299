"""Sealed codes of posters: place, version, signature with a key of its own; the picture, and the printed address.

`purpose` separates the kinds of posters: a code of one is no code of another.
"""

import hmac
from base64 import b32decode, b32encode, b64encode
from io import BytesIO
from uuid import UUID

import segno

from shiming.core import keys
from shiming.core.environment import environment

PLACE, VERSION = 26, 4  # letters of a UUID, digits of the version
SIGNED = 10  # bytes of the signature kept: 80 bits, guessed online or not at all


class Forged(Exception):
    """The code was not made here."""


class Outdated(Exception):
    """The code was genuine once; its poster has been renewed or stopped, or its place has ended."""


def sealed(pk: UUID, version: int, purpose: str = "") -> str:
    body = f"{_letters(pk.bytes)}{version:0{VERSION}d}"
    return body + _signature(body, purpose)


def opened(code: str, purpose: str = "") -> tuple[UUID, int]:
    """(place, version) of a scanned code; raises Forged."""
    body, signature = code[: PLACE + VERSION], code[PLACE + VERSION :]
    if not hmac.compare_digest(signature.encode(), _signature(body, purpose).encode()):
        raise Forged
    return UUID(bytes=b32decode(f"{body[:PLACE]}======")), int(body[PLACE:])


def address(path: str, request) -> str:
    """The address in the picture: of the configured host, else of the one that was asked."""
    base = environment().public_url.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)


def svg(text: str) -> bytes:
    """The picture; it still reads with a corner torn off or wet."""
    out = BytesIO()
    plain = {"xmldecl": False, "svgclass": None, "lineclass": None}
    segno.make(text, error="q", boost_error=False).save(out, kind="svg", border=2, light="#fff", **plain)
    return out.getvalue()


def image(text: str) -> str:
    """The picture as an address an <img> can carry."""
    return f"data:image/svg+xml;base64,{b64encode(svg(text)).decode()}"


def _signature(body: str, purpose: str) -> str:
    return _letters(keys.digest("posters", f"{purpose}:{body}" if purpose else body)[:SIGNED])


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=")
