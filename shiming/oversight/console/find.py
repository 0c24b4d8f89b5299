"""What the pages look up by its key, within what the actor may see; anything else is a 404."""

from django.shortcuts import get_object_or_404

from shiming.core.actor import Actor
from shiming.oversight import rules
from shiming.people import rules as people_rules
from shiming.people.models import Person
from shiming.projects.models import Participation, Project


def find_project(actor: Actor, pk) -> Project:
    return get_object_or_404(Project.objects.filter(rules.visible_to(actor)).select_related("station"), pk=pk)


def find_place(actor: Actor, pk) -> Participation:
    seen = Participation.objects.filter(project__in=Project.objects.filter(rules.visible_to(actor)))
    return get_object_or_404(seen.select_related("project", "company"), pk=pk)


def find_person(actor: Actor, pk) -> Person:
    seen = Person.objects.filter(people_rules.visible_to(actor))
    return get_object_or_404(seen.select_related("portrait", "card_portrait"), pk=pk)
