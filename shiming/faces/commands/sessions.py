"""One session before the camera: start, preview, judge. Frames stay in memory and end with the request."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.limits import Limit
from shiming.faces import liveness, rules
from shiming.faces.commands.consents import drop_waiting, in_force
from shiming.faces.commands.templates import keep_template
from shiming.faces.engine import Engine, EngineFailed, Face, engine, process, similarity
from shiming.faces.liveness import ADVICE, Advice, Verdict
from shiming.faces.models import LIFE, FaceComparison, FaceSession, FaceTemplate, packed
from shiming.people.models import Person

Status, Purpose = FaceSession.Status, FaceSession.Purpose
SESSIONS = Limit(20, timedelta(minutes=10), "R-82")
# A portrait on a card is small and years old: below this share of the engine's threshold a human looks.
CARD_SHARE = 0.8


@transaction.atomic
def start(person: Person, *, by: Actor) -> FaceSession:
    """The own face, once registered, is proved; anything else is an enrolment, and asks for a consent in force."""
    require(rules.may_enrol, by, person)
    here, own = required_engine(), by.person_id == person.pk
    SESSIONS.claim(FaceSession.objects.filter(by=by.user_id).annotate(at=F("created_at")), key=by.user_id)
    known = FaceTemplate.objects.filter(person=person, engine=here.name).exists()
    purpose = Purpose.PROVE if own and known else Purpose.ENROL
    consent = in_force(person) if purpose == Purpose.ENROL else None
    if purpose == Purpose.ENROL:
        if consent is None:
            raise Invalid("本人还没有同意登记人脸", next_step="请本人先看告知书，自己勾选同意")
        if not own and not rules.has_proved(by):
            raise Invalid("请先核对您自己的脸，再为别人登记", next_step="在“立即注册”里点“核对我的脸”")

    return FaceSession.objects.create(
        person=person,
        purpose=purpose,
        consent=consent,
        by_id=by.user_id,
        moves=liveness.challenge(),
        expires_at=timezone.now() + LIFE,
    )


def preview(session: FaceSession, jpeg: bytes, *, by: Actor) -> list[Advice]:
    """What to do better before the moves begin; keeps nothing."""
    require(rules.may_use, by, session)
    _require_alive(session)
    _require_small([jpeg])
    try:
        return liveness.advise(required_engine().look(jpeg))
    except EngineFailed:
        return [ADVICE["unreadable"]]


def judge(session: FaceSession, frames: Sequence[bytes], *, by: Actor) -> FaceSession:
    """Not one transaction: the session is used up first, the frames are looked at outside, the result is kept last."""
    here, seen, picture = required_engine(), [], b""
    session = _use_up(session, frames, by)
    try:
        seen += [here.look(frame) for frame in frames]
        verdict = liveness.judge(session.moves, frames, seen, here.threshold)
        picture = _picture(session, verdict, frames, seen)
    except EngineFailed:
        verdict = Verdict((ADVICE["unreadable"],))
    if not verdict.alive:
        return _fail(session, [advice.code for advice in verdict.advice])
    if session.purpose == Purpose.PROVE:
        return _prove(session, verdict, here)
    return _enrol(session, verdict, _card(session.person, here), picture, here, by)


def _picture(session: FaceSession, verdict: Verdict, frames: Sequence[bytes], seen: list[list[Face]]) -> bytes:
    """The clearest frame; when it is to be kept, the face is cut out and encoded again."""
    frame = frames[verdict.best]
    kept = verdict.alive and session.purpose == Purpose.ENROL and session.consent.portrait_for
    return process.cut(frame, seen[verdict.best][0].box) if kept else frame


def required_engine() -> Engine:
    if (here := engine()) is None:
        raise Invalid("本系统没有安装人脸识别", next_step="请改用人工核验，或请系统管理员安装人脸组件")
    return here


@transaction.atomic
def _use_up(session: FaceSession, frames: Sequence[bytes], by: Actor) -> FaceSession:
    session = lock(session)
    require(rules.may_use, by, session)
    _require_alive(session)
    _require_small(frames)
    if len(frames) != liveness.FRAMES:
        raise Invalid("照片没有拍全", next_step="请再拍一次")
    session.become(Status.LOOKING)
    session.save()
    return session


@transaction.atomic
def _fail(session: FaceSession, problems: list[str]) -> FaceSession:
    return _judged(lock(session), Status.FAILED, problems)


@transaction.atomic
def _prove(session: FaceSession, verdict: Verdict, here: Engine) -> FaceSession:
    session = lock(session)
    template = FaceTemplate.objects.filter(person=session.person_id, engine=here.name).first()
    alike = template is not None and similarity(template.embedding, verdict.embedding) >= here.threshold
    return _judged(session, *((Status.PASSED, []) if alike else (Status.FAILED, ["stranger"])))


@transaction.atomic
def _enrol(
    session: FaceSession, verdict: Verdict, card: tuple[Face, bytes] | None, frame: bytes, here: Engine, by: Actor
) -> FaceSession:
    person, session = lock(session.person), lock(session)
    consent = in_force(person)
    if consent is None or consent.pk != session.consent_id:
        return _judged(session, Status.FAILED, ["withdrawn"])
    score = similarity(card[0].embedding, verdict.embedding) if card else None
    if score is not None and score < here.threshold * CARD_SHARE:
        _leave_to_a_human(session, person, verdict, frame, card[1], score, here, by)
        return _judged(session, Status.COMPARING, [])
    enrolled = {"engine": here.name, "consent": consent, "enrolled_by": session.by_id}
    keep_template(person, verdict.embedding, picture=frame, by=by, **enrolled)
    return _judged(session, Status.PASSED, [])


def _judged(session: FaceSession, status: str, problems: list[str]) -> FaceSession:
    session.become(status)
    session.problems, session.judged_at = problems, timezone.now()
    session.save()
    return session


def _leave_to_a_human(session, person, verdict, frame: bytes, card: bytes, score: float, here: Engine, by) -> None:
    drop_waiting(person)
    row = FaceComparison(
        session=session, person=person, score=round(score, 3), engine=here.name, enrolled_by_id=session.by_id
    )
    row.seal("sealed", packed(verdict.embedding))
    row.seal("face", frame)
    row.seal("card", card)
    row.save()
    record(Event.FACE_NOT_ALIKE, row, by=by, person=person.name)


def _card(person: Person, here: Engine) -> tuple[Face, bytes] | None:
    """The face on the ID card and its picture; None when there is no card, or no face is found on it."""
    stored = person.card_portrait or person.id_front
    if stored is None:
        return None
    content = files.read(stored)
    try:
        faces = here.look(content)
        return (faces[0], process.cut(content, faces[0].box)) if faces else None
    except EngineFailed:
        return None


def _require_alive(session: FaceSession) -> None:
    if not session.alive:
        raise Conflict("这次拍摄已经过时或用过，请再拍一次")


def _require_small(frames: Sequence[bytes]) -> None:
    if any(len(frame) > liveness.FRAME_BYTES for frame in frames):
        raise Invalid("照片太大", next_step="请刷新页面再拍，照片会先缩小")
