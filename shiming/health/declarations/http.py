"""A health cloud behind an HTTP address: POST {"id_number", "name"}, answered 200 with a declaration or 404.

The address comes from the installation's settings and never from a request. https is required except on loopback,
redirects are not followed, and an answer is read up to 64 kB and for five seconds after it began.
"""

import time

import httpx

from shiming.core.environment import environment
from shiming.health import outgoing
from shiming.health.declarations import Declared, Unreachable

LARGEST, LONGEST = 64 * 1024, 5.0


def find(number: str, name: str) -> Declared | None:
    url = _address()
    headers = {"Authorization": f"Bearer {environment().health_declarations_token}"}
    try:
        with (
            outgoing.client() as client,
            client.stream("POST", url, json={"id_number": number, "name": name}, headers=headers) as answer,
        ):
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            if answer.status_code != httpx.codes.OK:
                raise Unreachable(f"answered {answer.status_code}")
            return Declared.from_dict(_json(answer))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unreachable(type(error).__name__) from error


def _address() -> str:
    url = environment().health_declarations_url
    if not outgoing.is_safe(url):
        raise Unreachable("SHIMING_HEALTH_DECLARATIONS_URL 应为 https 网址")
    return url


def _json(answer: httpx.Response) -> dict:
    content, begun = b"", time.monotonic()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LARGEST or time.monotonic() - begun > LONGEST:
            raise ValueError("answer too large or too slow")
    return httpx.Response(200, content=content).json()
