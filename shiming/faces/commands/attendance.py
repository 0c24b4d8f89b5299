"""考勤 by face on the site's phone: among the people on this site, and the guard says who it is."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from shiming.attendance import commands as attendance
from shiming.attendance import rules as attendance_rules
from shiming.attendance.models import AttendanceEvent
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict, Invalid
from shiming.core.ids import uuid7
from shiming.faces import liveness, search
from shiming.faces.commands.sessions import required_engine
from shiming.faces.engine import EngineFailed
from shiming.faces.models import FaceTemplate
from shiming.presence import rules as presence
from shiming.presence.models import Stay

MOST = 3
# Two people who are this close together are both shown, and the guard chooses.
NEAR = 0.1
FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class Sighting:
    """Who may have stood before the camera, nearest first; one punch comes of it at most."""

    people: tuple[UUID, ...]
    event_id: UUID
    user_id: UUID
    project_id: UUID
    until: float

    @property
    def near_tie(self) -> bool:
        return len(self.people) > 1


def recognise(jpeg: bytes, *, by: Actor) -> Sighting:
    """1:N among the people on the site whom this user may punch; the picture is not kept."""
    require(attendance_rules.may_punch, by, by.project_id)
    here = required_engine()
    try:
        faces = here.look(jpeg)
    except EngineFailed as failed:
        raise Invalid("照片打不开", next_step="请重拍一张") from failed
    if wrong := [advice for advice in liveness.advise(faces) if not advice.hints]:
        raise Invalid(str(wrong[0].sentence), next_step="重拍一张，或改用扫码")

    on_site = Stay.objects.filter(presence.visible_to(by), project=by.project_id, exited_on=None)
    gallery = search.gallery(FaceTemplate.objects.filter(person__in=on_site.values("person")), here.name)
    found = gallery.nearest(faces[0].embedding, least=here.threshold, most=MOST)
    if not found:
        raise Invalid("没有认出是谁", next_step="没有登记人脸或不在场的人，请改用扫码")
    people = tuple(person for person, score in found if score >= found[0][1] - NEAR)
    return Sighting(people, uuid7(), by.user_id, by.project_id, (timezone.now() + FOR).timestamp())


def punch(sighting: Sighting, person_id: UUID, *, by: Actor) -> attendance.PunchResult:
    """The guard has said who it is, among those the camera saw a moment ago."""
    require(attendance_rules.may_punch, by, by.project_id)
    mine = (sighting.user_id, sighting.project_id) == (by.user_id, by.project_id)
    if not mine or person_id not in sighting.people or timezone.now().timestamp() > sighting.until:
        raise Conflict("刚才的照片已经过时，请重拍")
    given = {"event_id": sighting.event_id, "method": AttendanceEvent.Method.FACE}
    return attendance.punch(person_id, by.project_id, by=by, **given)
