"""Checks before start: every route names its door, and a production installation is closed.

Tagged `shiming_safety`; run by `shiming run` before it serves, by `make check` and by every test run.
"""

import stat
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import Error, Tags, register, run_checks
from django.core.management.base import SystemCheckError
from django.urls import URLPattern, URLResolver, get_resolver

from shiming.core.environment import environment
from shiming.core.keys import KEY

SAFETY = "shiming_safety"
SURFACES = {"console", "mobile", "account", "public", "api"}
SHORTEST_SECRET = 50


@register(SAFETY, Tags.urls)
def every_route_names_its_door(app_configs, **kwargs) -> list[Error]:
    return [
        Error(
            f"The route “{route}” names no door: decorate its view with @console, @mobile, @signed_in or @public.",
            id="shiming.E001",
        )
        for route, view in routes()
        if getattr(view, "surface", None) not in SURFACES
    ]


@register(SAFETY)
def production_is_closed(app_configs, **kwargs) -> list[Error]:
    """For production mode only; test and demo installations are not checked."""
    if environment().mode != "production":
        return []
    return [Error(sentence, id=number) for number, wrong, sentence in _production_rules() if wrong]


@register(SAFETY)
def the_key_file_is_private(app_configs, **kwargs) -> list[Error]:
    path = environment().key_file
    if not path.exists():
        return [Error(f"The master key {path.name} is missing. / 主密钥文件不存在。", id="shiming.E010")]
    found, errors = path.stat(), []
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        errors.append(
            Error(
                f"The master key can be read by others: chmod 0400 {path}. / 主密钥文件可被他人读取。",
                id="shiming.E011",
            )
        )
    if found.st_size != KEY or len(set(path.read_bytes())) < KEY // 4:
        errors.append(
            Error("The master key is not a random key of 32 bytes. / 主密钥不是 32 字节的随机数。", id="shiming.E012")
        )
    return errors


def refuse_unsafe() -> None:
    """Stop the web process at start when a safety check fails."""
    if errors := run_checks(tags=[SAFETY]):
        raise SystemCheckError("\n".join(str(error) for error in errors))


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def _production_rules():
    env, apps = environment(), settings.INSTALLED_APPS
    short = len(settings.SECRET_KEY) < SHORTEST_SECRET or settings.SECRET_KEY.startswith("django-insecure")
    lone_header = bool(env.proxy_secret) and (not env.trusted_proxies or len(env.proxy_secret) < 32)
    return (
        ("shiming.E002", settings.DEBUG, "DEBUG is on: unset SHIMING_DEBUG. / 生产环境不能打开调试。"),
        (
            "shiming.E003",
            _open_hosts(),
            "Allowed hosts contain a wildcard: name them in SHIMING_ALLOWED_HOSTS. / 允许的域名不能是通配符。",
        ),
        ("shiming.E004", short, "The signing key is short or a default one. / 签名密钥过短或为默认值。"),
        ("shiming.E005", settings.DEMO, "Demonstration logins are on. / 生产环境不能有演示登录。"),
        ("shiming.E006", "django.contrib.admin" in apps, "Django's admin site is on. / 不能启用 Django 自带的后台。"),
        (
            "shiming.E007",
            lone_header,
            "SHIMING_PROXY_SECRET needs SHIMING_TRUSTED_PROXIES and 32 characters. / 证书代理的共同密钥至少 32 位，并须写明可信代理。",
        ),
    )


def _open_hosts() -> bool:
    return any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS)
