"""{% load reader %}: where the page finds readers."""

import json

from django import template

from shiming.config.environment import environment

register = template.Library()


@register.simple_tag
def reader_places() -> str:
    """The addresses of the four local bridges, as the page's script reads them."""
    return json.dumps(environment().reader_bridges)
