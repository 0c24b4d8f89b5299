"""{% load people %}: components about a person for pages of other modules."""

from django import template

from shiming.idcard.suggestions import slip_of

register = template.Library()


@register.inclusion_tag("people/slip.html")
def id_slip(bound):
    """{% id_slip form.number %} under the field of a typed ID number; prints nothing for a valid or empty one."""
    typed = bound.value() if bound.form.is_bound else ""
    return {"slip": slip_of(typed or "", {}), "target": bound.id_for_label}
