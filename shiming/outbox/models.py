"""The table of outgoing messages."""

from django.db import models

from shiming.core.lifecycle import Record
from shiming.core.privacy import SecretField


class OutboxMessage(Record):
    """A message to a phone: recipient, text, provider and result."""

    PLAIN = (
        *("id", "created_at", "channel", "to_digest", "from_digest", "purpose", "provider", "sent_at", "attempts"),
        "error",
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

    class Meta:
        verbose_name = "发出的消息"
        indexes = [models.Index(fields=["-created_at"], name="outbox_newest")]

    @property
    def state(self) -> str:
        """sent, failed or queued, as the list shows it."""
        return "sent" if self.sent_at else "failed" if self.error else "queued"

    def get_state_display(self) -> str:
        return {"sent": "已发出", "failed": "未成功，将再试", "queued": "等待发出"}[self.state]
