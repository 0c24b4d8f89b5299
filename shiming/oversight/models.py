"""What the authority's pages store: counts per site, thresholds, and what was asked of a site."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.presence.models import Stay
from shiming.projects.models import Participation, Project


class SiteDay(models.Model):
    """Counts of one project and day for the charts: today every five minutes, past days every night (jobs.py)."""

    PLAIN = ("id", "project", "day", "on_site", "there", "worked", "entered", "left", "counted_at")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="site_days", db_index=False)
    day = models.DateField("日期")
    on_site = models.PositiveIntegerField("在场")  # at the end of the day; today at `counted_at`
    there = models.PositiveIntegerField("当日到过")
    worked = models.PositiveIntegerField("有考勤")
    entered = models.PositiveIntegerField("进场")
    left = models.PositiveIntegerField("退场")
    counted_at = models.DateTimeField("核对时间")

    class Meta:
        verbose_name = "项目每日人数"
        constraints = [models.UniqueConstraint(fields=["day", "project"], name="one_count_per_site_and_day")]


class SiteGroup(models.Model):
    """People on site now at one project, by trade and by age."""

    class Kind(models.TextChoices):
        TRADE = "trade", "工种"
        AGE = "age", "年龄"

    PLAIN = ("id", "project", "kind", "key", "number")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="site_groups", db_index=False)
    kind = models.CharField("分组", max_length=8, choices=Kind)
    key = models.CharField("值", max_length=20)
    number = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = "项目人员构成"
        constraints = [models.UniqueConstraint(fields=["project", "kind", "key"], name="one_count_per_site_and_group")]


class TroubleCount(models.Model):
    """The number of cases of one kind of trouble at an open project, counted every few minutes (jobs.py)."""

    PLAIN = ("id", "project", "kind", "number", "counted_at")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="trouble_counts", db_index=False)
    kind = models.CharField("问题", max_length=20)
    number = models.PositiveIntegerField("多少")
    counted_at = models.DateTimeField("核对时间")

    class Meta:
        verbose_name = "项目问题数"
        constraints = [models.UniqueConstraint(fields=["project", "kind"], name="one_count_per_site_and_trouble")]


class Threshold(models.Model):
    """After how many days a kind counts as a trouble; without a row, the registered days hold (troubles.py)."""

    PLAIN = ("kind", "days", "set_at")
    PRIVATE = ()

    kind = models.CharField("问题", max_length=20, primary_key=True)
    days = models.PositiveSmallIntegerField("天数")
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "问题的天数"


class Inquiry(Lifecycle):
    """A station asks a project about one kind of trouble, with a deadline.

    The site answers with papers; the station closes the inquiry or returns the answer.
    """

    class Status(models.TextChoices):
        SENT = "inquiry_sent", "待答复"
        ANSWERED = "inquiry_answered", "已答复"
        CLOSED = "inquiry_closed", "已办结"

    NEXT = {
        Status.SENT: {Status.ANSWERED, Status.CLOSED},
        Status.ANSWERED: {Status.SENT, Status.CLOSED},
        Status.CLOSED: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "project", "kind", "label", "number", "due_on", "status", "sent_by"),
        *("answered_at", "closed_at"),
    )
    PRIVATE = ()

    project = models.ForeignKey(Project, models.PROTECT, related_name="inquiries")
    kind = models.CharField("问题", max_length=20)
    label = models.CharField("问题名称", max_length=40)
    number = models.PositiveIntegerField("发出时多少")
    due_on = models.DateField("答复期限")
    status = models.CharField("状态", max_length=16, choices=Status, default=Status.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = "督办"
        indexes = [models.Index(fields=["project", "-created_at"], name="inquiries_of_site")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_inquiry_per_site_and_trouble",
                fields=["project", "kind"],
                condition=~Q(status="inquiry_closed"),
                violation_error_message="这类问题已有未办结的督办",
            )
        ]

    def __str__(self):
        return f"{self.project}：{self.label}"

    @property
    def overdue(self) -> bool:
        return self.status == self.Status.SENT and self.due_on < timezone.localdate()

    @property
    def participation_id(self):
        """The place of the general contractor, who answers: the inbox of the site shows it to no other firm."""
        places = self.project.participations.filter(kind=Company.Kind.GENERAL, left_on=None)
        return places.values_list("pk", flat=True).first()


class InquiryLine(Record):
    """One line of an inquiry: demand, return or closing by the station, or an answer of the site. Append-only."""

    PLAIN = ("id", "created_at", "inquiry", "by_user", "from_site")
    PRIVATE = ("by", "text")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="lines")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.CharField("经办人", max_length=100)
    from_site = models.BooleanField("项目的答复")
    text = models.CharField("内容", max_length=500)

    class Meta:
        verbose_name = "督办往来"


class InquiryPaper(Record):
    """A paper attached to an answer: PDF or picture."""

    PLAIN = ("id", "created_at", "line", "file")
    PRIVATE = ("name",)

    line = models.ForeignKey(InquiryLine, models.PROTECT, related_name="papers")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=110)

    class Meta:
        verbose_name = "督办材料"


class Inspection(Record):
    """An inspector compares the people on site with the list of those on site at the start.

    It needs no user of the site, and does not change after it is finished.
    """

    PLAIN = ("id", "created_at", "project", "place", "inspector", "finished_at")
    PRIVATE = ("by", "strangers", "note")

    project = models.ForeignKey(Project, models.PROTECT, related_name="inspections")
    place = models.ForeignKey(Participation, models.PROTECT, null=True, blank=True, related_name="+")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.CharField("检查人", max_length=100)
    strangers = models.TextField("名单以外的人", max_length=1000, blank=True)
    note = models.TextField("检查意见", max_length=1000, blank=True)
    finished_at = models.DateTimeField("查完时间", null=True, blank=True)

    class Meta:
        verbose_name = "到场检查"
        indexes = [models.Index(fields=["project", "-created_at"], name="inspections_of_site")]

    def __str__(self):
        return f"{self.project}到场检查"


class InspectedPerson(models.Model):
    """One person on site at the start of an inspection, and whether they were found."""

    PLAIN = ("id", "inspection", "stay", "found")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="people", db_index=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    found = models.BooleanField("查到", default=False)

    class Meta:
        verbose_name = "应到人员"
        constraints = [models.UniqueConstraint(fields=["inspection", "stay"], name="one_line_per_person_inspected")]
