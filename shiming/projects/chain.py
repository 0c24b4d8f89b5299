"""The chain of companies on a site: 总包 → 专业 → 劳务, with 监理 and 实施单位 beside it.

Only this module walks the chain. A place is a `Participation`; functions return ids of places.
"""

from collections.abc import Iterable
from uuid import UUID

from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.per_request import per_request
from shiming.projects.models import Participation

# Builders: the companies whose workers are on the site.
BUILDERS = (Company.Kind.GENERAL, Company.Kind.SPECIALIST, Company.Kind.LABOUR)
# Order of kinds within one level of the tree.
ORDER = ("general", "specialist", "labour", "supervision", "implementing", "other")


def above(place: Participation | None) -> list[UUID]:
    """A place and those above it, nearest first; one query a level unless `parent` is loaded."""
    found = []
    while place and place.pk not in found:
        found.append(place.pk)
        place = place.parent
    return found


def below(place: Participation) -> set[UUID]:
    """A place and every place under it, in one query."""
    links = Participation.objects.filter(project=place.project_id).values_list("pk", "parent")
    return _descend({place.pk}, links)


@per_request
def whole(company_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """(own, under): the places of a company in all its projects, and the places that it oversees.

    It oversees the places under its own; as general contractor, every other place of the project. Lists, not
    subqueries: given the few ids, PostgreSQL reads their rows directly. One query a request.
    """
    own_places = Participation.objects.filter(company=company_id)
    rows = Participation.objects.filter(project__in=own_places.values("project"))
    rows = list(rows.values_list("pk", "parent", "project", "company", "kind"))
    own = {pk for pk, _, _, company, _ in rows if company == company_id}
    built = {project for pk, _, project, _, kind in rows if pk in own and kind == Company.Kind.GENERAL}
    under = _descend(own, [(pk, parent) for pk, parent, *_ in rows])
    under |= {pk for pk, _, project, *_ in rows if project in built}
    return sorted(own), sorted(under - own)


@per_request
def reach(actor: Actor) -> set[UUID]:
    """The places a site user acts for: the own one and those under it (see `is_general` for the whole project)."""
    return below(Participation(pk=actor.participation_id, project_id=actor.project_id))


def is_general(actor: Actor) -> bool:
    """True for a site user of the general contractor."""
    return actor.on_site and actor.participation_kind == Company.Kind.GENERAL


def in_charge(actor: Actor, place: Participation) -> bool:
    """True for a site user of the company at this place, or of one above it."""
    if not actor.on_site or actor.project_id != place.project_id:
        return False
    return is_general(actor) or actor.participation_id in above(place)


def tree(places: Iterable[Participation], node) -> list[dict]:
    """Nodes for the chain component: `node(place)` returns the printed values, "children" is added."""
    places = sorted(places, key=lambda place: (ORDER.index(place.kind), place.company.name))
    known = {place.pk for place in places}
    children: dict = {}
    for place in places:
        children.setdefault(place.parent_id if place.parent_id in known else None, []).append(place)

    def branch(parent):
        return [node(place) | {"children": branch(place.pk)} for place in children.get(parent, [])]

    return branch(None)


def _descend(start: set[UUID], links: Iterable[tuple[UUID, UUID | None]]) -> set[UUID]:
    """All ids reachable from `start` going down; `links` are (place, parent)."""
    children: dict = {}
    for pk, parent in links:
        children.setdefault(parent, []).append(pk)
    found, waiting = set(), list(start)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += children.get(pk, [])
    return found
