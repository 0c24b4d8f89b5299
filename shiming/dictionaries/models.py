"""The table of dictionary entries."""

from django.db import models


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
