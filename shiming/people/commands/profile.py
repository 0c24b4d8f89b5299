"""Changes of personal data. Identity fields come from the card and are only checked again, never edited."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import NotAllowed, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import Secret, SecretField
from shiming.people import rules
from shiming.people.changes import apply
from shiming.people.commands.checks import checked_phone
from shiming.people.commands.submission import Photo, keep_photo
from shiming.people.models import Person

PROFILE = (
    *("former_name", "ethnicity", "native_place", "household_type", "household_place", "register_address"),
    *("residence", "residence_detail", "issuer", "valid_from", "valid_to", "marital_status", "political_status"),
    *("education", "education_type", "degree"),
)

PHOTOS = {"id_front": "身份证人像面", "id_back": "身份证国徽面", "portrait": "正证照"}


@transaction.atomic
def update_profile(person: Person, *, by: Actor, seen: int | None = None, **fields) -> Person:
    """Change fields of PROFILE; no trail entry without a change. R-43 when `seen` is not the current version."""
    person = lock(person, seen=seen)
    require(rules.may_change_profile, by, person)
    if unknown := fields.keys() - set(PROFILE):
        raise TypeError(f"资料里没有 {unknown}")

    if changes := apply(person, {name: _typed(name, value) for name, value in fields.items()}):
        person.save()
        _record(person, by, str(changes), before=changes.before, after=changes.after)
    return person


@transaction.atomic
def change_phone(person: Person, phone: str, *, by: Actor, reason: str = "") -> Person:
    """Change the phone, which is the login of 个人端.

    Only the person, with the new number proved, or the administrator, with a reason (R-10); R-42 for others.
    """
    person = lock(person)
    if by.role is not Role.SYS_ADMIN and not rules.may_submit(by, person):
        raise NotAllowed(contact="本人或系统管理员")
    if by.role is Role.SYS_ADMIN and not reason.strip():
        raise missing("原因", "reason")
    phone = checked_phone(phone)
    if person.phone and person.phone.plain == phone:
        return person

    before = {"phone": str(person.phone or "")}
    person.set_phone(phone)
    person.save()

    _record(person, by, "手机号", before=before, after={"phone": str(person.phone)}, reason=reason.strip()[:200])
    return person


@transaction.atomic
def set_portrait(person: Person, photo: Photo, *, by: Actor) -> Person:
    """Set the portrait, which is compared with the person at the entry."""
    person = lock(person)
    require(rules.may_change_profile, by, person)

    person.portrait = keep_photo(photo, "portrait")
    person.save(update_fields=["portrait"])

    _record(person, by, "头像")
    return person


@transaction.atomic
def keep_photos(person: Person, photos: dict[str, Photo], *, by: Actor) -> Person:
    """Store both sides of the ID card and 正证照 [004] 4-13. The card of a verified person is not exchanged."""
    person = lock(person)
    require(rules.may_change_profile, by, person)
    taken = {kind: photo for kind, photo in photos.items() if kind == "portrait" or not person.verified}
    for kind, photo in taken.items():
        setattr(person, kind, keep_photo(photo, kind))
    if taken:
        person.save()
        _record(person, by, "、".join(PHOTOS[kind] for kind in taken))
    return person


def _record(person, by, fields, **what) -> None:
    record(
        Event.PERSON_CHANGED,
        person,
        by=by,
        person_id=person.pk,
        company_id=by.company_id,
        person=person.name,
        fields=fields,
        **what,
    )


def _typed(name: str, value):
    """The value for the column: an emptied secret becomes NULL."""
    if isinstance(Person._meta.get_field(name), SecretField):
        return Secret(value) if value else None
    return value
