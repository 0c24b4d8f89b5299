"""What can be asked about papers: those of a person, the proof of social insurance (R-27)."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from shiming.attachments.models import SOCIAL_PROOF, Attachment
from shiming.core import files
from shiming.core.refusals import Refusal, unnumbered, worded

Status = Attachment.Status
WARNED_FROM, VALID_DAYS = 45, 60  # days; domain.md §11.6, issue 8 §2


def papers(company_id: UUID, id_digest: str) -> QuerySet[Attachment]:
    """Everything a panel lists, newest first: kept, unfinished, and removed but not yet gone."""
    rows = Attachment.objects.filter(company=company_id, id_digest=id_digest)
    return rows.exclude(status=Status.UPLOADING, expires_at__lte=timezone.now()).order_by("-created_at", "-pk")


def kept(company_id: UUID, id_digest: str) -> QuerySet[Attachment]:
    """What an auditor is shown of a person in a company."""
    return papers(company_id, id_digest).filter(status=Status.KEPT)


def used(company_id: UUID, id_digest: str) -> int:
    """Bytes of the quota: what is kept, and what has been announced."""
    rows = Attachment.objects.filter(company=company_id, id_digest=id_digest).exclude(status=Status.REMOVED)
    taken = Case(When(status=Status.UPLOADING, then=F("declared")), default=F("size"))
    return rows.aggregate(total=Sum(taken))["total"] or 0


def content(attachment: Attachment) -> Iterator[bytes]:
    """The content piece by piece: one piece at a time is decrypted in memory."""
    pieces = list(attachment.pieces.select_related("stored"))
    return (files.read(piece.stored) for piece in pieces)


# Proofs of social security


def social_proof(company_id: UUID, id_digest: str) -> Attachment | None:
    """The newest proof by its date; the newest counts."""
    return _proofs(company_id).filter(id_digest=id_digest).order_by("-issued_on", "-pk").first()


def age(proof: Attachment, on: date | None = None) -> int:
    """Calendar days of Shanghai since the proof was issued."""
    return ((on or timezone.localdate()) - proof.issued_on).days


def proof_refusal(company_id: UUID, id_digest: str, days: int, on: date | None = None) -> Refusal | None:
    """R-27 when there is no proof or the newest is older than `days`: 60 passes, 61 does not."""
    return proof_refusals(company_id, [id_digest], days, on).get(id_digest)


def proof_refusals(company_id: UUID, digests: Iterable[str], days: int, on: date | None = None) -> dict[str, Refusal]:
    """R-27 by fingerprint for those of many people who lack a recent proof. One query."""
    digests = list(digests)
    newest = {proof.id_digest: proof for proof in _newest_proofs(company_id, digests)}
    missing = worded("R-27", f"社保缴费证明须在 {days} 天有效期内，还没有上传")
    found = {key: too_old(newest[key], days, on) if key in newest else missing for key in digests}
    return {key: refusal for key, refusal in found.items() if refusal}


def too_old(proof: Attachment, days: int, on: date | None = None) -> Refusal | None:
    """R-27 for a proof that is there, and a sentence of its own for one of the future."""
    since = age(proof, on)
    if since < 0:
        return unnumbered(f"社保缴费证明的开具日期 {proof.issued_on} 晚于今天", "删除后按证明上的日期重新上传")
    if since > days:
        return worded("R-27", f"社保缴费证明须在 {days} 天有效期内，现有的开具于 {proof.issued_on}，已 {since} 天")
    return None


def proof_warnings(
    company_id: UUID, digests: Iterable[str], days: int = VALID_DAYS, on: date | None = None
) -> dict[str, str]:
    """Of many people in one query: those whose newest proof is in its last days or has run out, with the sentence."""
    newest = _newest_proofs(company_id, list(digests))
    return {proof.id_digest: warning for proof in newest if (warning := _warning(age(proof, on), days))}


def _warning(since: int, days: int) -> str:
    if since > days:
        return f"社保缴费证明已 {since} 天，超过 {days} 天"
    return f"社保缴费证明已 {since} 天，还有 {days - since} 天" if since >= WARNED_FROM else ""


def _newest_proofs(company_id: UUID, digests: list[str]) -> QuerySet[Attachment]:
    rows = _proofs(company_id).filter(id_digest__in=digests).order_by("id_digest", "-issued_on", "-pk")
    return rows.distinct("id_digest")


def _proofs(company_id: UUID) -> QuerySet[Attachment]:
    return Attachment.objects.filter(company=company_id, kind=SOCIAL_PROOF, status=Status.KEPT)
