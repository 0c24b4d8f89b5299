"""最新信息 and 技术支持 on entrances and start pages: {% load bulletins %}."""

from django import template

from shiming.bulletins import queries
from shiming.core.environment import environment
from shiming.dictionaries import queries as dictionaries

register = template.Library()


@register.inclusion_tag("bulletins/parts/newest.html", takes_context=True)
def newest_bulletins(context):
    """The newest notices of this reader; nothing where there are none."""
    rows = queries.newest(context.get("actor"))
    return {"rows": rows[: queries.ON_START_PAGE], "more": len(rows) > queries.ON_START_PAGE}


@register.inclusion_tag("bulletins/parts/support.html")
def support():
    """技术支持; nothing where the installation names none."""
    return {"phone": environment().support_phone, "address": environment().support_address}


@register.filter
def category(code):
    return dictionaries.label("bulletin", code)
