"""个人信息登记 by the person, and registration by a company that types number and name."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.models import StoredFile
from shiming.core.privacy import Secret, blind_index
from shiming.idcard import image_process, names
from shiming.idcard.number import IdNumber
from shiming.idcard.photos import UnusablePhoto
from shiming.people import rules
from shiming.people.commands.checks import (
    checked_name,
    checked_number,
    checked_phone,
    require_same_name,
    still_processing,
)
from shiming.people.commands.guessing import limited
from shiming.people.models import Person

# Other fields of the card: read or typed, all optional.
CARD_FIELDS = ("ethnicity", "register_address", "issuer", "valid_from", "valid_to")
Photo = bytes | StoredFile
Status = Person.Status


@transaction.atomic
def submit(
    *,
    front: Photo,
    back: Photo | None,
    number: str,
    name: str,
    phone: str | Secret,
    notice_version: str,
    by: Actor,
    portrait: Photo | None = None,
    **fields,
) -> Person:
    """Submit 个人信息登记 by the person; the result is 待核验.

    People who failed or were typed by a company may submit again. R-04 for a verified person, M-01 while a submission
    is being checked, R-07 for another name.
    """
    parsed, name = checked_number(number), checked_name(name)
    phone = checked_phone(phone.plain if isinstance(phone, Secret) else phone)
    if not notice_version:
        raise missing("已阅读填报须知", "agreed")
    person = _whose(parsed, by) or Person(identity_status=Status.PENDING)
    require(rules.may_submit, by, person)
    if not person._state.adding:
        _refuse_repeat(person, parsed, name)
        if person.identity_status != Status.PENDING:
            person.become(Status.PENDING)

    person.identify(parsed, name)
    person.set_phone(phone)
    person.identity_source, person.submitted_on = Person.Source.PHOTOS, timezone.localdate()
    person.failure = person.review_note = ""
    person.notice_version, person.notice_agreed_at = notice_version, timezone.now()
    _take_over(person, front=front, back=back, portrait=portrait, **fields)
    _save_new(person)

    record(Event.PERSON_SUBMITTED, person, by=by, person_id=person.pk, person=person.name)
    return person


@transaction.atomic
def correct_submission(
    person: Person,
    *,
    by: Actor,
    number: str | None = None,
    name: str | None = None,
    front: Photo | None = None,
    back: Photo | None = None,
    portrait: Photo | None = None,
    seen: int | None = None,
    **fields,
) -> Person:
    """Correct photos, number or name while 待核验; the days already waited count. R-04 for another person's number."""
    person = lock(person, seen=seen)
    require(rules.may_submit, by, person)
    if person.identity_status != Status.PENDING:
        raise Conflict(f"人员{person.get_identity_status_display()}，不能再改登记信息")

    parsed = checked_number(number if number is not None else person.id_number.plain)
    holder = Person.by_id_number(parsed.number)
    if holder is not None and holder.pk != person.pk:
        raise Refused("R-04", field="number")
    person.identify(parsed, checked_name(name if name is not None else person.name))
    person.review_note = ""
    _take_over(person, front=front, back=back, portrait=portrait, **fields)
    _save_new(person)

    record(Event.PERSON_CHANGED, person, by=by, person_id=person.pk, person=person.name, fields="登记信息")
    return person


@limited
@transaction.atomic
def register_typed(*, number: str | IdNumber, name: str, by: Actor) -> Person:
    """Register number and name typed by a company: a new person is 待核验, a known one must have this name (R-07)."""
    require(rules.may_register, by)
    return person_typed(number, name, by)


def person_typed(number: str | IdNumber, name: str, by: Actor) -> Person:
    """Find or register a person without a rule check: the calling command has its own."""
    parsed = number if isinstance(number, IdNumber) else checked_number(number)
    name = checked_name(name)
    if known := _known(parsed):
        require_same_name(known, name)
        return known

    person = Person(identity_status=Status.PENDING, identity_source=Person.Source.TYPED)
    person.identify(parsed, name)
    person.submitted_on = timezone.localdate()
    _save_new(person)

    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id}
    record(Event.PERSON_REGISTERED, person, by=by, **scope, person=person.name)
    return person


@transaction.atomic
def correct_typed_name(person: Person, name: str, *, by: Actor) -> Person:
    """A slip of the company that typed the name, before the identity check: R-07 once it is more than typed."""
    person = lock(person)
    require(rules.may_change_profile, by, person)
    if names.same_name(person.name, name):
        return person
    if person.identity_status != Status.PENDING or person.identity_source != Person.Source.TYPED:
        raise Refused("R-07", field="name")
    before, name = person.name, checked_name(name)
    person.identify(checked_number(person.id_number.plain), name)
    person.save()
    scope = {"person_id": person.pk, "company_id": by.company_id}
    changed = {"fields": "姓名", "before": {"name": before}, "after": {"name": name}}
    record(Event.PERSON_CHANGED, person, by=by, person=person.name, **scope, **changed)
    return person


def keep_photo(photo: Photo, kind: str) -> StoredFile:
    """Store a photo encrypted, without metadata of place and author."""
    if isinstance(photo, StoredFile):
        return photo
    try:
        cleaned, _ = image_process.clean(photo)
    except UnusablePhoto as unusable:
        problem = unusable.problem
        raise Invalid(str(problem.sentence), next_step=str(problem.advice), field="photo") from unusable
    return files.store(cleaned, kind=kind, media_type="image/jpeg")


def _known(parsed: IdNumber) -> Person | None:
    person = Person.by_id_number(parsed.number)
    return lock(person) if person else None


def check_identity(*, number: str, name: str, by: Actor) -> None:
    """Raise the refusal that `submit` would raise for this number and name; changes nothing."""
    parsed, name = checked_number(number), checked_name(name)
    person = _whose(parsed, by)
    if person is None:
        return
    require(rules.may_submit, by, person)
    if by.person_id != person.pk or person.verified:  # one's own pending registration may be corrected
        _refuse_repeat(person, parsed, name)


@transaction.atomic
def _whose(parsed: IdNumber, by: Actor) -> Person | None:
    """The person with this number, else the logged-in person, whose number may have been wrong."""
    known = _known(parsed)
    if by.role is not Role.PERSON:
        return known
    if known is not None and known.pk != by.person_id:
        raise Refused("R-04", field="number")
    return known or Person.objects.select_for_update().filter(pk=by.person_id).first()


def _refuse_repeat(person: Person, parsed: IdNumber, name: str) -> None:
    """Raise R-04 for a verified person, M-01 for one whose photos are being checked, R-07 for another name."""
    same_number = person.id_digest == blind_index("id_number", parsed.number)
    if same_number and person.identity_status != Status.FAILED:
        require_same_name(person, name)
    if person.verified:
        raise Refused("R-04", field="number")
    if person.identity_status == Status.PENDING and person.id_front_id:
        raise still_processing(person)


def _take_over(person: Person, *, front, back, portrait, **fields) -> None:
    for name in fields:
        if name not in CARD_FIELDS:
            raise TypeError(f"登记不接受 {name}")
    for name, value in fields.items():
        setattr(person, name, value)
    for kind, photo in (("id_front", front), ("id_back", back), ("portrait", portrait)):
        if photo is not None:
            setattr(person, kind, keep_photo(photo, kind))


def _save_new(person: Person) -> None:
    """Raise R-04 when a parallel request registered the same number first."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as race:
        raise Refused("R-04", field="number") from race
