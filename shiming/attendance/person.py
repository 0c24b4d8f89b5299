"""The attendance of a person's page, and of the export of all data about a person."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shiming.attendance import queries, rules
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.core.actor import Actor
from shiming.people.models import Person
from shiming.people.sections import Section, in_own_data, on_person_page
from shiming.people.sight import about_person
from shiming.projects.models import Project

DAYS = 30
CORRECTION_DATA = ("project.name", "day", "came_at", "left_at", "reason", "get_status_display")


@on_person_page(order=40)
def lately(person: Person, actor: Actor) -> Section | None:
    """The last thirty days, counted only on the stays this actor may see."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    stays = queries.stays_during(actor, first, today).filter(person=person)
    if not stays.exists():
        return None
    totals = queries.totals(queries.days_of_person(person.pk, first, today, stays))
    context = {"days": totals["days"], "hours": totals["minutes"] // 60, "open": totals["open"]}
    return Section(f"近 {DAYS} 天考勤", "attendance/parts/lately.html", context, icon="calendar")


@about_person("corrections", "考勤更正", Correction, own_data=CORRECTION_DATA)
def corrections(actor: Actor) -> QuerySet[Correction]:
    return Correction.objects.filter(rules.visible_to(actor))


@in_own_data("考勤")
def punches(person: Person) -> list[dict[str, str]]:
    names = dict(Project.objects.values_list("pk", "name"))
    events = AttendanceEvent.objects.filter(person_id=person.pk).order_by("occurred_at")
    return [
        {
            "时间": f"{timezone.localtime(event.occurred_at):%Y-%m-%d %H:%M:%S}",
            "项目": names.get(event.project_id, ""),
            "方向": event.get_direction_display(),
            "方式": event.get_method_display(),
            "操作人": event.by,
        }
        for event in events
    ]
