"""Inbox items: questions and notices."""

from django.db import models
from django.db.models import Q

from shiming.companies.models import Company
from shiming.core.lifecycle import Record
from shiming.people.models import Person
from shiming.projects.models import Participation, Project


class InboxItem(Record):
    """A question to or a notice for a person, a company or a site; it waits while `asks` and `answered_at` is None."""

    PLAIN = (
        *("id", "created_at", "person", "company", "project", "participation", "kind", "subject_type", "subject_id"),
        *("asks", "due_on", "read_at", "answered_at", "times", "again_at"),
    )
    PRIVATE = ("title", "body", "answer")

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="inbox", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="inbox", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="inbox", db_index=False)
    # None for the whole site; a place limits the item to this place and the companies above it.
    participation = models.ForeignKey(Participation, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("类别", max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=300, blank=True)
    asks = models.BooleanField("要答复", default=False)
    due_on = models.DateField("期限", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    times = models.PositiveSmallIntegerField("次数", default=1)  # of a notice that repeats an unread one
    again_at = models.DateTimeField("最近一次", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=40, blank=True)

    class Meta:
        verbose_name = "待办"
        indexes = [
            models.Index(fields=["person", "-created_at"], name="inbox_of_person"),
            models.Index(
                fields=["company", "-created_at"], name="inbox_of_company", condition=Q(company__isnull=False)
            ),
            models.Index(
                fields=["project", "-created_at"], name="inbox_of_project", condition=Q(project__isnull=False)
            ),
            models.Index(fields=["subject_id"], name="inbox_open", condition=Q(asks=True, answered_at=None)),
            models.Index(fields=["company"], name="inbox_company_waits", condition=Q(asks=True, answered_at=None)),
            models.Index(fields=["project"], name="inbox_project_waits", condition=Q(asks=True, answered_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_item_has_one_addressee",
                condition=Q(person__isnull=False, company=None, project=None)
                | Q(person=None, company__isnull=False, project=None)
                | Q(person=None, company=None, project__isnull=False),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def latest_at(self):
        return self.again_at or self.created_at

    @property
    def waits(self) -> bool:
        return self.asks and self.answered_at is None
