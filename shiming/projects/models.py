"""Tables of projects, policies, participations, contracts, teams and grants."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.actor import RIGHT_LABELS
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.privacy import SecretField
from shiming.people.models import Person
from shiming.projects import policies

EXPIRING_DAYS = 7


class Station(Record):
    """A station of the authority: its inspectors see the projects assigned to it."""

    PLAIN = ("id", "created_at", "name", "region")
    PRIVATE = ()

    name = models.CharField("监督站", max_length=60, unique=True)
    region = models.CharField("行政区划", max_length=6)

    class Meta:
        verbose_name = "监督站"

    def __str__(self):
        return self.name


class RegulatorPost(Record):
    """The post of an inspector at a station."""

    PLAIN = ("id", "created_at", "user", "station", "until")
    PRIVATE = ()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="regulator_posts")
    station = models.ForeignKey(Station, models.PROTECT, related_name="posts")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "监督任职"


class Project(Lifecycle):
    """A project, which is one site."""

    class Status(models.TextChoices):
        OPEN = "open", "在建"
        SUSPENDED = "suspended", "停工"
        FINISHED = "finished", "竣工"

    NEXT = {
        Status.OPEN: {Status.SUSPENDED, Status.FINISHED},
        Status.SUSPENDED: {Status.OPEN, Status.FINISHED},
        Status.FINISHED: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "filing_code", "name", "status", "station", "address", "region", "started_on"),
        *("finished_on", "site_code_version", "investment", "area"),
    )
    PRIVATE = ()

    filing_code = models.CharField("报建编号", max_length=30, unique=True)
    name = models.CharField("项目名称", max_length=100)
    status = models.CharField("项目状态", max_length=10, choices=Status, default=Status.OPEN)
    station = models.ForeignKey(Station, models.PROTECT, related_name="projects", verbose_name="监督站")
    address = models.CharField("地址", max_length=200, blank=True)
    region = models.CharField("行政区划", max_length=6, blank=True)
    started_on = models.DateField("开工日期", null=True, blank=True)
    finished_on = models.DateField("竣工日期", null=True, blank=True)
    investment = models.DecimalField("项目投资(万元)", max_digits=12, decimal_places=2, null=True, blank=True)
    area = models.DecimalField("面积(平方米)", max_digits=12, decimal_places=2, null=True, blank=True)
    site_code_version = models.PositiveSmallIntegerField("工地码版次", default=1)

    class Meta:
        verbose_name = "项目"

    def __str__(self):
        return self.name

    @property
    def look(self) -> str:
        """The state for the pill: 在建 has its own key, because `open` means an unanswered question elsewhere."""
        return "building" if self.status == self.Status.OPEN else self.status


class ProjectPolicy(Record):
    """The policy of a project from a day on. A change adds a row and edits none."""

    PLAIN = ("id", "created_at", "project", "base", "portrait_for", "from_date")
    PRIVATE = ()

    project = models.ForeignKey(Project, models.CASCADE, related_name="policies")
    base = models.CharField("用工流程", max_length=12, choices=policies.CHOICES, default=policies.DEFAULT.code)
    # The purpose of one portrait kept at enrolment; empty keeps none (the person agrees to it apart, in faces).
    portrait_for = models.CharField("留存登记照片，用于", max_length=60, blank=True)
    from_date = models.DateField("自")

    class Meta:
        verbose_name = "项目用工流程"
        constraints = [models.UniqueConstraint(fields=["project", "from_date"], name="one_policy_per_day")]

    @property
    def rules(self) -> policies.Policy:
        return policies.POLICIES[self.base]

    @property
    def label(self) -> str:
        portrait = [f"留存登记照片（{self.portrait_for}）"] if self.portrait_for else []
        return "，".join([self.rules.label, *portrait])


class Participation(Record):
    """The place of a company on a project. General, specialist and labour contractors form a chain.

    Supervision and implementer stand beside it.
    """

    PLAIN = ("id", "created_at", "project", "company", "kind", "parent", "left_on")
    PRIVATE = ()

    project = models.ForeignKey(Project, models.PROTECT, related_name="participations")
    company = models.ForeignKey(Company, models.PROTECT, related_name="participations")
    kind = models.CharField("参建类型", max_length=12, choices=Company.Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    left_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = "参建关系"
        constraints = [
            models.UniqueConstraint(
                name="one_place_per_company_and_project",
                fields=["project", "company"],
                condition=Q(left_on=None),
                violation_error_message="该企业已参建本项目。",
            ),
            models.UniqueConstraint(
                name="one_general_contractor_per_project",
                fields=["project"],
                condition=Q(left_on=None, kind="general"),
                violation_error_message="本项目已有施工总包。",
            ),
        ]

    def __str__(self):
        return f"{self.company}（{self.get_kind_display()}）"


class ContractFiling(Lifecycle):
    """A filed contract: its number names the site, and it names the project manager."""

    class Status(models.TextChoices):
        DRAFT = "draft", "未完成报送"
        FILED = "filed", "合同已报送"
        CLOSED = "closed", "合同已终止"

    NEXT = {Status.DRAFT: {Status.FILED}, Status.FILED: {Status.CLOSED}, Status.CLOSED: set()}
    PLAIN = (
        *("id", "created_at", "version", "participation", "number", "section_no", "name", "category", "status"),
        *("filed_on", "pm", "pm_phone_digest", "award_price"),
    )
    PRIVATE = ()

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="filings")
    number = models.CharField("合同信息报送编号", max_length=40, unique=True)
    section_no = models.CharField("标段号", max_length=20, blank=True)
    name = models.CharField("合同标段名称", max_length=120)
    category = models.CharField("合同类别", max_length=30, blank=True)
    status = models.CharField("合同状态", max_length=8, choices=Status, default=Status.DRAFT)
    filed_on = models.DateField("报送日期", null=True, blank=True)
    pm = models.ForeignKey(Person, models.PROTECT, related_name="filings", verbose_name="项目负责人")
    pm_phone = SecretField("项目负责人手机号")
    pm_phone_digest = models.CharField(max_length=26)
    award_price = models.DecimalField("中标价(万元)", max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "合同"

    def __str__(self):
        return self.name


class FiledPerson(Record):
    """A manager named in a filed contract (domain.md §11.2). The list of managers consists of these rows."""

    PLAIN = ("id", "created_at", "filing", "id_digest", "position", "since", "until", "withdrawn_at")
    PRIVATE = ("name",)

    filing = models.ForeignKey(ContractFiling, models.PROTECT, related_name="filed_people", verbose_name="合同")
    id_number = SecretField("身份证号")
    id_digest = models.CharField(max_length=26, db_index=True)
    name = models.CharField("姓名", max_length=50)
    position = models.CharField("岗位", max_length=20)
    phone = SecretField("手机号", null=True)
    since = models.DateField("自", null=True, blank=True)
    until = models.DateField("至", null=True, blank=True)
    withdrawn_at = models.DateTimeField("不再报送时间", null=True, blank=True)

    class Meta:
        verbose_name = "报送人员"
        constraints = [
            models.UniqueConstraint(
                name="one_filing_per_person_and_contract",
                fields=["filing", "id_digest"],
                condition=Q(withdrawn_at=None),
                violation_error_message="该人员已在本合同报送。",
            )
        ]

    def __str__(self):
        return self.name


class Team(Record):
    """A team of a company. Its leader need not work on site."""

    PLAIN = ("id", "created_at", "company", "leader", "trade", "off_site_leader", "closed_on")
    PRIVATE = ("name",)

    company = models.ForeignKey(Company, models.PROTECT, related_name="teams")
    name = models.CharField("班组名称", max_length=60)
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="led_teams")
    trade = models.CharField("工种", max_length=20, blank=True)
    off_site_leader = models.BooleanField("班组长为非现场作业人员", default=False)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "班组"
        constraints = [
            models.UniqueConstraint(
                name="team_names_differ_in_a_company",
                fields=["company", "name"],
                condition=Q(closed_on=None),
                violation_error_message="本企业已有同名的班组。",
            )
        ]

    def __str__(self):
        return self.name


class Grant(Record):
    """Rights of site operation that a project manager gives a person; they expire on `ends_on`."""

    PLAIN = (
        *("id", "created_at", "participation", "person", "rights", "starts_on", "ends_on", "revoked_at"),
        *("last_used_at", "given_by", "phone_digest"),
    )
    PRIVATE = ()

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="grants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="grants", verbose_name="现场操作用户")
    # For the login of the site. Not the person's own phone, or the grantor could open the person's own pages.
    phone = SecretField("手机号", null=True)
    phone_digest = models.CharField(max_length=26, blank=True)
    rights = ArrayField(models.CharField(max_length=12, choices=RIGHT_LABELS.items()), verbose_name="权限")
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("到期日期")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class State(models.TextChoices):
        """Computed from the dates, not stored."""

        ACTIVE = "active", "有效"
        EXPIRING = "expiring", "即将到期"
        EXPIRED = "expired", "已到期"
        REVOKED = "revoked", "已收回"

    class Meta:
        verbose_name = "现场操作授权"
        constraints = [
            models.CheckConstraint(name="a_grant_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.UniqueConstraint(
                name="one_open_grant_per_operator_and_site",
                fields=["participation", "person"],
                condition=Q(revoked_at=None),
                violation_error_message="该人员在本项目已有授权，可延长或收回。",
            ),
        ]

    def __str__(self):
        return f"{self.person}（{self.participation}）"

    @property
    def days_left(self) -> int:
        return (self.ends_on - timezone.localdate()).days

    @property
    def state(self) -> "Grant.State":
        if self.revoked_at:
            return self.State.REVOKED
        if self.days_left < 0:
            return self.State.EXPIRED
        return self.State.EXPIRING if self.days_left <= EXPIRING_DAYS else self.State.ACTIVE
