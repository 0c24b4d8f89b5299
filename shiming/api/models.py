"""What the API answered, so that a request sent again is answered alike and done once (security.md 4)."""

from django.db import models

from shiming.core.lifecycle import Record


class ApiAnswer(Record):
    """一次带 Idempotency-Key 的请求与答复，保留 48 小时。请求只存带密钥的摘要，不存内容。"""

    PLAIN = ("id", "created_at", "owner", "key", "request", "status")
    PRIVATE = ("body",)

    owner = models.CharField("密钥摘要", max_length=26)
    key = models.CharField("Idempotency-Key", max_length=100)
    request = models.CharField("请求摘要", max_length=26)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    body = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = "接口答复"
        indexes = [models.Index(fields=["created_at"], name="api_answers_by_age")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_key")]
