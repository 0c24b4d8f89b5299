"""Addresses of other systems, which come from the installation's settings and never from a request."""

from urllib.parse import urlsplit

import httpx

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
LOOPBACK = ("127.0.0.1", "localhost")


def is_safe(url: str) -> bool:
    """https is required except on loopback."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def client() -> httpx.Client:
    """Redirects are not followed, and no proxy of the machine is used."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
