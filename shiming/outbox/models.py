"""The table of outgoing messages."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from shiming.core.lifecycle import Record
from shiming.core.privacy import SecretField

TERM = timedelta(days=1)  # a message is tried for a day


class OutboxMessage(Record):
    """A message to a phone: recipient, text, provider and result."""

    PLAIN = (
        *("id", "created_at", "channel", "to_digest", "from_digest", "purpose", "provider", "sent_at", "attempts"),
        *("error", "next_attempt_at"),
    )
    PRIVATE = ()

    channel = models.CharField("通道", max_length=10, default="sms")
    to = SecretField("接收号码")
    to_digest = models.CharField(max_length=26, db_index=True)
    # The digest of the requesting address, for rate limits.
    from_digest = models.CharField(max_length=26, blank=True, db_index=True)
    purpose = models.CharField("用途", max_length=40)
    text = SecretField("内容")
    provider = models.CharField("提供方", max_length=20, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    error = models.CharField("错误", max_length=200, blank=True)
    next_attempt_at = models.DateTimeField("下次尝试", null=True, blank=True)

    class Meta:
        verbose_name = "发出的消息"
        indexes = [
            models.Index(fields=["-created_at"], name="outbox_newest"),
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="outbox_unsent"),
        ]

    @property
    def given_up(self) -> bool:
        return self.sent_at is None and self.created_at <= timezone.now() - TERM

    @property
    def state(self) -> str:
        """sent, given_up, failed or queued, as the list shows it."""
        if self.sent_at:
            return "sent"
        return "given_up" if self.given_up else "failed" if self.error else "queued"

    def get_state_display(self) -> str:
        if self.state == "failed":
            return f"未成功，{timezone.localtime(self.next_attempt_at):%H:%M} 再试"
        return {"sent": "已发出", "given_up": "一天内未能发出，不再尝试", "queued": "等待发出"}[self.state]
