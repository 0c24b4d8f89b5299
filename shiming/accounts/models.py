"""Users, factors, one-time links, login codes, failed attempts and API keys."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from shiming.companies.models import Company
from shiming.core.actor import RIGHT_LABELS, ROLE_LABELS
from shiming.core.ids import uuid7
from shiming.core.lifecycle import Record
from shiming.core.privacy import SecretField
from shiming.people.models import Person
from shiming.projects.models import Participation


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """A login account.

    A worker's account belongs to a Person and has no password; accounts of companies, stations and administrators have
    user name and password.
    """

    PLAIN = (
        "id",
        "created_at",
        "last_login",
        "password",
        "username",
        "person",
        "is_admin",
        "is_active",
        "session_version",
        "password_set_at",
    )
    PRIVATE = ("name",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=50)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    is_admin = models.BooleanField("系统管理员", default=False)
    is_active = models.BooleanField("启用", default=True)
    # Incremented by a new password, by disabling and by the loss of a role: older sessions end with their next request.
    session_version = models.PositiveIntegerField("会话版次", default=0)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self):
        return self.name

    @property
    def has_password(self) -> bool:
        return bool(self.password) and self.has_usable_password()

    def get_session_auth_hash(self):
        """The hash each session must match; a new password or a lost post changes it."""
        return salted_hmac("shiming.session", f"{self.password}:{self.session_version}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self):
        return ()


class WornHat(Record):
    """The row (post, contract or grant) that gave a user a hat; when it ends, every session that used the hat ends."""

    PLAIN = ("id", "created_at", "user", "source")
    PRIVATE = ()

    user = models.ForeignKey(User, models.CASCADE, related_name="worn_hats")
    source = models.UUIDField("凭据", db_index=True)

    class Meta:
        verbose_name = "用过的身份"
        constraints = [models.UniqueConstraint(fields=["user", "source"], name="each_hat_is_noted_once")]


class Totp(Record):
    """A time-based one-time password from an authenticator app. It counts once confirmed; each code works once."""

    PLAIN = ("id", "created_at", "user", "last_step")
    PRIVATE = ()

    user = models.OneToOneField(User, models.CASCADE, related_name="totp")
    secret = SecretField("密钥")
    last_step = models.PositiveBigIntegerField("最近一次的时间步", default=0)

    class Meta:
        verbose_name = "动态口令"


class Passkey(Record):
    """A passkey on a phone, computer or security key; only its public key is stored."""

    PLAIN = ("id", "created_at", "user", "credential_id", "public_key", "sign_count", "name", "last_used_at")
    PRIVATE = ()

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField("凭据", unique=True)
    public_key = models.BinaryField("公钥")
    sign_count = models.PositiveBigIntegerField("签名次数", default=0)
    name = models.CharField("名称", max_length=40)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "通行密钥"


class RecoveryCode(Record):
    """A code that replaces a lost second factor once. Only its keyed digest is stored."""

    PLAIN = ("id", "created_at", "user", "digest", "used_at")
    PRIVATE = ()

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=26)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "恢复码"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_codes_differ")]


class InviteLink(Record):
    """A link that opens an account or resets its password, once, within 24 hours."""

    PLAIN = ("id", "created_at", "user", "digest", "expires_at", "used_at")
    PRIVATE = ()

    user = models.ForeignKey(User, models.CASCADE, related_name="invite_links")
    digest = models.CharField(max_length=26, unique=True)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "一次性链接"


class LoginCode(Record):
    """A code sent to a phone; a new code invalidates the previous one.

    动态密码 of 工地端 is valid for a day, 验证码 of 个人端 for five minutes.
    """

    class Purpose(models.TextChoices):
        SITE = "site", "工地端动态密码"
        PERSON = "person", "个人端验证码"
        AGAIN = "again", "再次确认身份"

    PLAIN = ("id", "created_at", "purpose", "target", "browser", "digest", "expires_at", "tries_left", "spent_at")
    PRIVATE = ()

    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    target = models.CharField("发给谁", max_length=26)
    browser = models.CharField("浏览器", max_length=26, blank=True)
    digest = models.CharField(max_length=26)
    expires_at = models.DateTimeField("有效期至")
    tries_left = models.PositiveSmallIntegerField("剩余次数", default=5)
    spent_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "登录码"
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "target"], condition=Q(spent_at=None), name="one_live_code_per_target"
            )
        ]


class Attempt(models.Model):
    """A login that has not succeeded yet.

    It is saved before the password is checked, so that parallel attempts are counted; a successful login deletes it.
    """

    PLAIN = ("id", "at", "account", "address")
    PRIVATE = ()

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间")
    account = models.CharField("账号摘要", max_length=26)
    address = models.CharField("地址摘要", max_length=26)

    class Meta:
        verbose_name = "登录尝试"
        indexes = [
            models.Index(fields=["account", "-at"], name="attempts_of_account"),
            models.Index(fields=["address", "-at"], name="attempts_of_address"),
        ]


class ApiKey(Record):
    """An API key for one company or site, with the role of the user that created it; its plain text is shown once."""

    PLAIN = (
        *("id", "created_at", "name", "prefix", "digest", "user", "role", "company", "participation", "rights"),
        *("expires_on", "revoked_at", "last_used_at"),
    )
    PRIVATE = ()

    name = models.CharField("名称", max_length=40)
    prefix = models.CharField("开头", max_length=12)
    digest = models.CharField(max_length=26, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys", verbose_name="建立人")
    role = models.CharField("身份", max_length=20, choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    company = models.ForeignKey(Company, models.PROTECT, related_name="api_keys")
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, blank=True, related_name="api_keys", verbose_name="工地"
    )
    rights = ArrayField(models.CharField(max_length=12, choices=RIGHT_LABELS.items()), default=list, blank=True)
    expires_on = models.DateField("有效期至")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "接口密钥"

    def __str__(self):
        return self.name
