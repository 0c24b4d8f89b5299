"""Queries about 扫码预登记."""

from django.db.models import Q, QuerySet

from shiming.core.actor import Actor
from shiming.health import rules
from shiming.health.declarations import Declared
from shiming.health.models import Proposal
from shiming.health.queries import declaration_on_file
from shiming.people.models import Person
from shiming.projects.models import Participation


def place_of(actor: Actor) -> Participation:
    """The place of the site user, whose code they print."""
    return Participation.objects.select_related("project", "company").get(pk=actor.participation_id)


def proposals(actor: Actor, *, text: str = "", status: str = Proposal.Status.OPEN) -> QuerySet[Proposal]:
    """Those of the current site that the actor may confirm; `status` "" is every state."""
    rows = Proposal.objects.filter(rules.proposals_visible_to(actor), participation__project=actor.project_id)
    if status:
        rows = rows.filter(status=status)
    if text := text.strip():
        rows = rows.filter(Q(name__contains=text) | Q(receipt__contains="".join(text.split())))
    return rows.select_related("participation__project", "participation__company")


def waiting(actor: Actor) -> QuerySet[Proposal]:
    return proposals(actor)


def known_of(actor: Actor | None) -> tuple[Person, Declared | None] | None:
    """The logged-in person and their declaration; None for any other visitor."""
    if actor is None or actor.person_id is None or not rules.may_declare(actor):
        return None
    return Person.objects.get(pk=actor.person_id), declaration_on_file(actor.person_id)
