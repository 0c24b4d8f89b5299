"""The trail, its seals, the wrapped keys and the encrypted files."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from shiming.core.events import Event
from shiming.core.lifecycle import Record


class CurrentTransaction(models.Func):
    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class AuditEntry(models.Model):
    """One event of the trail: actor, action, subject. Insert only: the database refuses update and delete.

    `xid` comes before `id` so that a row takes its transaction id before its number: once all transactions of a
    moment have ended, every number given before that moment is visible (core/seals.py). No foreign keys: the trail
    is kept longer than the rows it refers to.
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
    """A batch of trail rows closed by HMAC(key, previous head ‖ digest ‖ records); insert only (core/seals.py).

    `records` holds the number and a keyed tag of each record; both new columns are empty in old batches, whose head is
    HMAC(key, previous head ‖ rows).
    """

    PLAIN = (
        *("id", "chain", "number", "first_id", "last_id", "count", "head", "key_number", "at"),
        *("digest", "records"),
    )
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
    digest = models.BinaryField(max_length=32, null=True)
    records = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="seals_are_numbered")]


class DataKey(models.Model):
    """A data key, wrapped by the master key, which is not in the database."""

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
    """An encrypted file in the media folder. The object that references it decides who may see it."""

    PLAIN = ("id", "created_at", "kind", "media_type", "size", "digest")
    PRIVATE = ()

    kind = models.CharField("类别", max_length=30)
    media_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "文件"
