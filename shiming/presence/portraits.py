"""Where the picture of a person is fetched from; people serves it and asks each time who may see it."""

from uuid import UUID

from django.urls import reverse


def address(person_id: UUID | None, portrait_id: UUID | None) -> str:
    """Empty for whoever has no portrait."""
    return reverse("person-photo", args=[person_id, "portrait"]) if portrait_id else ""
