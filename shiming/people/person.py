"""What people itself adds to a person's page: the repeating blocks and the work history [004]."""

from shiming.core.actor import Actor, Role
from shiming.people import rules
from shiming.people.items import BLOCKS, described, items_of
from shiming.people.models import Person
from shiming.people.sections import Section, on_person_page
from shiming.people.work_history import table_of


@on_person_page(order=20)
def background(person: Person, actor: Actor) -> Section | None:
    """Education, contacts, training, titles and awards; None without any of them. Certificates have a section of their
    own (`credentials`)."""
    if not rules.may_see_background(actor, person):
        return None
    found = items_of(person, without=("credentials",))
    blocks = [
        (BLOCKS[code]._meta.verbose_name, [described(row) for row in rows]) for code, rows in found.items() if rows
    ]
    return Section("个人经历", "people/parts/background.html", {"blocks": blocks}, icon="list") if blocks else None


@on_person_page(order=21)
def history(person: Person, actor: Actor) -> Section | None:
    table = table_of(person, actor)
    context = {"table": table, "person": person, "decides": actor.role is Role.PERSON}
    return Section("工作经历", "people/parts/work_history.html", context, icon="briefcase") if table.rows else None
