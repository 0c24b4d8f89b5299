"""Template variables that every page may print without its view passing them."""

from django.utils.functional import SimpleLazyObject

from shiming.web import menu
from shiming.web.frames import frame_for

WAYS_ON = 8  # pages that a page of an error offers


def shell(request):
    """actor, door, menu, tabs and frame: the acting role, the pages it may open, and the base template."""
    actor = getattr(request, "actor", None)
    groups = SimpleLazyObject(lambda: menu.groups_for(actor, request.path))  # lazy: a dialog never prints it
    return {
        "actor": actor,
        "door": {"key": str(actor.door), "label": actor.door.label} if actor else {"key": "", "label": ""},
        "menu": groups,
        "tabs": SimpleLazyObject(lambda: [item for group in groups for item in group.items if item.tab][:5]),
        "ways_on": SimpleLazyObject(lambda: [item for group in groups for item in group.items][:WAYS_ON]),
        "frame": frame_for(request),
        "request_id": getattr(request, "id", ""),
    }
