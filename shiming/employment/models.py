import json
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.environment import environment
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.core.privacy import Secret, SecretField, blind_index
from shiming.core.refusals import REFUSALS
from shiming.idcard.number import IdNumber, parse
from shiming.people.models import EMPLOYED_STATES, Person
from shiming.projects.models import Participation, Team
from shiming.projects.policies import EmploymentMode


class Employment(Lifecycle):
    """The employment of a person by a company.

    It starts when both agree (or by direct registration or entry, see `mode`). History is append-only: a second job
    is a second row.
    """

    class Status(models.TextChoices):
        AWAITING_IDENTITY = "awaiting_identity", "待建档"
        INVITED = "invited", "聘用待确认"
        ACTIVE = "active", "在职"
        LEAVE_REQUESTED = "leave_requested", "离职申请中"
        DISMISSAL_PENDING = "dismissal_pending", "解聘待确认"
        ENDED = "ended", "离职"
        WITHDRAWN = "withdrawn", "已撤回"
        DECLINED = "declined", "已拒绝"
        EXPIRED = "expired", "已过期"

    class Kind(models.TextChoices):
        WORKER = "worker", "建筑工人"
        MANAGER = "manager", "管理员"

    NEXT = {
        Status.AWAITING_IDENTITY: {Status.INVITED, Status.WITHDRAWN, Status.EXPIRED},
        Status.INVITED: {Status.ACTIVE, Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED},
        Status.ACTIVE: {Status.LEAVE_REQUESTED, Status.DISMISSAL_PENDING, Status.ENDED},
        Status.LEAVE_REQUESTED: {Status.ENDED, Status.ACTIVE},
        Status.DISMISSAL_PENDING: {Status.ENDED, Status.ACTIVE},
        Status.ENDED: set(),
        Status.WITHDRAWN: set(),
        Status.DECLINED: set(),
        Status.EXPIRED: set(),
    }
    EMPLOYED = tuple(map(Status, EMPLOYED_STATES))
    OPEN = (Status.AWAITING_IDENTITY, Status.INVITED, *EMPLOYED)

    PLAIN = (
        *("id", "created_at", "version", "person", "company", "status", "mode", "kind", "profile_completed", "trade"),
        *("certificate_type", "is_leader", "team", "is_safety_assistant", "contract_start", "contract_end"),
        *("is_temporary", "duty", "title", "invited_at", "invited_by", "expires_on", "started_at", "ended_at"),
        *("leave_requested_at", "leave_overdue", "dismissal_at", "objected_at"),
    )
    PRIVATE = ("day_rate", "bank", "social_insurance", "end_reason", "leave_reason", "answer_note", "objection")

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    company = models.ForeignKey(Company, models.PROTECT, related_name="employments")
    status = models.CharField("状态", max_length=18, choices=Status)
    mode = models.CharField("聘用方式", max_length=8, choices=[(m.value, m.value) for m in EmploymentMode])
    kind = models.CharField("身份", max_length=8, choices=Kind, blank=True)
    profile_completed = models.BooleanField("信息已完善", default=False)

    trade = models.CharField("从事主要工种", max_length=20, blank=True)
    certificate_type = models.CharField("证书类型", max_length=20, blank=True)
    is_leader = models.BooleanField("是否班组长", default=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    is_safety_assistant = models.BooleanField("是否安全协管员", default=False)
    contract_start = models.DateField("劳动合同生效日期", null=True, blank=True)
    contract_end = models.DateField("劳动合同失效日期", null=True, blank=True)
    is_temporary = models.BooleanField("是否临时工", default=False)
    day_rate = models.DecimalField("点工日工资(元/日)", max_digits=8, decimal_places=2, null=True, blank=True)
    # The company's own note; only the worker changes the phone of the login.
    contact_phone = SecretField("联系手机号", null=True)
    bank = models.CharField("工资卡开户行", max_length=60, blank=True)
    bank_card = SecretField("工资卡号", null=True)
    duty = models.CharField("职务", max_length=30, blank=True)
    title = models.CharField("职称", max_length=30, blank=True)
    social_insurance = models.CharField("社保情况", max_length=30, blank=True)

    invited_at = models.DateTimeField("邀请日期", null=True, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    expires_on = models.DateField("邀请有效期至", null=True, blank=True)
    started_at = models.DateTimeField("在职起", null=True, blank=True)
    ended_at = models.DateTimeField("离职时间", null=True, blank=True)
    leave_requested_at = models.DateTimeField("离职申请时间", null=True, blank=True)
    leave_reason = models.CharField("离职原因", max_length=200, blank=True)
    leave_overdue = models.BooleanField("离职申请逾期未答", default=False)
    dismissal_at = models.DateTimeField("解聘提出时间", null=True, blank=True)
    end_reason = models.CharField("解聘原因", max_length=200, blank=True)
    # Direct registration and release (E6, E14): the worker is notified and may object.
    objected_at = models.DateTimeField("本人提出异议时间", null=True, blank=True)
    objection = models.CharField("本人异议", max_length=200, blank=True)
    answer_note = models.CharField("答复说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "聘用关系"
        indexes = [
            models.Index(fields=["company", "status", "-created_at"], name="employment_list"),
            models.Index(fields=["company", "-created_at", "id"], name="employment_newest"),
            models.Index(
                fields=["company"],
                name="profile_missing",
                condition=Q(status__in=list(EMPLOYED_STATES), profile_completed=False),
            ),
            models.Index(fields=["expires_on"], name="invitation_open", condition=Q(status="invited")),
            models.Index(
                fields=["-objected_at", "-id"], name="employment_objections", condition=Q(objected_at__isnull=False)
            ),
            models.Index(fields=["leave_requested_at"], name="leave_open", condition=Q(status="leave_requested")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_employer_at_a_time",
                fields=["person"],
                condition=Q(status__in=list(EMPLOYED_STATES)) & ~Q(mode="implicit"),
                violation_error_message=REFUSALS["R-05"].sentence,
            ),
            models.UniqueConstraint(
                name="one_open_employment_per_person_and_company",
                fields=["person", "company"],
                condition=~Q(status__in=["ended", "withdrawn", "declined", "expired"]),
                violation_error_message=REFUSALS["R-08"].sentence,
            ),
            models.CheckConstraint(
                name="a_contract_ends_after_it_starts",
                condition=Q(contract_end=None) | Q(contract_start=None) | Q(contract_end__gte=F("contract_start")),
                violation_error_message=REFUSALS["R-11"].sentence,
            ),
            models.CheckConstraint(
                name="who_works_has_a_start",
                condition=~Q(status__in=[*EMPLOYED_STATES, "ended"]) | Q(started_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.person}（{self.company}）"

    @property
    def employed(self) -> bool:
        return self.status in self.EMPLOYED

    @property
    def past_term(self) -> bool:
        """Whether the last day of the invitation is over."""
        late = self.expires_on is not None and self.expires_on < timezone.localdate()
        return late and self.status == self.Status.INVITED

    @property
    def standing(self) -> str:
        """The status as the list of managers [004] prints it: who left is 已迁出 (domain.md §11.10)."""
        return self.status

    def get_standing_display(self) -> str:
        return "已迁出" if self.status == self.Status.ENDED else self.get_status_display()

    @property
    def leave_due_on(self) -> date | None:
        """The last day to answer the request to leave; after it the authority sees the request."""
        if self.leave_requested_at is None:
            return None
        return timezone.localdate(self.leave_requested_at) + timedelta(days=environment().leave_days)


class Transfer(Lifecycle):
    """A request of a new company that a person transfers to it.

    The new company does not see the present one; once that employment has ended, the invitation is sent.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "等待本人同意"
        LEAVING = "leaving", "等待原单位同意离职"
        COMPLETED = "completed", "已转出"
        DECLINED = "declined", "本人不同意"
        STOPPED = "stopped", "已终止"

    NEXT = {
        Status.ASKED: {Status.LEAVING, Status.DECLINED, Status.STOPPED, Status.COMPLETED},
        Status.LEAVING: {Status.COMPLETED, Status.STOPPED},
        Status.COMPLETED: set(),
        Status.DECLINED: set(),
        Status.STOPPED: set(),
    }
    OPEN = (Status.ASKED, Status.LEAVING)
    PLAIN = ("id", "created_at", "version", "person", "company", "status", "requested_by", "due_on", "overdue")
    PRIVATE = ("note",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="新单位")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ASKED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField("离职答复期限", null=True, blank=True)
    overdue = models.BooleanField("逾期，已告知监督机构", default=False)
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "转出"
        constraints = [
            models.UniqueConstraint(
                name="one_open_transfer_per_person_and_company",
                fields=["person", "company"],
                condition=Q(status__in=["asked", "leaving"]),
                violation_error_message="已发起转出，等待答复",
            )
        ]

    def __str__(self):
        return f"{self.person} → {self.company}"


class ManagerDraft(Record):
    """A registration of [004] as typed so far: saved while it is typed, deleted when submitted, discarded or left alone
    for seven days. One for each company, ID number and place."""

    PLAIN = ("id", "created_at", "company", "user", "id_digest", "place", "updated_at")
    PRIVATE = ("front", "back", "portrait")
    KEPT = timedelta(days=7)

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    # The user who fills it in; no other user sees the phone and address typed here.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    id_digest = models.CharField(max_length=26)
    # The place a worker is registered for; empty for a manager.
    place = models.ForeignKey(Participation, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField("保存时间", auto_now=True)
    front = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    back = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    portrait = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = SecretField("已填内容", null=True)

    class Meta:
        verbose_name = "登记草稿"
        indexes = [models.Index(fields=["updated_at"], name="manager_draft_age")]
        constraints = [
            models.UniqueConstraint(
                name="one_draft_per_person_company_and_place",
                fields=["company", "id_digest", "place"],
                nulls_distinct=False,
            )
        ]

    @property
    def values(self) -> dict:
        """`number`, `typed` (the raw values of the form by name), and the notes on the photos."""
        return json.loads(self.sealed.plain) if self.sealed else {}

    @values.setter
    def values(self, values: dict) -> None:
        self.sealed = json.dumps(values, ensure_ascii=False)

    @property
    def typed(self) -> dict[str, list[str]]:
        return self.values.get("typed", {})

    @property
    def mark(self) -> str:
        """Changes with what was typed: a window that shows an older state must not overwrite it."""
        return blind_index("draft", json.dumps(self.typed, sort_keys=True))[:16] if self.typed else ""

    @property
    def number(self) -> Secret:
        return Secret(self.values["number"])

    @property
    def identity(self) -> IdNumber:
        """What the number says of the person."""
        return parse(self.values["number"])

    @property
    def name(self) -> str:
        return next(iter(self.typed.get("name", [])), "")
