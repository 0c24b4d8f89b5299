"""The allocation of a person to a firm's place on a project."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from shiming.core.lifecycle import Lifecycle
from shiming.core.refusals import REFUSALS
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import Participation, Project, Team


class Assignment(Lifecycle):
    """An employed person, with complete information, at a company's place on a project; entry requires acceptance."""

    class Status(models.TextChoices):
        DRAFT = "draft", "待提交"
        PENDING = "pending", "待确认"
        ACCEPTED = "accepted", "已确认"
        REJECTED = "rejected", "已拒绝"
        REMOVED = "removed", "已移除"
        ENDED = "ended", "已结束"

    class Origin(models.TextChoices):
        ALLOCATION = "allocation", "分配"
        QR = "qr", "项目二维码"
        SYNC = "sync", "合同同步"
        DIRECT_ENTRY = "direct_entry", "现场登记"
        IMPORTED = "imported", "导入"

    WORKER = "worker"

    NEXT = {
        Status.DRAFT: {Status.PENDING, Status.REMOVED},
        Status.PENDING: {Status.ACCEPTED, Status.REJECTED, Status.REMOVED},
        Status.ACCEPTED: {Status.ENDED},
        Status.REJECTED: {Status.PENDING, Status.REMOVED},
        Status.REMOVED: set(),
        Status.ENDED: set(),
    }
    OPEN = (Status.DRAFT, Status.PENDING, Status.ACCEPTED)
    PLAIN = (
        *(
            "id",
            "created_at",
            "version",
            "person",
            "employment",
            "participation",
            "project",
            "role",
            "status",
            "origin",
        ),
        *("allocated_on", "allocated_by", "submitted_at", "submitted_by"),
        *("confirmed_at", "confirmed_by", "team", "trade", "ended_at"),
    )
    PRIVATE = ("lodges_on_site", "decision_note")

    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="assignments")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="assignments", db_index=False)
    # Repeats the project of the participation, so that the database refuses a second allocation on one project.
    project = models.ForeignKey(Project, models.PROTECT, related_name="assignments", db_index=False)
    role = models.CharField("角色", max_length=20, default=WORKER)
    status = models.CharField("确认状态", max_length=10, choices=Status, default=Status.PENDING)
    origin = models.CharField("来源", max_length=12, choices=Origin, default=Origin.ALLOCATION)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    trade = models.CharField("从事主要工种", max_length=20, blank=True)
    allocated_on = models.DateField("分配日期")
    allocated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # A user does not audit own submissions (domain.md §11.1).
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.CharField("不通过原因", max_length=200, blank=True)
    lodges_on_site = models.BooleanField("是否住宿在工地", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "人员分配"
        indexes = [
            models.Index(fields=["project", "status", "participation"], name="assignment_list"),
            # The queue of a project, oldest submission first: of 3,000 waiting people one page is read.
            models.Index(fields=["project", "status", "submitted_at", "id"], name="assignment_queue"),
            # As-of counts of the regulator: people confirmed by a day are counted within the index.
            models.Index(fields=["project", "confirmed_at"], include=["person"], name="assignment_of_project"),
            models.Index(fields=["participation", "confirmed_at"], include=["person"], name="assignment_of_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_assignment_per_person_and_project",
                fields=["person", "project"],
                condition=Q(status__in=["draft", "pending", "accepted"]),
                violation_error_message=REFUSALS["R-18"].sentence,
            ),
            models.CheckConstraint(
                name="accepted_says_when",
                condition=~Q(status="accepted") | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.person} → {self.project}"

    @property
    def is_manager(self) -> bool:
        return self.role != self.WORKER
