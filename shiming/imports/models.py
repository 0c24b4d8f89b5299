"""Excel imports, and the meanings of headings and words per company."""

from django.db import models

from shiming.core.lifecycle import Lifecycle
from shiming.core.models import StoredFile
from shiming.core.refusals import Refusal


class SheetImport(Lifecycle):
    """One uploaded Excel file: checked, then committed in chunks; an interrupted commit continues at `position`.

    `refused` holds [place of the row, refusal as a dictionary].
    """

    class Status(models.TextChoices):
        MAPPING = "mapping", "待对应列"
        CHECKED = "checked", "待确认导入"
        RUNNING = "running", "导入中"
        DONE = "done", "已导入"
        CANCELLED = "cancelled", "已放弃"

    NEXT = {
        Status.MAPPING: {Status.CHECKED, Status.CANCELLED},
        Status.CHECKED: {Status.RUNNING, Status.CANCELLED},
        # Back to the user when an all-or-nothing import refused a row; given up when its file is damaged.
        Status.RUNNING: {Status.DONE, Status.CHECKED, Status.CANCELLED},
        Status.DONE: set(),
        Status.CANCELLED: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "sheet", "status", "rows", "total", "good", "bad", "position"),
        *("created", "changed", "same", "refused", "user_id", "company_id", "finished_at", "notes", "raw"),
        *("all_or_nothing",),
    )
    PRIVATE = ("file_name", "actor", "head")

    sheet = models.CharField("种类", max_length=30)
    file_name = models.CharField("文件名", max_length=120)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.CHECKED)
    raw = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    rows = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    head = models.JSONField("表头", default=dict)
    notes = models.JSONField("提示", default=list)
    total = models.PositiveIntegerField("行数", default=0)
    good = models.PositiveIntegerField("可导入", default=0)
    bad = models.PositiveIntegerField("有问题", default=0)
    position = models.PositiveIntegerField("已处理", default=0)
    created = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("更新", default=0)
    same = models.PositiveIntegerField("无变化", default=0)
    refused = models.JSONField("未能导入", default=list)
    all_or_nothing = models.BooleanField("全部正确才导入", default=False)
    user_id = models.UUIDField("上传人")
    company_id = models.UUIDField("企业", null=True)
    actor = models.JSONField("上传身份")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "导入"
        indexes = [models.Index(fields=["user_id", "-created_at"], name="imports_of_user")]

    def __str__(self):
        return self.file_name

    @property
    def refusals(self) -> list[tuple[str, Refusal]]:
        """The rows that were not imported: (place of the row, refusal)."""
        return [(place, Refusal(**kept)) for place, kept in self.refused]


class HeadChoice(models.Model):
    """The column of a heading in the files of one firm (or of the administrator); an empty column is not imported."""

    PLAIN = ("id", "owner", "sheet", "heading", "column")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    owner = models.UUIDField("企业或账号")
    sheet = models.CharField("种类", max_length=30)
    heading = models.CharField("表头", max_length=60)
    column = models.CharField("栏", max_length=30, blank=True)

    class Meta:
        verbose_name = "列的对应"
        constraints = [models.UniqueConstraint(fields=["owner", "sheet", "heading"], name="one_meaning_per_heading")]


class WordChoice(models.Model):
    """The list word that replaces another word in the files of one firm (or of the administrator)."""

    PLAIN = ("id", "owner", "sheet", "column", "word", "meaning")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    owner = models.UUIDField("企业或账号")
    sheet = models.CharField("种类", max_length=30)
    column = models.CharField("栏", max_length=30)
    word = models.CharField("写法", max_length=60)
    meaning = models.CharField("选的词", max_length=100)

    class Meta:
        verbose_name = "词的对应"
        constraints = [
            models.UniqueConstraint(fields=["owner", "sheet", "column", "word"], name="one_meaning_per_word")
        ]
