"""Permissions on admission checks."""

from django.db.models import Q

from shiming.core.actor import Actor
from shiming.projects.models import Project
from shiming.projects.rules import may_administer as may_administer  # who sets admission checks
from shiming.projects.rules import visible_to as projects_visible_to


def visible_to(actor: Actor) -> Q:
    """A check is visible with its project; a draft only to those who may start it."""
    seen = Q(project__in=Project.objects.filter(projects_visible_to(actor)))
    return seen if may_administer(actor) else seen & Q(from_date__isnull=False)
