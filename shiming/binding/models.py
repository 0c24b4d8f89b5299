import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shiming.core.errors import Conflict
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.core.privacy import SecretField
from shiming.people.models import Person
from shiming.projects.models import Participation

PHOTOS = ("id_front", "id_back", "portrait")


class SealedPoster(Record):
    """The version of a printed code: no row is the first version; a renewed or stopped code is read no more."""

    PLAIN = ("id", "created_at", "participation", "version", "stopped_at")

    version = models.PositiveSmallIntegerField("版次", default=1)
    stopped_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        abstract = True

    def renew(self) -> None:
        """Printed codes expire at once, a stopped code works again. The caller saves."""
        self.version += 1
        self.stopped_at = None

    def stop(self) -> None:
        """The code is read no more until it is renewed; Conflict when stopped already. The caller saves."""
        if self.stopped_at:
            raise Conflict(f"{self._meta.verbose_name}已停用，无需再办")
        self.stopped_at = timezone.now()


class Poster(SealedPoster):
    """项目二维码 [004] 4-25"""

    participation = models.OneToOneField(Participation, models.PROTECT, related_name="poster")

    class Meta:
        verbose_name = "项目二维码"


class ScannedForm(Lifecycle):
    """What a person typed after scanning a poster: a proposal that changes nothing until the site or company takes it.

    `sealed` holds the values besides name, number and phone as one JSON object; all of them go after the retention.
    """

    PLAIN = (
        *("id", "created_at", "version", "participation", "id_digest", "receipt", "status", "sent_at", "times"),
        *("notice_version", "notice_agreed_at", "decided_at", "decided_by"),
    )
    PRIVATE = ("name", "discard_reason")

    id_digest = models.CharField(max_length=26)
    receipt = models.CharField("凭证号", max_length=12)
    sent_at = models.DateTimeField("提交时间")
    times = models.PositiveSmallIntegerField("提交次数", default=1)
    notice_version = models.CharField("须知版本", max_length=20)
    notice_agreed_at = models.DateTimeField("同意须知时间")

    name = models.CharField("姓名", max_length=50, blank=True)
    id_number = SecretField("身份证", null=True)
    phone = SecretField("手机号", null=True)
    sealed = SecretField("所填内容", null=True)

    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    discard_reason = models.CharField("丢弃原因", max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.name}（{self.receipt_in_groups}）"

    @property
    def values(self) -> dict[str, str]:
        """What was typed besides name, number, phone and trade; empty after the retention period."""
        return json.loads(self.sealed.plain) if self.sealed else {}

    @values.setter
    def values(self, values: dict[str, str]) -> None:
        self.sealed = json.dumps(values, ensure_ascii=False)

    @property
    def receipt_in_groups(self) -> str:
        """As it is read aloud and printed: 123 456 789 012."""
        return " ".join(self.receipt[place : place + 3] for place in range(0, len(self.receipt), 3))


class SelfForm(ScannedForm):
    """What a worker sent by the QR poster: a proposal, stored apart from people until a company takes it.

    It changes no record of a person (domain.md §11.4).
    """

    class Status(models.TextChoices):
        OPEN = "open", "待提交"
        TAKEN = "taken", "已采用"
        DISCARDED = "discarded", "已丢弃"

    NEXT = {
        Status.OPEN: {Status.TAKEN, Status.DISCARDED},
        Status.DISCARDED: {Status.OPEN},
        Status.TAKEN: set(),
    }
    PLAIN = (*ScannedForm.PLAIN, "trade", "person")
    PRIVATE = (*ScannedForm.PRIVATE, *PHOTOS)

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="self_forms")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)

    trade = models.CharField("工种", max_length=20, blank=True)
    id_front = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    id_back = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    portrait = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="self_forms")

    class Meta:
        verbose_name = "扫码登记"
        indexes = [
            models.Index(fields=["participation", "status", "-sent_at", "-id"], name="self_form_list"),
            models.Index(fields=["participation", "receipt"], name="self_form_receipt"),
            # The nightly retention job reads only rows that still have content.
            models.Index(fields=["status", "sent_at"], name="self_form_kept", condition=Q(sealed__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_self_form_per_place_and_number",
                fields=["participation", "id_digest"],
                condition=Q(status="open") & ~Q(id_digest=""),
                violation_error_message="该人员又提交了一份，请办理新的一份。",
            ),
            models.CheckConstraint(
                name="decided_self_form_says_when",
                condition=Q(status="open") | Q(decided_at__isnull=False),
            ),
        ]


class SelfFormAttempt(models.Model):
    """One POST of the phone form or of a photo for it, kept a day: what the limits of the poster count."""

    PLAIN = ("id", "at", "participation", "address")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+", db_index=False)
    address = models.CharField("地址摘要", max_length=26, blank=True)

    class Meta:
        verbose_name = "扫码登记提交"
        indexes = [
            models.Index(fields=["participation", "-at"], name="self_form_of_poster"),
            models.Index(fields=["address", "-at"], name="self_form_of_address"),
        ]
