"""The certificates on the page of a person and on the person's own phone."""

from shiming.core.actor import Actor
from shiming.credentials import queries
from shiming.people.models import Person
from shiming.people.sections import Section, on_person_page


@on_person_page(order=22)
def certificates(person: Person, actor: Actor) -> Section | None:
    rows = queries.credentials(actor).filter(person=person).order_by("position", "pk")
    shown = [(row, queries.validity(row)) for row in rows]
    return Section("证书", "credentials/section.html", {"rows": shown}, icon="certificate") if shown else None
