"""The checks of a project: drafts, and periods in force."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shiming.admission.checks import CHECKS, Check, Effect, label_of
from shiming.core.lifecycle import Versioned
from shiming.projects.models import Project

STATES = {"draft": "草稿", "scheduled": "将启用", "active": "已启用", "stopped": "已停用"}


class _Days(models.Func):
    """The days from the first up to, not including, the second; without an end, all later days."""

    function = "DATERANGE"
    output_field = DateRangeField()


class ProjectCheck(Versioned):
    """One check on one project: a draft without a first day, or a period from its first day.

    `until` is the first day after the period. Changed settings close the row and open another, so that the trail and
    every past day keep the rule of that day.
    """

    PLAIN = (
        "id",
        "created_at",
        "version",
        "project",
        "code",
        "effect",
        "settings",
        "from_date",
        "until",
        "announced_at",
    )
    PRIVATE = ()

    project = models.ForeignKey(Project, models.CASCADE, related_name="checks")
    code = models.CharField("准入检查", max_length=20)
    effect = models.CharField("不符合时", max_length=8, choices=Effect, default=Effect.REFUSE)
    settings = models.JSONField("设置", default=dict, blank=True)
    from_date = models.DateField("启用日期", null=True, blank=True)
    until = models.DateField("停用日期", null=True, blank=True)
    announced_at = models.DateTimeField("预告时间", null=True, blank=True)

    class Meta:
        verbose_name = "准入检查"
        constraints = [
            models.UniqueConstraint(
                name="one_draft_per_check", fields=["project", "code"], condition=Q(from_date__isnull=True)
            ),
            ExclusionConstraint(
                name="periods_of_a_check_do_not_overlap",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (_Days("from_date", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(from_date__isnull=False),
            ),
            models.CheckConstraint(
                name="check_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gte=F("from_date"))
            ),
        ]

    def __str__(self):
        return label_of(self.code)

    @property
    def kind(self) -> Check:
        return CHECKS[self.code]

    def in_force(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        return self.from_date is not None and self.from_date <= on and (self.until is None or self.until > on)

    @property
    def state(self) -> str:
        if self.from_date is None:
            return "draft"
        if self.in_force():
            return "active"
        return "scheduled" if self.begins_later else "stopped"

    @property
    def begins_later(self) -> bool:
        """Whether the first day lies ahead and was not cancelled."""
        return self.from_date is not None and self.from_date > timezone.localdate() and self.until != self.from_date

    @property
    def in_force_or_later(self) -> bool:
        return self.in_force() or self.begins_later

    def get_state_display(self) -> str:
        return STATES[self.state]
