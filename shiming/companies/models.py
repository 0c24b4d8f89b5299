"""Tables of companies and their staff accounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.privacy import SecretField


class Company(Lifecycle):
    """A company; its part on a site is given by its Participation."""

    class Kind(models.TextChoices):
        GENERAL = "general", "施工总包"
        SPECIALIST = "specialist", "专业分包"
        LABOUR = "labour", "劳务分包"
        SUPERVISION = "supervision", "监理"
        IMPLEMENTING = "implementing", "实施单位"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        ACTIVE = "active", "正常"
        CLOSED = "closed", "停用"

    NEXT = {Status.ACTIVE: {Status.CLOSED}, Status.CLOSED: {Status.ACTIVE}}
    PLAIN = (
        *("id", "created_at", "version", "name", "credit_code", "kind", "status", "certificate_id"),
        *("certificate_serial", "certificate_until", "certificate_name"),
    )
    PRIVATE = ("certificate_holder", "address", "contact", "phone")

    name = models.CharField("企业名称", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    kind = models.CharField("企业类型", max_length=12, choices=Kind)
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.ACTIVE)
    address = models.CharField("注册地址", max_length=200, blank=True)
    contact = models.CharField("联系人", max_length=50, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    certificate_id = models.CharField("唯一标识码", max_length=60, blank=True)
    certificate_serial = models.CharField("证书序列号", max_length=60, blank=True)
    certificate_until = models.DateField("证书有效期至", null=True, blank=True)
    certificate_name = models.CharField("证书名称", max_length=100, blank=True)
    certificate_holder = models.CharField("证书持有人", max_length=50, blank=True)
    certificate_phone = SecretField("证书持有人手机", null=True, blank=True)

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"

    def __str__(self):
        return self.name


class Staff(Record):
    """The role in which a user acts for the company, and from when to when."""

    PLAIN = ("id", "created_at", "user", "company", "role", "since", "until")
    PRIVATE = ()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    company = models.ForeignKey(Company, models.PROTECT, related_name="staff")
    role = models.CharField(
        "身份",
        max_length=20,
        choices=[(r.value, r.label) for r in (*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK)],
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "企业账号"
        constraints = [
            models.UniqueConstraint(
                name="one_open_post_per_role",
                fields=["user", "company", "role"],
                condition=Q(until=None),
                violation_error_message="该账号已是本企业的此身份。",
            ),
        ]

    def __str__(self):
        return f"{self.company} {self.get_role_display()}"
