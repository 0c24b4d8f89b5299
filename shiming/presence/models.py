"""Stays on a site, and printed cards."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.lifecycle import Record
from shiming.core.refusals import REFUSALS
from shiming.people.models import Person
from shiming.presence.periods import Span, compared
from shiming.projects.models import Project, Team


class Stay(Record):
    """One entry to one exit; without an exit the person is on site."""

    class Method(models.TextChoices):
        SCAN = "scan", "扫码"
        FORM = "form", "登记"
        BATCH = "batch", "批量处理"
        ACCEPTANCE = "acceptance", "接收"
        APPROVAL = "approval", "审核通过"
        IMPORTED = "imported", "导入"

    class Rating(models.TextChoices):
        EXCELLENT = "excellent", "优"
        GOOD = "good", "良"
        FAIR = "fair", "中"
        POOR = "poor", "差"

    PLAIN = (
        *("id", "created_at", "assignment", "person", "project", "company", "team", "trade", "entered_on"),
        *("entered_at", "entered_by", "method", "exited_on", "exited_at", "exited_by", "auto", "event_id", "offline"),
        "overlapping",
    )
    PRIVATE = ("rating", "rating_note")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="stays")
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays", db_index=False)
    # No database foreign keys on project, company, team and users: with dozens of phones scanning at one gate, their
    # checks contend for the same row.
    # The foreign key of the allocation covers project, company and team; accounts are never deleted (ADR 7).
    project = models.ForeignKey(Project, models.PROTECT, related_name="stays", db_constraint=False, db_index=False)
    # Repeated from the allocation, so that one index finds stays by date among three million; corrections change both.
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, db_index=False
    )
    trade = models.CharField("从事主要工种", max_length=20, blank=True)
    entered_on = models.DateField("进场日期")
    entered_at = models.DateTimeField("进场时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    method = models.CharField("进场方式", max_length=10, choices=Method)
    exited_on = models.DateField("退场日期", null=True, blank=True)
    exited_at = models.DateTimeField("退场时间", null=True, blank=True)
    exited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    auto = models.BooleanField("自动退场", default=False)
    # The id given by the phone: a repeated upload of one scan stays one entry.
    event_id = models.UUIDField(null=True, unique=True, editable=False)
    offline = models.BooleanField("离线补传", default=False)
    # Set by the upgrade for stays that overlapped before the constraint; the days stay as they were registered.
    overlapping = models.BooleanField("日期重叠", default=False, editable=False)
    rating = models.CharField("用工评价", max_length=10, choices=Rating, blank=True)
    rating_note = models.CharField("评价内容", max_length=200, blank=True)

    class Meta:
        verbose_name = "在场时段"
        # Every entry writes to every index, so there are only these; they cover the foreign keys.
        indexes = [
            models.Index(fields=["project", "exited_on", "-entered_on"], include=["person"], name="stay_list"),
            models.Index(fields=["person", "-entered_at"], name="stay_of_person"),
            # The query of a company or project, newest first, with the other filters inside the index; or by person.
            models.Index(
                fields=["company", "-entered_on", "-id", "exited_on", "trade", "team"], name="stay_of_company"
            ),
            models.Index(
                fields=["project", "-entered_on", "-id", "exited_on", "company", "trade", "team"],
                name="stay_of_project",
            ),
            models.Index(fields=["company", "person"], name="stay_of_company_person"),
            models.Index(fields=["project", "person"], name="stay_of_project_person"),
            # all projects, for the regulator
            models.Index(fields=["-entered_on", "-id", "exited_on"], name="stay_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_stay_per_person_and_project",
                fields=["person", "project"],
                condition=Q(exited_on=None),
                violation_error_message=REFUSALS["R-22"].sentence,
            ),
            ExclusionConstraint(
                name="stays_do_not_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("project", RangeOperators.EQUAL),
                    (Span(), RangeOperators.OVERLAPS),
                    (compared(), RangeOperators.NOT_EQUAL),
                ],
                condition=Q(overlapping=False),
                violation_error_message="进场日期早于上次退场日期",
            ),
            models.CheckConstraint(
                name="exit_is_not_before_entry",
                condition=Q(exited_on=None) | Q(exited_on__gte=F("entered_on")),
                violation_error_message="退场日期早于进场日期",
            ),
            models.CheckConstraint(
                name="exit_has_day_and_time",
                condition=Q(exited_on=None, exited_at=None) | Q(exited_on__isnull=False, exited_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.person} 在 {self.project}"

    @classmethod
    def of(cls, assignment: Assignment, **fields) -> "Stay":
        """An unsaved stay that copies person, project, company, team and trade from this allocation."""
        return cls(
            assignment=assignment,
            person_id=assignment.person_id,
            project_id=assignment.project_id,
            company_id=assignment.participation.company_id,
            team_id=assignment.team_id,
            trade=assignment.trade,
            **fields,
        )

    @property
    def on_site(self) -> bool:
        return self.exited_on is None

    @property
    def remark(self) -> str:
        """What is unusual about the exit or the days."""
        return "，".join(filter(None, (self.auto and "自动退场", self.overlapping and "与另一段日期重叠")))


class Card(Record):
    """A printed 建设卡, for entry without a phone; the scanner compares the photo. A new card invalidates the last."""

    PLAIN = ("id", "created_at", "person", "issued_by", "replaced_at")
    PRIVATE = ()

    person = models.ForeignKey(Person, models.PROTECT, related_name="cards")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField("失效时间", null=True, blank=True)

    class Meta:
        verbose_name = "建设卡"
        constraints = [
            models.UniqueConstraint(
                name="one_good_card_per_person",
                fields=["person"],
                condition=Q(replaced_at=None),
                violation_error_message="该人员已有一张有效的建设卡",
            )
        ]
