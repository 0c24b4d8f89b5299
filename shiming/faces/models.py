"""Faces apart from the people: consent, template, session, comparison, check by hand, alert (security.md 54).

Templates and pictures are sealed with a key of their own, purpose `faces`; no frame outlives its session, except the
one that a human has to compare.
"""

from array import array
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shiming.core import keys
from shiming.core.lifecycle import Lifecycle, Record
from shiming.faces.liveness import ADVICE, Advice, Move
from shiming.people.models import Person

PURPOSE = "faces"
LIFE = timedelta(minutes=3)


def _user(**more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **more)


class Sealed(Record):
    """A row with bytes that only its own key, table, column and row open."""

    class Meta:
        abstract = True

    def seal(self, column: str, content: bytes) -> None:
        setattr(self, column, keys.encrypt(PURPOSE, content, self._context(column)))

    def opened(self, column: str) -> bytes:
        return keys.decrypt(PURPOSE, bytes(getattr(self, column)), self._context(column))

    def _context(self, column: str) -> str:
        return f"{self._meta.db_table}.{column}.{self.pk}"


class FaceConsent(Record):
    """A worker's separate answer about a face template: agreed to a version of the notice, or declined.

    A withdrawal fills `withdrawn_at` and `ended`; rows are never deleted.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", "同意"
        DECLINED = "declined", "不同意"

    class Ended(models.TextChoices):
        PERSON = "person", "本人撤回"
        COMPANY = "company", "单位按本人要求撤回"
        EMPLOYMENT = "employment", "聘用结束"
        EXIT = "exit", "退场期满"
        UNLIKE = "unlike", "人工比对不是本人"

    PLAIN = (
        "id",
        "created_at",
        "person",
        "version",
        "asked_by",
        "withdrawn_at",
        "withdrawn_by",
        "ended",
        "portrait_for",
    )
    PRIVATE = ("answer", "note")

    person = models.ForeignKey(Person, models.PROTECT, related_name="face_consents")
    answer = models.CharField("答复", max_length=8, choices=Answer)
    version = models.CharField("告知书版次", max_length=20)
    # The purposes stated by projects for which the worker lets the picture be kept; empty keeps none.
    portrait_for = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # The user of the phone: the worker, or the manager who enrols the worker.
    asked_by = _user(verbose_name="当面告知人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = _user(null=True, blank=True, verbose_name="撤回操作人")
    ended = models.CharField("撤回缘由", max_length=10, choices=Ended, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "人脸登记同意"
        constraints = [
            models.UniqueConstraint(
                name="one_consent_in_force_per_person",
                fields=["person"],
                condition=Q(answer="agreed", withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="withdrawn_consent_says_why", condition=Q(withdrawn_at__isnull=True) ^ ~Q(ended="")
            ),
        ]

    @property
    def in_force(self) -> bool:
        return self.answer == self.Answer.AGREED and self.withdrawn_at is None


class FaceSession(Lifecycle):
    """One session: the moves chosen by the server, for whom and by whom, the result. No pictures; used once."""

    class Purpose(models.TextChoices):
        ENROL = "enrol", "登记人脸"
        PROVE = "prove", "证明本人"

    class Status(models.TextChoices):
        OPEN = "open", "待拍摄"
        LOOKING = "looking", "正在核对"
        PASSED = "passed", "已通过"
        COMPARING = "comparing", "等待人工比对"
        FAILED = "failed", "未通过"

    NEXT = {
        Status.OPEN: {Status.LOOKING},
        Status.LOOKING: {Status.PASSED, Status.COMPARING, Status.FAILED},
        Status.PASSED: set(),
        Status.COMPARING: {Status.PASSED, Status.FAILED},
        Status.FAILED: set(),
    }
    PLAIN = ("id", "created_at", "version", "person", "purpose", "consent", "by", "moves", "expires_at", "judged_at")
    PRIVATE = ("status", "problems")

    person = models.ForeignKey(Person, models.PROTECT, related_name="face_sessions")
    purpose = models.CharField("用途", max_length=6, choices=Purpose)
    status = models.CharField("结果", max_length=10, choices=Status, default=Status.OPEN)
    consent = models.ForeignKey(FaceConsent, models.PROTECT, null=True, blank=True, related_name="sessions")
    by = _user(verbose_name="操作人")
    moves = ArrayField(models.CharField(max_length=10, choices=[(move.value, move.value) for move in Move]))
    problems = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    expires_at = models.DateTimeField("有效至")
    judged_at = models.DateTimeField("核对时间", null=True, blank=True)

    class Meta:
        verbose_name = "人脸拍摄"
        indexes = [models.Index(fields=["by", "created_at"], name="face_session_by_user")]
        constraints = [
            models.CheckConstraint(
                name="enrolment_has_a_consent", condition=Q(purpose="prove") | Q(consent__isnull=False)
            ),
        ]

    @property
    def alive(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() < self.expires_at

    @property
    def advice(self) -> list[Advice]:
        return [ADVICE[code] for code in self.problems if code in ADVICE]


class FaceTemplate(Sealed):
    """The encrypted numbers computed from a face. At most one per person; deleted with the consent."""

    PLAIN = ("id", "created_at", "person", "consent", "engine", "sealed", "by")
    PRIVATE = ()

    person = models.OneToOneField(Person, models.PROTECT, related_name="face_template")
    consent = models.OneToOneField(FaceConsent, models.PROTECT, related_name="template")
    engine = models.CharField("引擎", max_length=60)
    sealed = models.BinaryField()
    by = _user(verbose_name="登记人")

    class Meta:
        verbose_name = "人脸模板"
        indexes = [models.Index(fields=["created_at"], name="face_template_by_age")]

    @property
    def embedding(self) -> tuple[float, ...]:
        return unpacked(self.opened("sealed"))


class FacePortrait(Sealed):
    """The picture of the enrolment, kept only with its own consent and a purpose that the project states.

    Encrypted with the key of the template and deleted with it.
    """

    PLAIN = ("id", "created_at", "person", "consent", "sealed")
    PRIVATE = ()

    person = models.OneToOneField(Person, models.PROTECT, related_name="face_portrait")
    consent = models.OneToOneField(FaceConsent, models.PROTECT, related_name="portrait")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = "登记照片"


class FaceComparison(Sealed):
    """An enrolled face too unlike the card, for a second user to compare. Its pictures end with the decision."""

    class Status(models.TextChoices):
        WAITING = "waiting", "待比对"
        SAME = "same", "是本人"
        DIFFERENT = "different", "不是本人"
        DROPPED = "dropped", "已撤回"

    PLAIN = ("id", "created_at", "session", "person", "engine", "enrolled_by", "decided_by", "decided_at")
    PRIVATE = ("status", "score", "note", "sealed", "face", "card")

    session = models.OneToOneField(FaceSession, models.PROTECT, related_name="comparison")
    person = models.ForeignKey(Person, models.PROTECT, related_name="face_comparisons")
    status = models.CharField("结果", max_length=10, choices=Status, default=Status.WAITING)
    score = models.FloatField("相像程度")
    engine = models.CharField("引擎", max_length=60)
    sealed = models.BinaryField(null=True)
    face = models.BinaryField(null=True)
    card = models.BinaryField(null=True)
    enrolled_by = _user(verbose_name="登记人")
    decided_by = _user(null=True, blank=True, verbose_name="比对人")
    decided_at = models.DateTimeField("比对时间", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "人脸人工比对"
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_comparison_per_person", fields=["person"], condition=Q(status="waiting")
            ),
            models.CheckConstraint(
                name="pictures_go_with_the_decision",
                condition=Q(status="waiting", sealed__isnull=False, face__isnull=False, card__isnull=False)
                | ~Q(status="waiting") & Q(sealed__isnull=True, face__isnull=True, card__isnull=True),
            ),
            models.CheckConstraint(
                name="another_user_compares",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("enrolled_by")),
                violation_error_message="登记人脸的人不能自己比对",
            ),
        ]

    def close(self, status: str) -> None:
        """The decision and the end of the pictures are one step."""
        self.status, self.decided_at = status, timezone.now()
        self.sealed = self.face = self.card = None


class HandCheck(Lifecycle):
    """A check by hand: two users each saw the worker and the document, or a card was read at the desk."""

    class How(models.TextChoices):
        TWO_PEOPLE = "two_people", "两人核对证件"
        CARD = "card", "登记台读卡"

    class Status(models.TextChoices):
        WAITING = "waiting", "待第二人核对"
        DONE = "done", "已核验"
        DECLINED = "declined", "未确认"

    NEXT = {Status.WAITING: {Status.DONE, Status.DECLINED}, Status.DONE: set(), Status.DECLINED: set()}
    PLAIN = ("id", "created_at", "version", "person", "how", "status", "first", "second", "company_id", "decided_at")
    PRIVATE = ("place", "note", "reason")

    person = models.ForeignKey(Person, models.PROTECT, related_name="hand_checks")
    how = models.CharField("方式", max_length=10, choices=How)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.WAITING)
    first = _user(verbose_name="第一人")
    second = _user(null=True, blank=True, verbose_name="第二人")
    # The company of the first user; empty for a card read on site.
    company_id = models.UUIDField(null=True, blank=True, db_index=True)
    place = models.CharField("地点", max_length=60, blank=True)
    note = models.CharField("不用人脸的原因", max_length=200, blank=True)
    decided_at = models.DateTimeField("核验时间", null=True, blank=True)
    reason = models.CharField("未确认的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "人工核验"
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_hand_check_per_person",
                fields=["person"],
                condition=Q(status="waiting"),
                violation_error_message="该人员已有待第二人核对的人工核验",
            ),
            models.CheckConstraint(
                name="two_different_people_check",
                condition=Q(how="card") | ~Q(status="done") | Q(second__isnull=False) & ~Q(second=F("first")),
                violation_error_message="两次核对须由不同的人进行",
            ),
            models.CheckConstraint(
                name="checked_by_hand_says_when", condition=Q(status="waiting") ^ Q(decided_at__isnull=False)
            ),
        ]


class FaceAlert(Record):
    """Two ID numbers with the same face. Only the system administrator sees it; twins are possible."""

    class Outcome(models.TextChoices):
        TWINS = "twins", "双胞胎或相像的两个人"
        DUPLICATE = "duplicate", "同一人冒用两个身份"

    PLAIN = ("id", "created_at", "first", "second", "settled_at", "settled_by")
    PRIVATE = ("score", "outcome", "note")

    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.FloatField("相像程度")
    outcome = models.CharField("处理结果", max_length=10, choices=Outcome, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = _user(null=True, blank=True, verbose_name="处理人")

    class Meta:
        verbose_name = "人脸重复提示"
        constraints = [
            models.UniqueConstraint(name="one_alert_per_pair", fields=["first", "second"]),
            models.CheckConstraint(name="alert_names_its_pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="settled_alert_says_how", condition=Q(settled_at__isnull=True) ^ ~Q(outcome="")
            ),
        ]


def packed(embedding: tuple[float, ...]) -> bytes:
    return array("f", embedding).tobytes()


def unpacked(content: bytes) -> tuple[float, ...]:
    return tuple(array("f", content))
