"""最新信息 (manual row 2-04): plain text with files, shown between two days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shiming.core.lifecycle import Record, Versioned
from shiming.core.models import StoredFile

STATES = {"scheduled": "将显示", "active": "显示中", "expired": "已过期", "removed": "已撤下"}


class Bulletin(Versioned):
    """One notice. `public` ones are read without a login; `until` is the last day."""

    PLAIN = (
        *("id", "created_at", "version", "title", "category", "body", "pinned", "public", "from_day", "until"),
        *("written_by", "withdrawn_at"),
    )
    PRIVATE = ()

    title = models.CharField("标题", max_length=80)
    category = models.CharField("类别", max_length=20)
    body = models.TextField("内容", max_length=5000)
    pinned = models.BooleanField("置顶", default=False)
    public = models.BooleanField("不登录也能看", default=False)
    from_day = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = "公告"
        indexes = [models.Index(fields=["-pinned", "-from_day", "-id"], name="bulletin_list")]
        constraints = [
            models.CheckConstraint(
                name="bulletin_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=F("from_day")),
                violation_error_message="止日早于起日，请改止日。",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def state(self) -> str:
        """A key of STATES."""
        today = timezone.localdate()
        if self.withdrawn_at:
            return "removed"
        if self.until and self.until < today:
            return "expired"
        return "active" if self.from_day <= today else "scheduled"


class BulletinFile(Record):
    """附件 of a notice: PDF or picture."""

    PLAIN = ("id", "created_at", "bulletin", "name", "size", "media_type", "stored")
    PRIVATE = ()

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="files")
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveIntegerField("大小")
    media_type = models.CharField("格式", max_length=60)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "公告附件"

    def __str__(self):
        return self.name
