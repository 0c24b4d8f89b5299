"""The trail, its seals, the wrapped keys, the encrypted files and the dictionaries."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from shiming.core.events import Event
from shiming.core.lifecycle import Lifecycle, Record


class CurrentTransaction(models.Func):
    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class AuditEntry(models.Model):
    """One thing that was done, by whom, to what. Only ever added: the database refuses update and delete.

    `xid` stands before `id` so that a row has its transaction before it has its number: whoever waits until all
    transactions of a moment have ended has then seen every number given out before it (core/seals.py).
    No foreign keys: the trail outlives what it speaks of.
    """

    PLAIN = (
        *("xid", "id", "at", "event", "role", "door", "user_id", "object_type", "object_id", "person_id", "company_id"),
        *("project_id", "request_id"),
    )
    PRIVATE = ("by", "params", "before", "after", "reason", "address")

    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间")
    event = models.CharField("事件", max_length=60)
    by = models.CharField("操作人", max_length=100)
    role = models.CharField("身份", max_length=20)
    door = models.CharField("入口", max_length=10)
    user_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    person_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    params = models.JSONField("内容", default=dict)
    before = models.JSONField("改前", null=True)
    after = models.JSONField("改后", null=True)
    reason = models.TextField("原因", blank=True)
    address = models.CharField("地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=36, blank=True)

    class Meta:
        verbose_name = "痕迹"
        indexes = [
            models.Index(fields=["object_id", "id"], name="trail_of_object"),
            models.Index(fields=["person_id", "id"], name="trail_of_person"),
            models.Index(fields=["company_id", "id"], name="trail_of_company"),
            models.Index(fields=["project_id", "id"], name="trail_of_project"),
            BrinIndex(fields=["at"], name="trail_by_time"),
        ]

    def __str__(self):
        return Event(self.event).sentence(self.params | {"by": self.by, "reason": self.reason})


class Seal(models.Model):
    """A batch of trail rows closed by HMAC(key, previous head ‖ rows); only ever added."""

    PLAIN = ("id", "chain", "number", "first_id", "last_id", "count", "head", "key_number", "at")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)
    key_number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="seals_are_numbered")]


class DataKey(models.Model):
    """A data key, wrapped by the master key that is not in the database."""

    PLAIN = ("id", "purpose", "number", "wrapped", "created_at")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "number"], name="one_key_per_number")]


class StoredFile(Record):
    """An encrypted file in the media folder; who may see it is decided by the object that points to it."""

    PLAIN = ("id", "created_at", "kind", "media_type", "size", "digest")
    PRIVATE = ()

    kind = models.CharField("类别", max_length=30)
    media_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "文件"


class DictionaryEntry(models.Model):
    """One entry of an editable code table: trades, education, positions, holidays (domain.md §3.10)."""

    PLAIN = ("id", "table", "code", "label", "order", "extra", "active")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    table = models.CharField("字典", max_length=30)
    code = models.CharField("代码", max_length=20)
    label = models.CharField("名称", max_length=60)
    order = models.PositiveSmallIntegerField("次序", default=0)
    extra = models.JSONField("附加", default=dict, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "字典"
        ordering = ["table", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="one_entry_per_code")]

    def __str__(self):
        return self.label


class SheetImport(Lifecycle):
    """One Excel file on its way in: checked, then committed in pieces; killed in between, it goes on where it stood."""

    class Status(models.TextChoices):
        MAPPING = "mapping", "待对应列"
        CHECKED = "checked", "待确认导入"
        RUNNING = "running", "导入中"
        DONE = "done", "已导入"
        CANCELLED = "cancelled", "已放弃"

    NEXT = {
        Status.MAPPING: {Status.CHECKED, Status.CANCELLED},
        Status.CHECKED: {Status.RUNNING, Status.CANCELLED},
        Status.RUNNING: {Status.DONE, Status.CHECKED},  # back, when all or nothing was asked for
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


class HeadChoice(models.Model):
    """What a heading means in the files of one firm (or of the administrator), said once; no column: left out."""

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
    """Which word of the list another word means in the files of one firm (or of the administrator), chosen once."""

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
