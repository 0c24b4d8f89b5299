"""Tables of persons, registration drafts and identity batches."""

import json
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from shiming.core.errors import missing
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.core.privacy import SecretField, blind_index
from shiming.dictionaries import queries as dictionaries
from shiming.idcard import names
from shiming.idcard.documents import CHOICES, Document
from shiming.idcard.number import IdNumber, age_on

# The states of an employment in which the worker is employed: a request to leave and an unanswered dismissal do not end
# it. Defined here for modules before `employment` in the import order; the others use `Employment.EMPLOYED`.
EMPLOYED_STATES = ("active", "leave_requested", "dismissal_pending")


def search_token(kind: str, text: str) -> str:
    """The keyed token of a part of an ID number, as in `Person.search_tokens`."""
    return "#" + blind_index(f"search_{kind}", text)[:16]


def tokens_of(name: str, number: str, phone: str = "") -> list[str]:
    """The search tokens of a person."""
    found = [*names.name_tokens(name), *names.id_tokens(number, search_token)]
    return found + (names.phone_tokens(phone, search_token) if phone else [])


class Person(Lifecycle):
    """A human being: one row per ID number, for life.

    Found by `Person.by_id_number()`; names and parts of numbers are searched through `search_tokens`.
    """

    class Status(models.TextChoices):
        UNVERIFIED = "unverified", "未实名"
        PENDING = "pending", "待核验"
        VERIFIED = "verified", "已实名"
        FAILED = "failed", "核验失败"

    class Source(models.TextChoices):
        PHOTOS = "photos", "本人上传证件照"
        READER = "reader", "身份证读卡"
        TYPED = "typed", "单位录入"
        SELF_FORM = "self_form", "项目二维码自助登记"
        IRREGULAR = "irregular", "非正常登记"
        IMPORTED = "imported", "导入"
        FACE = "face", "现场人脸登记"
        HAND = "hand", "人工核验"
        PREREGISTERED = "preregister", "预登记"

    class Face(models.TextChoices):
        NONE = "none", "未认证"
        REGISTERED = "registered", "已认证"
        WITHDRAWN = "withdrawn", "已撤回"

    class Sex(models.TextChoices):
        MALE = "1", "男"
        FEMALE = "2", "女"

    STATUS_FIELD = "identity_status"
    NEXT = {
        Status.UNVERIFIED: {Status.VERIFIED, Status.PENDING},
        Status.PENDING: {Status.VERIFIED, Status.FAILED},
        Status.FAILED: {Status.PENDING, Status.VERIFIED},
        Status.VERIFIED: set(),
    }
    PLAIN = (
        *("id", "created_at", "version", "identity_status", "identity_source", "submitted_on", "verified_at"),
        *("id_digest", "phone_digest", "notice_version", "notice_agreed_at", "review_note"),
        *("face_registered_at", "hand_checked_at", "history_agreed_at"),
    )
    PRIVATE = (
        *(
            "document_kind",
            "name",
            "former_name",
            "name_initials",
            "search_tokens",
            "sex",
            "birth_date",
            "ethnicity",
            "issuer",
        ),
        *("valid_from", "valid_to", "native_place", "household_type", "household_place", "marital_status"),
        *("political_status", "education", "education_type", "degree", "failure"),
        *("portrait", "id_front", "id_back", "card_portrait", "face_status"),
    )

    document_kind = models.CharField("证件类型", max_length=10, choices=CHOICES, default=Document.RESIDENT)
    id_number = SecretField("身份证号")
    id_digest = models.CharField(max_length=26, unique=True)
    name = models.CharField("姓名", max_length=50)
    former_name = models.CharField("曾用名", max_length=50, blank=True)
    name_initials = models.CharField("拼音首字母", max_length=50, blank=True)
    search_tokens = ArrayField(models.CharField(max_length=40), default=list)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = models.DateField("出生日期")
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    register_address = SecretField("户籍地址", null=True)
    issuer = models.CharField("签发机关", max_length=60, blank=True)
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    household_type = models.CharField("户口类型", max_length=20, blank=True)
    household_place = models.CharField("户口所在地", max_length=60, blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    residence = SecretField("现居住地", null=True)
    residence_detail = SecretField("现居住地详细地址", null=True)
    marital_status = models.CharField("婚姻状况", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    education_type = models.CharField("学历类型", max_length=20, blank=True)
    degree = models.CharField("最高学位", max_length=20, blank=True)
    phone = SecretField("手机号", null=True)
    phone_digest = models.CharField(max_length=26, blank=True, db_index=True)

    identity_status = models.CharField("实名状态", max_length=12, choices=Status, default=Status.UNVERIFIED)
    identity_source = models.CharField("实名来源", max_length=12, choices=Source)
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)
    failure = models.CharField("失败原因", max_length=200, blank=True)
    review_note = models.CharField("待人工核验的原因", max_length=200, blank=True)
    notice_version = models.CharField("须知版本", max_length=20, blank=True)
    notice_agreed_at = models.DateTimeField("同意须知时间", null=True, blank=True)

    face_status = models.CharField("人脸认证", max_length=10, choices=Face, default=Face.NONE)
    face_registered_at = models.DateTimeField("人脸登记时间", null=True, blank=True)
    # Two users compared person and card, or the desk read the card: bindings can be submitted without a face.
    hand_checked_at = models.DateTimeField("人工核验时间", null=True, blank=True)

    # When the worker agreed that other companies see employers' names in the work history; empty: no consent.
    history_agreed_at = models.DateTimeField("同意显示工作单位时间", null=True, blank=True)

    portrait = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    card_portrait = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    id_front = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    id_back = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "人员"
        indexes = [
            # New rows go to a small pending list that is merged by token: an import of 10,000 people writes 60 % less
            # WAL, a search reads some dozens of pages more, in less than a millisecond.
            GinIndex(fields=["search_tokens"], name="person_search", fastupdate=True, gin_pending_list_limit=256),
            models.Index(fields=["submitted_on"], name="person_pending", condition=Q(identity_status="pending")),
            # Few people are unclear, but every page counts them for its menu.
            models.Index(
                fields=["id"], name="person_unclear", condition=Q(identity_status="pending") & ~Q(review_note="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="verified_says_when",
                condition=~Q(identity_status="verified") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registered_face_says_when",
                condition=~Q(face_status="registered") | Q(face_registered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def by_id_number(cls, number: str) -> "Person | None":
        """The person with this number (18 characters, normalised), found by fingerprint."""
        return cls.objects.filter(id_digest=blind_index("id_number", number)).first()

    def identify(self, number: IdNumber, name: str) -> None:
        """Set number and name with all derived fields: fingerprint, sex, birthday, search tokens."""
        self.id_number, self.id_digest = number.number, blind_index("id_number", number.number)
        self.name, self.name_initials = names.normalise(name), names.initials(name)
        self.document_kind = number.kind
        self._set_birthday(number)
        self._set_search_tokens()

    def _set_birthday(self, number: IdNumber) -> None:
        """R-10 for a number that tells neither birthday nor sex, when the person has none yet."""
        for name, label in (("birth_date", "出生日期"), ("sex", "性别")):
            value = getattr(number, name) or getattr(self, name)
            if not value:
                raise missing(label, name)
            setattr(self, name, value)

    def set_phone(self, phone: str) -> None:
        self.phone, self.phone_digest = phone, blind_index("phone", phone)
        self._set_search_tokens()

    def _set_search_tokens(self) -> None:
        """All tokens by which this person can be found, once the number is known."""
        if self.id_number:
            phone = self.phone.plain if self.phone else ""
            self.search_tokens = tokens_of(self.name, self.id_number.plain, phone)

    @property
    def verified(self) -> bool:
        return self.identity_status == self.Status.VERIFIED

    @property
    def stood_there(self) -> bool:
        """Whether a face, or a check by hand, proves that this person was there: what R-26 asks for [004]."""
        return self.face_status == self.Face.REGISTERED or self.hand_checked_at is not None

    @property
    def face_answer(self) -> str:
        """The answer under 是否人脸认证 in the lists of [004] (domain.md §11.5)."""
        if self.face_status == self.Face.REGISTERED:
            return "是"
        return "否（人工核验）" if self.hand_checked_at else "否"

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())

    def age_on(self, day: date) -> int:
        return age_on(self.birth_date, day)

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])


class RegistrationDraft(Record):
    """An unfinished 个人信息登记, found by its proved phone; deleted on submission and after a day without a change."""

    PLAIN = ("id", "created_at", "updated_at", "phone_digest", "notice_version", "notice_agreed_at")
    PRIVATE = ("front", "back", "portrait")

    updated_at = models.DateTimeField(auto_now=True)
    phone_digest = models.CharField(max_length=26, unique=True)
    notice_version = models.CharField("须知版本", max_length=20)
    notice_agreed_at = models.DateTimeField("同意须知时间")
    front = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    back = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    portrait = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = SecretField("已填内容", null=True)

    class Meta:
        verbose_name = "登记草稿"

    @property
    def values(self) -> dict:
        """Typed and read values."""
        return json.loads(self.sealed.plain) if self.sealed else {}

    @values.setter
    def values(self, values: dict) -> None:
        self.sealed = json.dumps(values, ensure_ascii=False)


class IdentityBatch(Record):
    """One run of the identity check with its counts."""

    PLAIN = ("id", "created_at", "finished_at", "checked", "passed", "failed", "left")
    PRIVATE = ()

    finished_at = models.DateTimeField("完成时间", null=True)
    checked = models.PositiveIntegerField("核验人数", default=0)
    passed = models.PositiveIntegerField("通过", default=0)
    failed = models.PositiveIntegerField("失败", default=0)
    left = models.PositiveIntegerField("待人工", default=0)

    class Meta:
        verbose_name = "身份核验批次"


class PersonItem(Record):
    """One row of a repeating block of the manager form [004] 4-06 … 4-11; `position` keeps the order of entry.

    The form neither shows nor changes the fields of NOT_IN_FORM.
    """

    NOT_IN_FORM: tuple[str, ...] = ()

    person = models.ForeignKey(Person, models.PROTECT, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        abstract = True
        ordering = ["person", "position", "pk"]


class EducationItem(PersonItem):
    PLAIN = ("id", "created_at", "person", "position")
    PRIVATE = ("school", "started_on", "finished_on", "major", "graduated")

    school = models.CharField("就读学校", max_length=60)
    started_on = models.DateField("开始时间", null=True, blank=True)
    finished_on = models.DateField("截止时间", null=True, blank=True)
    major = models.CharField("专业名称", max_length=60, blank=True)
    graduated = models.BooleanField("是否毕业", null=True, blank=True)

    class Meta(PersonItem.Meta):
        verbose_name = "教育经历"


class EmergencyContact(PersonItem):
    PLAIN = ("id", "created_at", "person", "position")
    PRIVATE = ("relation", "name")

    relation = models.CharField("与本人关系", max_length=20)
    name = models.CharField("姓名", max_length=50)
    phone = SecretField("联系电话")

    class Meta(PersonItem.Meta):
        verbose_name = "紧急联系人"


class TrainingItem(PersonItem):
    PLAIN = ("id", "created_at", "person", "position")
    PRIVATE = ("institution", "course", "taken_on", "result")

    institution = models.CharField("培训机构", max_length=60)
    course = models.CharField("课程", max_length=60)
    taken_on = models.DateField("时间", null=True, blank=True)
    result = models.CharField("成绩", max_length=20, blank=True)

    class Meta(PersonItem.Meta):
        verbose_name = "培训经历"


class SkillItem(PersonItem):
    PLAIN = ("id", "created_at", "person", "position")
    PRIVATE = ("name", "level", "issuer", "obtained_on", "note")

    name = models.CharField("职称名称", max_length=60)
    level = models.CharField("等级", max_length=20, blank=True)
    issuer = models.CharField("授予单位", max_length=60, blank=True)
    obtained_on = models.DateField("取得时间", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta(PersonItem.Meta):
        verbose_name = "职称/技能"


class Credential(PersonItem):
    """A certificate of a manager or worker. `name` is a code of the dictionary `credential`, or free text."""

    PLAIN = ("id", "created_at", "person", "position", "valid_from", "valid_until")
    PRIVATE = ("number", "name", "issuer", "note")
    NOT_IN_FORM = ("valid_from",)

    number = models.CharField("证书编号", max_length=60)
    name = models.CharField("证书名称", max_length=60)
    issuer = models.CharField("授予单位", max_length=60, blank=True)
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta(PersonItem.Meta):
        verbose_name = "证书"
        indexes = [
            models.Index(fields=["valid_until"], name="credential_expiry", condition=Q(valid_until__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                name="credential_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="有效期至早于有效期自",
            )
        ]

    def __str__(self):
        return f"{self.person}的{self.label}"

    @property
    def label(self) -> str:
        return dictionaries.label("credential", self.name)


class AwardItem(PersonItem):
    PLAIN = ("id", "created_at", "person", "position")
    PRIVATE = ("name", "issuer", "awarded_on", "note")

    name = models.CharField("奖项名称", max_length=60)
    issuer = models.CharField("颁发部门", max_length=60, blank=True)
    awarded_on = models.DateField("获奖时间", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta(PersonItem.Meta):
        verbose_name = "获奖情况"


PERSON_ITEMS = (EducationItem, EmergencyContact, TrainingItem, SkillItem, Credential, AwardItem)
