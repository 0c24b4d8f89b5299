"""What every page may print without its view saying so."""

from django.utils.functional import SimpleLazyObject

from shiming.web import menu
from shiming.web.frames import frame_for


def shell(request):
    """actor, door, menu, tabs and frame: who acts, where he may go, and in what the page is drawn."""
    actor = getattr(request, "actor", None)
    groups = SimpleLazyObject(lambda: menu.groups_for(actor, request.path))  # a dialog never asks for it
    return {
        "actor": actor,
        "door": {"key": str(actor.door), "label": actor.door.label} if actor else {"key": "", "label": ""},
        "menu": groups,
        "tabs": SimpleLazyObject(lambda: [item for group in groups for item in group.items if item.tab][:5]),
        "frame": frame_for(request),
        "request_id": getattr(request, "id", ""),
    }
