"""三级教育: safety trainings of a person at company, project and team level, and the reminders sent."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from shiming.companies.models import Company
from shiming.core.lifecycle import Record
from shiming.people.models import Person
from shiming.projects.models import Project

USER = settings.AUTH_USER_MODEL
LONGEST = 200  # hours of one training


class Level(models.TextChoices):
    """A company-level training counts on every site of the company, the others on their site only."""

    COMPANY = "company", "公司级"
    PROJECT = "project", "项目级"
    TEAM = "team", "班组级"


class Training(Record):
    """One training of one person. A deleted row keeps its content and no longer counts; the deletion can be undone."""

    PLAIN = (
        *("id", "created_at", "person", "company", "project", "level", "taken_on", "valid_until"),
        *("recorded_by", "removed_at"),
    )
    PRIVATE = ("hours", "passed")

    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="用人单位")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="项目")
    level = models.CharField("级别", max_length=8, choices=Level)
    taken_on = models.DateField("培训日期")
    hours = models.DecimalField(
        "学时", max_digits=4, decimal_places=1, validators=[MinValueValidator(0.5), MaxValueValidator(LONGEST)]
    )
    passed = models.BooleanField("合格")
    valid_until = models.DateField("有效期至")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("删除时间", null=True, blank=True)

    class Meta:
        verbose_name = "安全培训"
        indexes = [
            models.Index(fields=["company", "-taken_on"], name="trainings_of_company"),
            models.Index(fields=["valid_until"], name="training_expiry", condition=Q(removed_at=None, passed=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_training_per_level_and_day",
                fields=["person", "company", "project", "level", "taken_on"],
                condition=Q(removed_at=None),
                nulls_distinct=False,
                violation_error_message="该人员当天已登记同级培训，请先删除原来的",
            ),
            models.CheckConstraint(
                name="only_company_level_has_no_project",
                condition=Q(level="company", project=None) | (~Q(level="company") & Q(project__isnull=False)),
                violation_error_message="项目级、班组级须选项目，公司级不选",
            ),
            models.CheckConstraint(
                name="training_is_valid_after_it_was_taken",
                condition=Q(valid_until__gte=F("taken_on")),
                violation_error_message="有效期早于培训日期",
            ),
        ]

    def __str__(self):
        return f"{self.person}的{self.get_level_display()}安全培训"


class TrainingReminder(Record):
    """A training is reminded of once for each step."""

    PLAIN = ("id", "created_at", "training", "days")
    PRIVATE = ()

    training = models.ForeignKey(Training, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField("提前天数")

    class Meta:
        verbose_name = "培训到期提醒"
        constraints = [models.UniqueConstraint(fields=["training", "days"], name="one_training_reminder_per_step")]
