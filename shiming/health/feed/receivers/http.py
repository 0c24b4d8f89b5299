"""A receiver behind an HTTP address: POST of the signed ZIP, answered with any 2xx.

The header Idempotency-Key is the same at every attempt, and X-Content-SHA256 the digest of the body.
"""

import httpx

from shiming.core.environment import environment
from shiming.health import outgoing
from shiming.health.feed.receivers import Sent, Undelivered


def deliver(sent: Sent) -> None:
    url = environment().feed_url
    if not outgoing.is_safe(url):
        raise Undelivered("SHIMING_FEED_URL 应为 https 网址")
    headers = {
        "Authorization": f"Bearer {environment().feed_token}",
        "Content-Type": "application/zip",
        "Idempotency-Key": sent.key,
        "X-Content-SHA256": sent.digest,
    }
    try:
        with outgoing.client() as client, client.stream("POST", url, content=sent.content, headers=headers) as answer:
            if not answer.is_success:
                raise Undelivered(f"接收单位的接口答复 {answer.status_code}")
    except httpx.HTTPError as error:
        raise Undelivered(f"接收单位的接口没有应答（{type(error).__name__}）") from error
