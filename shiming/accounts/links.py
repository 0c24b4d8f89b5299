"""The address of a one-time link, on the configured host: a forged Host header must not end up in a message."""

from django.urls import reverse

from shiming.core.environment import environment


def address_of(request, token: str) -> str:
    path = reverse("invite-link", args=[token])
    return base_url() + path if environment().public_url or request is None else request.build_absolute_uri(path)


def base_url() -> str:
    env = environment()
    if env.public_url:
        return env.public_url.rstrip("/")
    host = "127.0.0.1" if env.host in ("0.0.0.0", "::", "") else env.host
    return f"http://{f'[{host}]' if ':' in host else host}:{env.port}"
