"""Punches and their corrections."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import CurrentTransaction, StoredFile
from shiming.core.seals import Chain, register
from shiming.people.models import Person
from shiming.projects.models import Project

EVENTS = register(Chain("attendance", "attendance_event", number="seq", time="received_at"))


class AttendanceEvent(models.Model):
    """A punch from any source; append-only, partitioned by month.

    It holds values and no foreign keys, so that punches can be distributed to several servers by project. `event_id`
    comes from the device or phone: a repeated upload of the same record adds no row.
    """

    class Direction(models.TextChoices):
        IN = "in", "进"
        OUT = "out", "出"
        UNKNOWN = "unknown", "未知"

    class Method(models.TextChoices):
        WORKER_CODE = "worker_code", "扫个人码"
        SITE_CODE = "site_code", "扫工地码"
        FACE = "face", "人脸"
        CARD = "card", "刷卡"
        KIOSK_PIN = "kiosk_pin", "自助机"
        MANUAL = "manual", "手工"
        CORRECTION = "correction", "更正"
        AUTO_CLOSE = "auto_close", "自动关闭"

    PLAIN = (
        *("xid", "seq", "project_id", "event_id", "occurred_at", "person_id", "received_at", "direction", "method"),
        *("by_user_id", "device", "offline", "clock_gap"),
    )
    PRIVATE = ("photo_id", "place", "by", "note")

    pk = models.CompositePrimaryKey("project_id", "event_id", "occurred_at")
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    seq = models.BigIntegerField(
        db_default=models.Func(template="nextval('attendance_event_seq')", arity=0), editable=False
    )
    project_id = models.UUIDField()
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField("打卡时间")
    person_id = models.UUIDField()
    received_at = models.DateTimeField("收到时间")
    direction = models.CharField("方向", max_length=8, choices=Direction)
    method = models.CharField("方式", max_length=12, choices=Method)
    by = models.CharField("操作人", max_length=100, blank=True)
    by_user_id = models.UUIDField(null=True)
    device = models.CharField("设备", max_length=60, blank=True)
    offline = models.BooleanField("离线补传", default=False)
    clock_gap = models.BooleanField("时钟偏差超过 5 分钟", default=False)
    photo_id = models.UUIDField(null=True)
    place = models.CharField("位置", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        managed = False  # the migration creates the partitioned table in SQL
        db_table = "attendance_event"
        verbose_name = "考勤记录"


class ShiftRule(Record):
    """班次规则: how the punches of a project become shifts, from a day on. A change adds a row."""

    class Kind(models.TextChoices):
        DAY = "day", "日班"
        TWO = "two", "两班"
        NIGHT = "night", "夜班"
        WATCH = "watch", "24 小时值守"

    # kind → pairing window and longest normal shift in hours (domain.md §5.5)
    USUAL = {Kind.DAY: (13, 13), Kind.TWO: (13, 8), Kind.NIGHT: (13, 13), Kind.WATCH: (26, 25)}
    PLAIN = (
        *("id", "created_at", "project", "from_date", "kind", "window_hours", "longest_hours", "break_minutes"),
        *("break_after_hours", "repeat_minutes"),
    )
    PRIVATE = ()

    project = models.ForeignKey(Project, models.CASCADE, related_name="shift_rules")
    from_date = models.DateField("自")
    kind = models.CharField("班次", max_length=8, choices=Kind, default=Kind.DAY)
    window_hours = models.PositiveSmallIntegerField(
        "配对时限（小时）", default=13, validators=[MinValueValidator(8), MaxValueValidator(26)]
    )
    longest_hours = models.PositiveSmallIntegerField(
        "最长正常工时（小时）", default=13, validators=[MinValueValidator(4), MaxValueValidator(26)]
    )
    break_minutes = models.PositiveSmallIntegerField("扣除休息（分钟）", default=0, validators=[MaxValueValidator(240)])
    break_after_hours = models.PositiveSmallIntegerField(
        "班次超过几小时才扣", default=6, validators=[MaxValueValidator(24)]
    )
    repeat_minutes = models.PositiveSmallIntegerField(
        "重复打卡时限（分钟）", default=10, validators=[MinValueValidator(2), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = "班次规则"
        constraints = [models.UniqueConstraint(fields=["project", "from_date"], name="one_shift_rule_per_day")]

    def __str__(self):
        breaks = f"，超过 {self.break_after_hours} 小时扣休息 {self.break_minutes} 分钟" if self.break_minutes else ""
        return (
            f"{self.get_kind_display()}，配对 {self.window_hours} 小时，最长正常 {self.longest_hours} 小时{breaks}，"
            f"{self.repeat_minutes} 分钟内重复打卡算一次"
        )


class Correction(Lifecycle):
    """A change of a day requested by the worker or the 班组长 and decided by another user on site.

    The punches stay unchanged; approval adds two.
    """

    class Status(models.TextChoices):
        OPEN = "open", "待处理"
        APPROVED = "approved", "已同意"
        DENIED = "denied", "已驳回"

    NEXT = {Status.OPEN: {Status.APPROVED, Status.DENIED}, Status.APPROVED: set(), Status.DENIED: set()}
    PLAIN = (
        *("id", "created_at", "version", "person", "project", "day", "came_at", "left_at", "status", "requested_by"),
        *("decided_by", "decided_at"),
    )
    PRIVATE = ("reason", "photo", "decision_note")

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    project = models.ForeignKey(Project, models.PROTECT, related_name="corrections")
    day = models.DateField("日期")
    came_at = models.DateTimeField("进场打卡", null=True, blank=True)
    left_at = models.DateTimeField("出场打卡", null=True, blank=True)
    reason = models.CharField("原因", max_length=200)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_note = models.CharField("不通过原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "考勤更正"
        indexes = [models.Index(fields=["project", "status", "-created_at"], name="correction_list")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_correction_per_day",
                fields=["person", "project", "day"],
                condition=Q(status="open"),
                violation_error_message="这一天已有待处理的更正申请",
            ),
            models.CheckConstraint(
                name="nobody_decides_his_own_correction",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="a_correction_names_a_time",
                condition=Q(came_at__isnull=False) | Q(left_at__isnull=False),
                violation_error_message="请填写进场或出场时间",
            ),
        ]
