"""Requests and answers: raw punches are kept before they are parsed (security.md 1), and a repeated request gets the
same answer and is executed once (security.md 4)."""

from django.db import models

from shiming.core.lifecycle import Record
from shiming.core.privacy import SecretField


class ApiAnswer(Record):
    """A request with an Idempotency-Key and its answer, kept for 48 hours; of the request only a keyed digest."""

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


class Received(Record):
    """The raw body of received punches, stored before it is parsed.

    Append-only; whole rows are deleted after the retention period.
    """

    PLAIN = ("id", "created_at", "project_id", "request_id", "path")
    PRIVATE = ("sender", "address", "headers")

    project_id = models.UUIDField()  # no foreign key, so that an insert waits for no lock on the project
    request_id = models.CharField("请求编号", max_length=36)
    path = models.CharField("地址", max_length=60)
    sender = models.CharField("送件的密钥", max_length=100)
    address = models.CharField("来源地址", max_length=45)
    headers = models.JSONField("请求头")
    body = SecretField("原文")

    class Meta:
        verbose_name = "打卡来件"
        indexes = [
            models.Index(fields=["created_at"], name="received_by_age"),
            models.Index(fields=["project_id", "-created_at"], name="received_at_site"),
        ]
