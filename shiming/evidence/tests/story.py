"""张三, invited, confirmed, allocated, accepted and let in by commands, so that the trail tells all of it."""

from shiming.assignment import commands as assignment_commands
from shiming.employment.commands import hiring
from shiming.employment.models import Employment
from shiming.presence import commands as presence
from shiming.presence.models import Stay


def employ(cast) -> Employment:
    person = cast.zhang
    employment = hiring.invite(name=person.name, number=person.id_number.plain, by=cast.hr)
    employment = hiring.confirm(employment, by=cast.himself())
    Employment.objects.filter(pk=employment.pk).update(profile_completed=True, kind="worker", trade="钢筋工")
    return Employment.objects.get(pk=employment.pk)


def let_in(cast, employment: Employment) -> Stay:
    cast.filing(cast.labour_place, "")
    (assignment,) = assignment_commands.propose([employment], cast.labour_place, role="worker", by=cast.hr).done
    assignment_commands.accept([assignment], by=cast.gc_pm)
    assert presence.enter([assignment], method=Stay.Method.BATCH, by=cast.gc_pm).refused == []
    return Stay.objects.get()
