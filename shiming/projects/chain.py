"""The chain of firms on a site, as a tree of places."""

from collections.abc import Iterable

from shiming.projects.models import Participation


def below(participation: Participation) -> set:
    """The ids of a place in the chain and of everything under it."""
    children: dict = {}
    for pk, parent in Participation.objects.filter(project=participation.project_id).values_list("pk", "parent"):
        children.setdefault(parent, []).append(pk)
    found, todo = set(), [participation.pk]
    while todo:
        pk = todo.pop()
        if pk not in found:
            found.add(pk)
            todo += children.get(pk, [])
    return found


# 树上的次序：总包在先，监理与实施单位在旁。
ORDER = ("general", "specialist", "labour", "supervision", "implementing", "other")


def tree(places: Iterable[Participation], node) -> list[dict]:
    """Nodes for the chain component: `node(place)` says what is printed, children are added under "children"."""
    places = sorted(places, key=lambda place: (ORDER.index(place.kind), place.company.name))
    known = {place.pk for place in places}
    children: dict = {}
    for place in places:
        children.setdefault(place.parent_id if place.parent_id in known else None, []).append(place)

    def branch(parent):
        return [node(place) | {"children": branch(place.pk)} for place in children.get(parent, [])]

    return branch(None)
