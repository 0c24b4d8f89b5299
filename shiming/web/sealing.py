"""Sealed values for URLs: a cursor or a search may hold a name or a number, and URLs are written to many logs."""

import base64
import hashlib
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(value, *, purpose: str) -> str:
    """Encrypt and sign a JSON value; only `unseal` with the same purpose reads it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _box(purpose, settings.SECRET_KEY).encrypt(text.encode()).decode().rstrip("=")


def unseal(token: str, *, purpose: str):
    """The sealed value, or None when the token was cut, altered or made for another purpose."""
    try:
        padded = token + "=" * (-len(token) % 4)
        return json.loads(_box(purpose, settings.SECRET_KEY).decrypt(padded.encode()))
    except (InvalidToken, ValueError):
        return None


@lru_cache
def _box(purpose, key):
    digest = hashlib.sha256(f"shiming.web.{purpose}:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
