"""{% load reader %}: tags for the card reader of a page."""

import json

from django import template

from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.devices import rules

register = template.Library()


@register.simple_tag
def reads_cards(actor: Actor) -> bool:
    """Whether the page shows the button that reads a card: companies and sites have readers."""
    return rules.may_search_by_card(actor)


@register.simple_tag
def reader_places() -> str:
    """The addresses of the four local bridges as JSON for the page's script."""
    return json.dumps(environment().reader_bridges)
