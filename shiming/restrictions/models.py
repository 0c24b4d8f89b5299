"""限制进场 with due process: the entry, the opinion of a second company, and what each side wrote, with papers.

An entry has a first and a last day. Up to `alone_until` it stands by its issuer alone; the later days count on the
sites where an officer of another company agreed. The gate reads these dates, so an entry ends without a job.
"""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.dictionaries import queries as dictionaries
from shiming.people.models import Person
from shiming.projects.models import Participation, Project, Station

USER = settings.AUTH_USER_MODEL
ALONE = 30  # days an issuer may restrict without a second company
LONGEST = 365  # days of one entry
STATES = {
    "scheduled": "未开始",
    "restricted": "限制中",
    "lapsed": "待另一家单位同意",
    "expired": "已到期",
    "lifted": "已解除",
}


class _Days(Func):
    """Both days included."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, first, last, **extra):
        super().__init__(first, last, Value("[]"), **extra)


class Restriction(Lifecycle):
    """One entry. `project` is None when it counts on every site of the issuing company.

    `issuer_key` repeats the key of the company or station, so that constraints can compare issuers.
    """

    class Status(models.TextChoices):
        STANDING = "standing", "生效"
        APPEALED = "appealed", "申诉待答复"
        LIFTED = "lifted", "已解除"

    NEXT = {
        Status.STANDING: {Status.APPEALED, Status.LIFTED},
        Status.APPEALED: {Status.STANDING, Status.LIFTED},
        Status.LIFTED: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "person", "company", "station", "issuer_key", "project", "from_date"),
        *("until", "alone_until", "status", "issued_by", "lifted_at"),
    )
    PRIVATE = ("category",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="restrictions")
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作出限制的企业"
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作出限制的监督站"
    )
    issuer_key = models.UUIDField()
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="项目")
    category = models.CharField("类别", max_length=20)
    from_date = models.DateField("自")
    until = models.DateField("至")
    alone_until = models.DateField("本单位单独限制到")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.STANDING)
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="经办人")
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        verbose_name = "限制进场"
        indexes = [
            models.Index(fields=["person", "until"], name="restrictions_of_person"),
            models.Index(fields=["company", "-from_date"], name="restrictions_of_company"),
            models.Index(fields=["project", "-from_date"], name="restrictions_of_site"),
        ]
        constraints = [
            models.CheckConstraint(
                name="restriction_has_one_issuer",
                condition=Q(company=F("issuer_key"), station=None)
                | Q(company=None, station=F("issuer_key"), project__isnull=False),
                violation_error_message="由一家企业或一个监督站作出；监督站须选项目",
            ),
            models.CheckConstraint(
                name="restriction_ends_within_a_year",
                condition=Q(until__gte=F("from_date"), until__lt=F("from_date") + timedelta(days=LONGEST)),
                violation_error_message=f"结束日期不早于开始日期，最长 {LONGEST} 天",
            ),
            models.CheckConstraint(
                name="issuer_restricts_alone_for_thirty_days",
                condition=Q(alone_until__lt=F("from_date") + timedelta(days=ALONE)),
            ),
            models.CheckConstraint(
                name="lifted_restriction_says_when",
                condition=Q(status="lifted", lifted_at__isnull=False) | ~Q(status="lifted") & Q(lifted_at=None),
            ),
            # Referenced by the opinions: the database compares the second company with the issuer.
            models.UniqueConstraint(name="restriction_with_its_issuer", fields=["id", "issuer_key"]),
            ExclusionConstraint(
                name="restrictions_of_an_issuer_do_not_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("issuer_key", RangeOperators.EQUAL),
                    (Coalesce("project", "issuer_key"), RangeOperators.EQUAL),
                    (_Days("from_date", "until"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status="lifted"),
                violation_error_message="本单位对该人员在这些日期已有限制，请先解除原来的",
            ),
        ]

    def __str__(self):
        return f"{self.person}的限制进场"

    @property
    def issuer(self) -> Company | Station:
        return self.company or self.station

    @property
    def scope(self) -> str:
        return self.project.name if self.project else f"{self.company.name}的所有项目"

    @property
    def category_label(self) -> str:
        return dictionaries.label("restriction_category", self.category)

    @property
    def needs_second(self) -> bool:
        """Whether days remain that only count with the agreement of another company."""
        return self.until > self.alone_until

    @property
    def alone_to(self) -> date | None:
        """The last day that counts without a second company; None when already the first day needs one."""
        last = min(self.alone_until, self.until)
        return last if last >= self.from_date else None

    @property
    def counts_until(self) -> date | None:
        """The last day that counts as things stand; None when no day does yet."""
        return self.until if not self.needs_second or self.has_agreement else self.alone_to

    @property
    def over(self) -> bool:
        return self.status == self.Status.LIFTED or self.until < timezone.localdate()

    @property
    def state(self) -> str:
        """A key of STATES, of today. On a site whose second company agreed, `lapsed` reads as restricted."""
        today = timezone.localdate()
        if self.status == self.Status.LIFTED:
            return "lifted"
        if self.until < today:
            return "expired"
        if self.from_date > today:
            return "scheduled"
        return "restricted" if today <= self.alone_until or self.has_agreement else "lapsed"

    def get_state_display(self) -> str:
        return STATES[self.state]

    @property
    def has_agreement(self) -> bool:
        """Loaded with the list (queries.py), else asked here."""
        if "agreements" not in self.__dict__:
            self.agreements = self.opinions.filter(status=Opinion.Status.AGREED).exists()
        return bool(self.agreements)

    @property
    def participation_id(self):
        """The issuer's place on the site: the inbox of the site shows an appeal to no other company."""
        places = Participation.objects.filter(project=self.project_id, company=self.company_id)
        return places.order_by("left_on").values_list("pk", flat=True).last() if self.project_id else None


class Opinion(Lifecycle):
    """The opinion of another company on one site about the days beyond the first thirty."""

    class Status(models.TextChoices):
        ASKED = "opinion_asked", "待答复"
        AGREED = "opinion_agreed", "已同意"
        DECLINED = "opinion_declined", "不同意"

    NEXT = {Status.ASKED: {Status.AGREED, Status.DECLINED}, Status.AGREED: set(), Status.DECLINED: set()}
    PLAIN = (
        *("id", "created_at", "version", "restriction", "issuer_key", "project", "place", "firm", "status"),
        *("asked_by", "answered_by", "answered_at"),
    )
    PRIVATE = ()

    restriction = models.ForeignKey(Restriction, models.CASCADE, related_name="opinions")
    issuer_key = models.UUIDField()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    place = models.ForeignKey(Participation, models.PROTECT, related_name="+", verbose_name="参建单位")
    firm = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="企业")
    status = models.CharField("意见", max_length=16, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提请人")
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "第二家单位的意见"
        indexes = [models.Index(fields=["place"], name="opinions_asked_of_place")]
        constraints = [
            models.CheckConstraint(
                name="second_company_is_another",
                condition=~Q(firm=F("issuer_key")),
                violation_error_message="须请另一家单位同意",
            ),
            models.CheckConstraint(
                name="second_officer_is_another",
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")),
                violation_error_message="提请的人不能自己同意",
            ),
            models.CheckConstraint(
                name="answered_opinion_says_who_and_when",
                condition=Q(status="opinion_asked", answered_by=None, answered_at=None)
                | ~Q(status="opinion_asked") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_second_company_per_site",
                fields=["restriction", "project"],
                condition=~Q(status="opinion_declined"),
                violation_error_message="本项目已提请一家单位，等它答复",
            ),
        ]

    def __str__(self):
        return f"{self.firm}的意见"

    @property
    def person_id(self):
        return self.restriction.person_id

    @property
    def participation_id(self):
        """The place whose inbox reads the next notice: the company asked, and after its answer the issuer."""
        return self.place_id if self.status == self.Status.ASKED else self.restriction.participation_id


class Line(Record):
    """What one side wrote at one step; lines are only added."""

    class Step(models.TextChoices):
        ISSUED = "issued", "作出限制"
        ASKED = "asked", "提请另一家单位"
        AGREED = "agreed", "另一家单位同意"
        DECLINED = "declined", "另一家单位不同意"
        APPEALED = "appealed", "本人申诉"
        UPHELD = "upheld", "维持限制"
        LIFTED = "lifted", "解除限制"

    PLAIN = ("id", "created_at", "restriction", "step", "by_user")
    PRIVATE = ("by", "text")

    restriction = models.ForeignKey(Restriction, models.CASCADE, related_name="lines")
    step = models.CharField("步骤", max_length=10, choices=Step)
    by_user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by = models.CharField("经办人", max_length=100)
    text = models.CharField("内容", max_length=1000)

    class Meta:
        verbose_name = "限制进场往来"

    @property
    def from_person(self) -> bool:
        return self.step == self.Step.APPEALED


class Paper(Record):
    """Evidence of the issuer, or what the person hands in with an appeal: a PDF or a picture."""

    PLAIN = ("id", "created_at", "line", "file")
    PRIVATE = ("name",)

    line = models.ForeignKey(Line, models.CASCADE, related_name="papers")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=110)

    class Meta:
        verbose_name = "限制进场材料"
