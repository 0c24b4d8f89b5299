"""The card readings of a person's page, and of the export of all data about a person."""

from django.utils import timezone

from shiming.core.actor import Actor
from shiming.devices import queries
from shiming.devices.models import CardReading
from shiming.people.models import Person
from shiming.people.sections import Section, in_own_data, on_person_page

MOST_SHOWN = 10


@on_person_page(order=20)
def card_readings(person: Person, actor: Actor) -> Section | None:
    rows = list(queries.readings_of(person, actor)[:MOST_SHOWN])
    return Section("读卡记录", "devices/parts/readings.html", {"readings": rows}, icon="id") if rows else None


@in_own_data("读卡记录")
def own_readings(person: Person) -> list[dict[str, str]]:
    return [
        {
            "时间": f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M:%S}",
            "证件": row.get_kind_display(),
            "阅读器": str(row),
            "操作人": row.operator,
        }
        for row in CardReading.objects.filter(person=person).order_by("created_at")
    ]
