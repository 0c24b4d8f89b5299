"""Records of the epidemic gate (manual [002]).

Health data are sealed (`Sealed`). Two facts stay readable for SQL: whether a pre-registration is open, and the status
of the newest disposition, because the statement that loads the facts of an entry reads both.
"""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from shiming.binding.models import ScannedForm, SealedPoster
from shiming.core.lifecycle import Lifecycle, Record, Versioned
from shiming.core.models import StoredFile
from shiming.core.privacy import SecretField
from shiming.core.refusals import REFUSALS
from shiming.people.models import Person
from shiming.projects.models import ContractFiling, Participation, Project

USER = settings.AUTH_USER_MODEL


class Status(models.TextChoices):
    """What a disposition says about a person; only 可进场 may enter."""

    CLEAR = "clear", "可进场"
    ISOLATE = "isolate", "需隔离"
    SUSPECTED = "suspected", "疑似"
    CONFIRMED = "confirmed", "确诊"


class Sealed(models.Model):
    """A row whose content is one encrypted JSON object."""

    sealed = SecretField("内容", null=True)

    class Meta:
        abstract = True

    @property
    def values(self) -> dict:
        return json.loads(self.sealed.plain) if self.sealed else {}

    @values.setter
    def values(self, values: dict) -> None:
        self.sealed = json.dumps(values, ensure_ascii=False)


class SiteInfo(Sealed, Record):
    """Health information of a site (2-07): each save adds a row, the newest holds, the earlier ones are history.

    Values: members (text with names and phones), hospital, other, supplies [{name, quantity}].
    """

    PLAIN = ("id", "created_at", "project", "saved_by")
    PRIVATE = ()

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    saved_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "工地疫情防控信息"
        indexes = [models.Index(fields=["project", "-id"], name="site_info_of_project")]


class PreRegistration(Sealed, Versioned):
    """进场预登记 2-08: open until the exit; a return needs a new one. Values: origin, declaration."""

    PLAIN = (
        *("id", "created_at", "version", "person", "project", "participation", "filing", "registered_on"),
        *("registered_by", "ended_at", "notice_version"),
    )
    PRIVATE = ()

    person = models.ForeignKey(Person, models.PROTECT, related_name="preregistrations")
    project = models.ForeignKey(Project, models.PROTECT, related_name="preregistrations")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="+", verbose_name="用人单位")
    filing = models.ForeignKey(ContractFiling, models.PROTECT, related_name="+", verbose_name="合同")
    phone = SecretField("手机号", null=True)
    registered_on = models.DateField("预登记日期")
    registered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    notice_version = models.CharField("告知版次", max_length=20, blank=True)

    class Meta:
        verbose_name = "进场预登记"
        indexes = [models.Index(fields=["project", "-registered_on", "-id"], name="preregistration_list")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_preregistration_per_site",
                fields=["person", "project"],
                condition=Q(ended_at=None),
                violation_error_message=REFUSALS["R-91"].sentence,
            )
        ]

    def __str__(self):
        return f"{self.person} 在 {self.project} 的预登记"

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def company_id(self):
        return self.participation.company_id


class FamilyMember(Sealed, Record):
    """携带家属 2-12: a person who comes along and never enters the site by this row. Values: origin, declaration."""

    PLAIN = ("id", "created_at", "preregistration", "person", "registered_on", "registered_by")
    PRIVATE = ()

    preregistration = models.ForeignKey(PreRegistration, models.PROTECT, related_name="family")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    phone = SecretField("手机号", null=True)
    registered_on = models.DateField("预登记日期")
    registered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "携带家属"
        constraints = [
            models.UniqueConstraint(
                name="family_member_once",
                fields=["preregistration", "person"],
                violation_error_message="该家属已登记",
            )
        ]

    def __str__(self):
        return self.person.name


class DailyHealth(Sealed, Record):
    """每日健康 2-13: several a day are allowed. Values: symptoms, temperature, warned."""

    PLAIN = ("id", "created_at", "person", "project", "at", "recorded_by")
    PRIVATE = ()

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    at = models.DateTimeField("日期")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "每日健康"
        indexes = [models.Index(fields=["project", "person", "-at"], name="daily_health_of_person")]


class Disposition(Sealed, Record):
    """处置 2-15: rows are only added, the newest of a person holds at every site with the overlay.

    Values: way (code of the dictionary 处置方式), since, until, how (隔离/就医方式).
    """

    PLAIN = ("id", "created_at", "person", "project", "decided_by")
    PRIVATE = ("status",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=Status)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "处置"
        indexes = [models.Index(fields=["person", "-id"], include=["status"], name="disposition_of_person")]


class HealthFile(Record):
    """Resumption checklist of a site, or condition form of a disposition. A deleted file keeps its row."""

    class Kind(models.TextChoices):
        RESUMPTION = "resumption", "建筑工地复工检查表"
        CONDITION = "condition", "健康状况信息登记表"

    PLAIN = (
        *("id", "created_at", "kind", "project", "disposition", "size", "media_type", "stored", "uploaded_by"),
        *("removed_at", "removed_by"),
    )
    PRIVATE = ("name",)

    kind = models.CharField("类型", max_length=12, choices=Kind)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, blank=True, related_name="files")
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveIntegerField("大小")
    media_type = models.CharField("格式", max_length=60)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("删除时间", null=True, blank=True)
    removed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "防疫附件"
        constraints = [
            models.CheckConstraint(
                name="health_file_has_content_until_removed",
                condition=Q(stored__isnull=False, removed_at=None) | Q(stored=None, removed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="condition_form_has_a_disposition",
                condition=Q(kind="resumption", disposition=None) | Q(kind="condition", disposition__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name


class DeclarationOnFile(Sealed, Record):
    """A declaration kept here for the provider `local`; another provider leaves this table empty."""

    PLAIN = ("id", "created_at", "id_digest")
    PRIVATE = ()

    id_digest = models.CharField(max_length=26, unique=True)

    class Meta:
        verbose_name = "健康申报"


class Feed(Versioned):
    """报送 2-02: the pre-registrations of a site go to a third authority from the first day until it is stopped."""

    PLAIN = (
        *("id", "created_at", "version", "project", "receiver", "basis", "from_day", "started_by"),
        *("stopped_at", "stopped_by"),
    )
    PRIVATE = ()

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    receiver = models.CharField("接收单位", max_length=60)
    basis = models.CharField("报送依据", max_length=200)
    from_day = models.DateField("自")
    started_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField("停止时间", null=True, blank=True)
    stopped_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "预登记报送"
        constraints = [
            models.UniqueConstraint(
                name="one_open_feed_per_site",
                fields=["project"],
                condition=Q(stopped_at=None),
                violation_error_message="本项目已开启预登记报送，请刷新后查看。",
            )
        ]

    def __str__(self):
        return f"{self.project}送{self.receiver}"


class FeedDelivery(Lifecycle):
    """The pre-registrations of one day on their way to the receiver: a signed file, or taken through the API.

    `stored` is the file as it was delivered, gone with the site's health data; its SHA-256 stays.
    """

    class Kind(models.TextChoices):
        FILE = "file", "每日文件"
        API = "api", "接口取走"

    class Status(models.TextChoices):
        WAITING = "waiting", "待送"
        SENT = "sent", "已送达"
        FAILED = "failed", "未送达"

    NEXT = {
        Status.WAITING: {Status.SENT, Status.FAILED},
        Status.FAILED: {Status.WAITING},
        Status.SENT: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "feed", "project", "kind", "day", "rows", "receiver", "file", "digest"),
        *("status", "attempts", "next_at", "finished_at", "problem", "stored"),
    )
    PRIVATE = ()

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="deliveries")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    kind = models.CharField("方式", max_length=4, choices=Kind, default=Kind.FILE)
    day = models.DateField("日期")
    rows = models.PositiveIntegerField("人数")
    receiver = models.CharField("接收单位", max_length=60)
    file = models.CharField("文件", max_length=120)
    digest = models.CharField("文件摘要", max_length=64)
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次送出", null=True, blank=True)
    finished_at = models.DateTimeField("送达时间", null=True, blank=True)
    problem = models.CharField("原因", max_length=200, blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "预登记报送记录"
        indexes = [
            models.Index(fields=["project", "-created_at", "-id"], name="feed_delivery_list"),
            models.Index(fields=["next_at"], name="feed_delivery_due", condition=Q(status="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_file_per_feed_and_day",
                fields=["feed", "day"],
                condition=Q(kind="file"),
                violation_error_message="这一天的报送文件已生成。",
            )
        ]

    def __str__(self):
        return f"{self.day} {self.receiver}"


class PreRegistrationPoster(SealedPoster):
    """预登记二维码 of a firm on a site."""

    PRIVATE = ()

    participation = models.OneToOneField(Participation, models.PROTECT, related_name="preregistration_poster")

    class Meta:
        verbose_name = "预登记二维码"


class Proposal(ScannedForm):
    """扫码预登记: what a worker filled in on the phone, until the site confirms it. Values: origin, firm."""

    class Status(models.TextChoices):
        OPEN = "open", "待确认"
        TAKEN = "taken", "已预登记"
        DISCARDED = "discarded", "已丢弃"

    NEXT = {Status.OPEN: {Status.TAKEN, Status.DISCARDED}, Status.DISCARDED: {Status.OPEN}, Status.TAKEN: set()}
    PLAIN = (*ScannedForm.PLAIN, "preregistration")

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)
    preregistration = models.ForeignKey(PreRegistration, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "扫码预登记"
        indexes = [models.Index(fields=["participation", "status", "-sent_at", "-id"], name="proposal_list")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_per_place_and_number",
                fields=["participation", "id_digest"],
                condition=Q(status="open"),
                violation_error_message="该人员又提交了一份，请办理新的一份。",
            ),
            models.CheckConstraint(
                name="decided_proposal_says_when", condition=Q(status="open") | Q(decided_at__isnull=False)
            ),
        ]
