"""Start-up checks: a real installation has no login without proof, and no invented accounts."""

from django.conf import settings
from django.core.checks import Error, register
from django.urls import NoReverseMatch, reverse

from shiming.core.environment import environment
from shiming.demo.city.accounts import path

SAFETY = "shiming_safety"


@register(SAFETY)
def the_demonstrations_entrance_is_closed(app_configs, **kwargs):
    """Neither the routes nor the accounts of the demonstration exist outside it."""
    if settings.DEMO:
        return []
    found = []
    if _routed():
        found.append(Error("演示入口出现在正式环境的路由里", id="shiming.demo.E001"))
    if environment().mode == "production" and path().exists():
        found.append(Error(f"数据文件夹里有演示账号文件 {path().name}，请换一个数据文件夹", id="shiming.demo.E002"))
    return found


def _routed() -> bool:
    try:
        reverse("demo-enter", args=["any"])
    except NoReverseMatch:
        return False
    return True
