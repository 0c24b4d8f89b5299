"""What every phone form of a poster does with a number: it looks for no person, so nothing about one can be learned."""

from typing import TypeVar

from django.utils import timezone

from shiming.binding.models import ScannedForm
from shiming.core import keys
from shiming.core.limits import one_at_a_time
from shiming.core.privacy import blind_index
from shiming.people.commands.checks import checked_name, checked_number, checked_phone
from shiming.projects.models import Participation

F = TypeVar("F", bound=ScannedForm)


def filled(
    kind: type[F],
    place: Participation,
    *,
    name: str,
    id_number: str,
    phone: str,
    values: dict[str, str],
    notice_version: str,
) -> F:
    """The open form of this number at this place, held until the transaction ends, or a new one, with what was typed.
    The caller saves."""
    number = checked_number(id_number)
    digest = blind_index("id_number", number.number)
    one_at_a_time(f"self_form:{place.pk}:{digest}")
    form = kind.objects.select_for_update().filter(participation=place, id_digest=digest, status="open").first()
    if form is None:
        form = kind(participation=place, id_digest=digest, receipt=_receipt(place, digest), times=0)
    form.name, form.id_number, form.phone = checked_name(name), number.number, checked_phone(phone)
    form.values = values
    form.sent_at, form.times = timezone.now(), form.times + 1
    form.notice_version, form.notice_agreed_at = notice_version, timezone.now()
    return form


def _receipt(place: Participation, digest: str) -> str:
    """Twelve digits, the same for the same number at the same place, so that a paper with it stays good and a new one
    says nothing about an older form."""
    drawn = int.from_bytes(keys.digest("posters", f"receipt:{place.pk}:{digest}"), "big")
    return f"{drawn % 10**12:012d}"
