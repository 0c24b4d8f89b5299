"""The reminders of certificates that expire. The certificates are `people.Credential`, of managers and workers."""

from django.db import models

from shiming.companies.models import Company
from shiming.core.lifecycle import Record
from shiming.people.models import Person


class CredentialReminder(Record):
    """It repeats the values of the certificate, because saving the form of a manager may replace the row: the same
    certificate is reminded of once for each step."""

    PLAIN = ("id", "created_at", "person", "company", "valid_until", "days")
    PRIVATE = ("number", "name")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField("证书编号", max_length=60)
    name = models.CharField("证书名称", max_length=60)
    valid_until = models.DateField("有效期至")
    days = models.PositiveSmallIntegerField("提前天数")

    class Meta:
        verbose_name = "证书到期提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "number", "name", "valid_until", "days"], name="one_reminder_per_step"
            )
        ]
