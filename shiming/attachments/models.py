"""The papers a company keeps about its people, in pieces as they arrived ([004] 4-14)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shiming.companies.models import Company
from shiming.core.doors import MB
from shiming.core.lifecycle import Lifecycle, Record
from shiming.core.models import StoredFile
from shiming.dictionaries import queries as dictionaries

SOCIAL_PROOF = "社保记录"  # the code of a dictionary entry never changes
LARGEST, LARGEST_PICTURE, QUOTA = 20 * MB, 10 * MB, 200 * MB


class Attachment(Lifecycle):
    """A document that a company keeps about a person, matched by the fingerprint of the ID number.

    So it can be uploaded before the person is registered.
    """

    class Status(models.TextChoices):
        UPLOADING = "uploading", "上传中"
        KEPT = "kept", "已上传"
        REMOVED = "removed", "已删除"

    NEXT = {
        Status.UPLOADING: {Status.KEPT},
        Status.KEPT: {Status.REMOVED},
        Status.REMOVED: {Status.KEPT},
    }
    PLAIN = (
        *("id", "created_at", "version", "company", "id_digest", "kind", "status", "declared", "received", "size"),
        *("media_type", "issued_on", "uploaded_by", "uploaded_at", "expires_at", "removed_at"),
    )
    PRIVATE = ("about", "name")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    id_digest = models.CharField(max_length=26)
    about = models.CharField("姓名", max_length=50, blank=True)
    kind = models.CharField("附件类型", max_length=20)
    name = models.CharField("文件名", max_length=120)
    issued_on = models.DateField("开具日期", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.UPLOADING)
    declared = models.PositiveIntegerField("上传的大小")
    received = models.PositiveIntegerField("已收到", default=0)
    size = models.PositiveIntegerField("大小", null=True, blank=True)
    media_type = models.CharField("格式", max_length=60, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", null=True, blank=True)
    expires_at = models.DateTimeField("续传有效期至")
    removed_at = models.DateTimeField("删除时间", null=True, blank=True)

    class Meta:
        verbose_name = "附件"
        indexes = [
            models.Index(fields=["company", "id_digest", "status"], name="attachments_of_person"),
            models.Index(fields=["expires_at"], name="uploads_open", condition=Q(status="uploading")),
            models.Index(fields=["removed_at"], name="attachments_removed", condition=Q(status="removed")),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_upload_has_a_size_within_the_limit",
                condition=Q(declared__gte=1, declared__lte=LARGEST),
                violation_error_message="文件不能为空，最大 20 MB",
            ),
            models.CheckConstraint(name="no_more_is_received_than_declared", condition=Q(received__lte=F("declared"))),
            models.CheckConstraint(
                name="a_kept_attachment_is_whole",
                condition=Q(status="uploading")
                | Q(received=F("declared"), size__isnull=False, uploaded_at__isnull=False) & ~Q(media_type=""),
            ),
            models.CheckConstraint(
                name="a_removed_attachment_says_when",
                condition=Q(status="removed", removed_at__isnull=False) | ~Q(status="removed") & Q(removed_at=None),
            ),
            models.CheckConstraint(
                name="a_social_proof_has_its_date",
                condition=~Q(kind=SOCIAL_PROOF) | Q(issued_on__isnull=False),
                violation_error_message="社保记录须填写开具日期",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def person(self) -> str:
        """For the words of pages and trail: the name given with the papers."""
        return self.about or "（未登记人员）"

    @property
    def kind_label(self) -> str:
        return dictionaries.label("attachment_type", self.kind)


class Piece(Record):
    """A part of an attachment as an encrypted file of its own, so that neither disk nor memory holds it whole."""

    PLAIN = ("id", "created_at", "attachment", "start", "stored")
    PRIVATE = ()

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField("起点")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "附件的一段"
        ordering = ["attachment", "start"]
        constraints = [models.UniqueConstraint(fields=["attachment", "start"], name="pieces_begin_once")]
