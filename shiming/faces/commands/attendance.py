"""考勤 by face on the site's phone: 1:1 after a code or a name, or 1:N, where the user chooses the person."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from shiming.attendance import commands as attendance
from shiming.attendance import rules as attendance_rules
from shiming.attendance.models import AttendanceEvent
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict, Invalid, Refused
from shiming.core.ids import uuid7
from shiming.faces import liveness, queries, search
from shiming.faces.commands.sessions import required_engine
from shiming.faces.engine import Engine, EngineFailed, Face, similarity
from shiming.faces.models import FaceTemplate
from shiming.presence import codes
from shiming.presence.commands import whose
from shiming.projects.flows import policy_here

MOST = 3
# Two people who are this close together are both shown, and the guard chooses.
NEAR = 0.1
FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class Ticket:
    """For whom this user may punch here, and until when; one punch comes of it at most."""

    people: tuple[UUID, ...]
    event_id: UUID
    user_id: UUID
    project_id: UUID
    until: float


class Sighting(Ticket):
    """The people like the face before the camera, nearest first."""

    @property
    def near_tie(self) -> bool:
        return len(self.people) > 1


class Claim(Ticket):
    """The claimed person, by code or name; no picture has been compared yet."""

    @property
    def person_id(self) -> UUID:
        return self.people[0]


def claim_by_code(code: str, *, by: Actor) -> Claim | None:
    """The claim of the scanned code's person; None without an enrolled face, where the code alone punches."""
    here = _required_here(by)
    person_id, _ = whose(codes.read(code))
    known = queries.registered_on_site(by, here.name).filter(pk=person_id).exists()
    return _ticket(Claim, (person_id,), by) if known else None


def claim_by_name(person_id: UUID, *, by: Actor) -> Claim:
    """The guard has chosen the name."""
    here = _required_here(by)
    if not queries.registered_on_site(by, here.name).filter(pk=person_id).exists():
        raise Invalid("没有登记人脸，或不在场", next_step="请扫个人码打卡")
    return _ticket(Claim, (person_id,), by)


def punch_if_alike(claim: Claim, jpeg: bytes, *, by: Actor) -> attendance.PunchResult:
    """1:1: the picture is compared with the template of this person alone, and not kept; M-05 when they differ."""
    here = _required_here(by)
    _require_in_time(claim, by)
    face = _one_face(jpeg, here)
    template = FaceTemplate.objects.filter(person=claim.person_id, engine=here.name).first()
    if template is None:
        raise Conflict("本人已撤回人脸，请扫个人码打卡")
    if similarity(template.embedding, face.embedding) < here.threshold:
        raise Refused("M-05")
    return _punch(claim, claim.person_id, by)


def recognise(jpeg: bytes, *, by: Actor) -> Sighting:
    """1:N among the people on the site whom this user may punch; the picture is not kept."""
    here = _required_here(by)
    face = _one_face(jpeg, here)
    templates = FaceTemplate.objects.filter(person__in=queries.registered_on_site(by, here.name).values("pk"))
    found = search.gallery(templates, here.name).nearest(face.embedding, least=here.threshold, most=MOST)
    if not found:
        raise Invalid("没有认出是谁", next_step="没有登记人脸或不在场的人，请改用扫码")
    return _ticket(Sighting, tuple(person for person, score in found if score >= found[0][1] - NEAR), by)


def punch(sighting: Sighting, person_id: UUID, *, by: Actor) -> attendance.PunchResult:
    """Punch for the person whom the user chose among those the camera recognised a moment ago."""
    require(attendance_rules.may_punch, by, by.project_id)
    _require_in_time(sighting, by)
    if person_id not in sighting.people:
        raise Conflict(TOO_LATE)
    return _punch(sighting, person_id, by)


def _required_here(by: Actor) -> Engine:
    """The engine, where the user may punch and the flow of the site asks for faces."""
    require(attendance_rules.may_punch, by, by.project_id)
    if not policy_here(by).face_before_submit:
        raise Invalid("本项目不用人脸", next_step="请改用扫码考勤")
    return required_engine()


def _one_face(jpeg: bytes, here: Engine) -> Face:
    try:
        faces = here.look(jpeg)
    except EngineFailed as failed:
        raise Invalid("照片打不开", next_step="请重拍一张") from failed
    if wrong := [advice for advice in liveness.advise(faces) if not advice.hints]:
        raise Invalid(str(wrong[0].sentence), next_step="重拍一张，或改用扫码")
    return faces[0]


def _ticket(kind: type[Ticket], people: tuple[UUID, ...], by: Actor) -> Ticket:
    return kind(people, uuid7(), by.user_id, by.project_id, (timezone.now() + FOR).timestamp())


def _require_in_time(ticket: Ticket, by: Actor) -> None:
    mine = (ticket.user_id, ticket.project_id) == (by.user_id, by.project_id)
    if not mine or timezone.now().timestamp() > ticket.until:
        raise Conflict(TOO_LATE)


def _punch(ticket: Ticket, person_id: UUID, by: Actor) -> attendance.PunchResult:
    given = {"event_id": ticket.event_id, "method": AttendanceEvent.Method.FACE, "live": True}
    return attendance.punch(person_id, by.project_id, by=by, **given)


TOO_LATE = "刚才的照片或扫码已经过时，请重来"
