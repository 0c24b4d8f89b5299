"""The record of a card reading."""

from django.db import models

from shiming.core.lifecycle import Record
from shiming.core.models import StoredFile
from shiming.people.models import Person


class CardReading(Record):
    """A reading of a card: person, reader, operator, company or site. Append-only."""

    class Way(models.TextChoices):
        SERIAL = "serial", "浏览器串口"
        BRIDGE_A = "a", "本机桥 A"
        BRIDGE_B = "b", "本机桥 B"
        BRIDGE_C = "c", "本机桥 C"
        BRIDGE_D = "d", "本机桥 D"

    class Kind(models.TextChoices):
        RESIDENT = "resident", "居民身份证"
        PERMIT = "permit", "港澳台居民居住证"
        FOREIGNER_2017 = "foreigner_2017", "外国人永久居留身份证（2017 版）"
        FOREIGNER_2023 = "foreigner_2023", "外国人永久居留身份证（2023 版）"

    PLAIN = (
        *("id", "created_at", "event_id", "digest", "way", "kind", "expired", "newly_verified", "role", "user"),
        *("company", "project", "person"),
    )
    PRIVATE = ("operator", "reader", "wlt")

    person = models.ForeignKey(Person, models.PROTECT, related_name="card_readings")
    event_id = models.CharField(max_length=36, unique=True)
    digest = models.CharField(max_length=26)
    way = models.CharField("读取方式", max_length=10, choices=Way)
    reader = models.CharField("阅读器", max_length=60, blank=True)
    kind = models.CharField("证件", max_length=14, choices=Kind)
    expired = models.BooleanField("证件已过期", default=False)
    newly_verified = models.BooleanField("由此实名", default=False)
    operator = models.CharField("操作人", max_length=100)
    role = models.CharField("身份", max_length=20)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey("companies.Company", models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, related_name="+")
    wlt = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "读卡记录"

    def __str__(self):
        return f"{self.get_way_display()} {self.reader}".strip()
