"""The base template of a page: console, phone, or only the part that a script requested."""

PARTS = {"dialog": "web/dialog.html", "main": "web/content.html"}
PHONE_DOORS = ("person",)


def asks_for_part(request) -> bool:
    """True when our script requests the content alone (header X-Frame)."""
    return request.headers.get("X-Frame") in PARTS


def frame_for(request) -> str:
    """The template to extend: {% extends frame %} makes one template serve as page, phone page and dialog."""
    if asks_for_part(request):
        return PARTS[request.headers["X-Frame"]]
    return "web/mobile.html" if on_phone(request) else "web/console.html"


def on_phone(request) -> bool:
    """The view's door decides; without a door, the actor's."""
    surface = getattr(getattr(request.resolver_match, "func", None), "surface", "")
    if surface in ("console", "mobile"):
        return surface == "mobile"
    actor = getattr(request, "actor", None)
    return actor is not None and actor.door in PHONE_DOORS
