"""Drafts of 个人信息登记; photos and typed fields survive a refusal, a lost connection and a change of phone."""

from base64 import b64encode
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shiming.core import files
from shiming.core.errors import Invalid
from shiming.core.models import StoredFile
from shiming.core.privacy import Secret, blind_index
from shiming.idcard import image_process, ocr, photos
from shiming.people.models import Person, RegistrationDraft

T = TypeVar("T", bound=Model)
SIDES = {"front": "id_front", "back": "id_back", "portrait": "portrait"}
# Recognisable but poor photos: retaking is advised, keeping one leaves the check to the administrator.
USABLE = {"blurred", "dark", "bright", "aspect", "small"}
WRONG_SIDE = _("这一面是国徽面，请翻过来拍人像面")
READ_AS = {"address": "register_address"}


@transaction.atomic
def start_draft(phone: str | Secret, *, notice_version: str, person: Person | None = None) -> RegistrationDraft:
    """Start or resume the draft of this phone; a correction starts from the submitted photos and values."""
    digest = blind_index("phone", phone.plain if isinstance(phone, Secret) else phone)
    agreed = {"notice_version": notice_version, "notice_agreed_at": timezone.now()}
    draft, new = RegistrationDraft.objects.update_or_create(phone_digest=digest, defaults=agreed)
    if new and person is not None:
        draft.front, draft.back, draft.portrait = person.id_front, person.id_back, person.portrait
        draft.values = {"name": person.name, "number": person.id_number.plain}
        draft.save()
    return draft


@transaction.atomic
def keep_draft(draft: T, values: dict) -> T:
    """Save the typed values; values not given stay unchanged."""
    draft = _held(draft)
    draft.values = draft.values | values
    draft.save()
    return draft


def take_photo(draft: RegistrationDraft, side: str, content: bytes) -> RegistrationDraft:
    """Check, clean and store a photo, encrypted, and read the card once both sides exist. Refuses an unusable photo."""
    draft = keep_draft_photo(draft, side, content)
    if side == "front" and not draft.back:
        return _say_wrong_side(draft)
    return read_draft(draft) if draft.front and draft.back and side != "portrait" else draft


def keep_draft_photo(draft: T, side: str, content: bytes) -> T:
    """As `take_photo`, without reading the text of the card; for every draft with sides and `values`."""
    problems = image_process.inspect(content).problems
    for problem in problems:
        if problem.code not in USABLE:
            raise Invalid(str(problem.sentence), next_step=str(problem.advice), field="photo")
    cleaned, mark = image_process.clean(content)
    return _keep_photo(draft, side, cleaned, mark, [str(problem) for problem in problems])


def read_draft(draft: RegistrationDraft) -> RegistrationDraft:
    """Read the text of both sides for the person to check; swapped sides are exchanged."""
    reading = ocr.read_card(files.read(draft.front), files.read(draft.back))
    found = {READ_AS.get(name, name): _text(getattr(reading, name)) for name in reading.crops}
    crops = {READ_AS.get(name, name): b64encode(crop).decode() for name, crop in reading.crops.items()}
    notices = [str(notice) for notice in reading.notices]
    swapped = ocr.NOTICES["swapped"] in reading.notices
    return _keep_reading(draft, {"read": found, "crops": crops, "notices": notices}, swapped)


def _say_wrong_side(draft: RegistrationDraft) -> RegistrationDraft:
    """Say at once that the first photo shows the other side; it may be kept and is exchanged later."""
    if ocr.NOTICES["swapped"] not in ocr.read_card(files.read(draft.front)).notices:
        return draft
    problems = draft.values.get("problems", {})
    return keep_draft(draft, {"problems": problems | {"front": [*problems.get("front", []), str(WRONG_SIDE)]}})


@transaction.atomic
def discard_draft(draft: Model) -> None:
    """Delete a draft, after submission or after a day without changes. Photos that a person uses are kept."""
    taken = [draft.front, draft.back, draft.portrait]
    draft.delete()
    _remove(taken)


@transaction.atomic
def _keep_photo(draft, side, cleaned, mark, problems) -> RegistrationDraft:
    draft = _held(draft)
    values, replaced = draft.values, getattr(draft, side)
    prints = values.get("prints", {})
    if any(photos.similar(mark, known) for other, known in prints.items() if other != side):
        raise Invalid("这与前面拍的是同一张照片", next_step="请把证件翻到另一面再拍", field="photo")
    setattr(draft, side, files.store(cleaned, kind=SIDES[side], media_type="image/jpeg"))
    draft.values = values | {
        "prints": prints | {side: mark},
        "problems": values.get("problems", {}) | {side: problems},
    }
    draft.save()
    _remove([replaced])
    return draft


@transaction.atomic
def _keep_reading(draft, values, swapped) -> RegistrationDraft:
    draft = _held(draft)
    if swapped:
        draft.front, draft.back = draft.back, draft.front
        for name in ("prints", "problems"):
            sides = draft.values.get(name, {})
            values[name] = sides | {"front": sides.get("back"), "back": sides.get("front")}
    draft.values = draft.values | values
    draft.save()
    return draft


def _held(draft: T) -> T:
    """Lock the draft only, not the photos it references."""
    return type(draft)._default_manager.select_for_update().get(pk=draft.pk)


def _text(field) -> str:
    """A day as 2025-06-01; 长期 as an empty text."""
    value = field.value
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _remove(taken: list[StoredFile | None]) -> None:
    for photo in filter(None, taken):
        if not any(Person.objects.filter(**{kind: photo}).exists() for kind in (*SIDES.values(), "card_portrait")):
            files.remove(photo)
